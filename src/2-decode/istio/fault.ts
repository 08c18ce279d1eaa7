import type * as istio from '../../istio/index.ts';
import { checked, type Decoder, int32, string } from '../decoder.ts';
import { isWritten, object } from '../object.ts';
import { checkStatus } from './direct-response.ts';
import { duration, percentWithin } from './values.ts';

/** @see https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
const grpcStatuses: ReadonlySet<string> = new Set([
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]);

/** Envoy counts in millionths. */
const percentage = percentWithin(
  value => value === 0 || (value >= 0.0001 && value <= 100),
  '0, or 0.0001 to 100',
);

/** @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection */
export const fault: Decoder<istio.HTTPFaultInjection> = object<istio.HTTPFaultInjection>(
  {
    delay: object<istio.FaultDelay>(
      {
        percent: int32,
        fixedDelay: duration,
        exponentialDelay: checked(duration, (_, at) => at.report('fault-not-supported', { field: at.name })),
        percentage,
      },
      { exclusive: ['fixedDelay', 'exponentialDelay'] },
    ),
    abort: object<istio.FaultAbort>(
      {
        httpStatus: checked(int32, checkStatus),
        grpcStatus: checked(string, (status, at) => {
          if (!grpcStatuses.has(status))
            at.report('value-not-allowed', {
              field: at.name,
              value: status,
              values: [...grpcStatuses].join(', '),
            });
        }),
        http2Error: checked(string, (_, at) => at.report('fault-not-supported', { field: at.name })),
        percentage,
      },
      {
        exclusive: ['httpStatus', 'grpcStatus', 'http2Error'],
        removed: {
          percent: {
            was: 'the share of requests in whole percents',
            now: 'Write `percentage` with a `value`; without it every request is aborted.',
          },
        },
      },
    ),
  },
  {
    check: (_, at, node) => {
      if (!isWritten(node, 'delay') && !isWritten(node, 'abort'))
        at.report('field-empty', { field: at.name, wanted: 'a `delay` or an `abort`' });
    },
  },
);
