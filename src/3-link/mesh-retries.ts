import type * as istio from '../istio/index.ts';
import { type ShownMeshConfig, settingAt } from './mesh-config.ts';

type Read = (value: unknown) => string | number | boolean | undefined;

const text: Read = value => (typeof value === 'string' ? value : undefined);
const count: Read = value => (typeof value === 'number' ? value : undefined);
const truth: Read = value => (typeof value === 'boolean' ? value : undefined);

const readers: Readonly<Record<keyof istio.HTTPRetry, Read>> = {
  attempts: count,
  perTryTimeout: text,
  retryOn: text,
  retryRemoteLocalities: truth,
  retryIgnorePreviousHosts: truth,
  backoff: text,
};

/**
 * @returns each `defaultHttpRetryPolicy` that a MeshConfig of the input sets: the retries of entries and rules that say nothing of
 * retries, and of hosts without any; one without `attempts` switches them off
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, applyHTTPRouteDestination, BuildDefaultHTTPOutboundRoute
 */
export function defaultRetriesIn(meshConfigs: readonly ShownMeshConfig[]): readonly istio.HTTPRetry[] {
  return meshConfigs.flatMap(({ config }) => {
    const policy = config['defaultHttpRetryPolicy'];
    if (typeof policy !== 'object' || policy === null) return [];
    return Object.fromEntries(
      Object.entries(readers).flatMap(([field, read]) => {
        const value = read(settingAt(policy, field));
        return value === undefined ? [] : [[field, value]];
      }),
    ) as istio.HTTPRetry;
  });
}
