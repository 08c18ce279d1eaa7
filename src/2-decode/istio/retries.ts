import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { boolean, checked, type Decoder, int32, string } from '../decoder.ts';
import { isWritten, object } from '../object.ts';
import { duration } from './values.ts';

/** @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (supportedRetryOnPolicies) */
const policies: ReadonlySet<string> = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

/** The status codes that Go has a name for. */
const statuses = /^[+]?0*(?:10[0-3]|20[0-8]|226|30[0-578]|40[0-9]|41[0-8]|42[1-689]|431|451|50[0-8]|51[01])$/;

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
export const retries: Decoder<istio.HTTPRetry> = object<istio.HTTPRetry>(
  {
    attempts: checked(int32, (attempts, at) => {
      if (attempts < 0) at.report('count-negative', { field: at.name, value: attempts });
    }),
    perTryTimeout: duration,
    retryOn: checked(string, checkRetryOn),
    retryRemoteLocalities: boolean,
    retryIgnorePreviousHosts: boolean,
    backoff: duration,
  },
  {
    removed: {
      simpleRetry: {
        was: 'the wrapper of the v1alpha2 API',
        now: 'Write `attempts` and `perTryTimeout` right here.',
      },
    },
    check: (value, at, node) => {
      if (value.attempts === undefined ? !isWritten(node, 'attempts') : value.attempts === 0)
        checkDisabled(value, at);
    },
  },
);

/** Without `attempts` there are none. */
function checkDisabled({ perTryTimeout, retryOn, retryRemoteLocalities }: istio.HTTPRetry, at: Cursor): void {
  const field =
    perTryTimeout !== undefined
      ? 'perTryTimeout'
      : retryOn
        ? 'retryOn'
        : retryRemoteLocalities !== undefined
          ? 'retryRemoteLocalities'
          : undefined;
  if (field !== undefined) at.report('retries-disabled', { field });
}

/** istiod does not take white space away. */
function checkRetryOn(retryOn: string, at: Cursor): void {
  if (retryOn === '') return;
  for (const policy of retryOn.split(','))
    if (!policies.has(policy) && !statuses.test(policy)) at.report('retry-on-invalid', { policy });
}
