import type { AnyResource } from '../2-decode/resource.ts';
import { admission } from '../admission/admission.ts';
import type { NewDefault } from '../admission/schema.ts';
import { ownValue } from '../yaml/own-value.ts';
import { isRecord } from '../yaml/yaml-node.ts';
import type { Target } from './admit.ts';

/**
 * Puts defaults in place that the API server would, where only some releases have them: from 1.7 on `retry.attempts` is 1
 * where a route does not say, and before it is not set. Defaults that all releases have are known to whoever reads a route.
 *
 * @returns the objects; those that change nothing are the same
 */
export function withCrdDefaults(
  resources: readonly AnyResource[],
  { gatewayApi, channel }: Target,
): readonly AnyResource[] {
  if (!resources.some(({ type }) => type.startsWith('gateway.'))) return resources;
  const here = admission.head.newDefaults.filter(({ bundles }) =>
    bundles.includes(`${gatewayApi} ${channel}`),
  );
  if (here.length === 0) return resources;
  return resources.map(resource =>
    here
      .filter(({ kind }) => resource.type === `gateway.${kind}`)
      .reduce<AnyResource>(
        (changed, { path, value }: NewDefault) => withDefault(changed, path, value) as AnyResource,
        resource,
      ),
  );
}

function withDefault(value: unknown, [part, ...rest]: readonly string[], given: unknown): unknown {
  if (part === undefined) return value;
  if (part === '*') return Array.isArray(value) ? value.map(item => withDefault(item, rest, given)) : value;
  if (!isRecord(value)) return value;
  const own = ownValue(value, part);
  if (rest.length === 0) return own === undefined ? { ...value, [part]: given } : value;
  return own === undefined ? value : { ...value, [part]: withDefault(own, rest, given) };
}
