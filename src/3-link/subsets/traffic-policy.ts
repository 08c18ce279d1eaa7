import type * as istio from '../../istio/index.ts';

/** The settings of one cluster, after root, port and subset were put together. */
export type EffectivePolicy = Omit<istio.TrafficPolicy, 'portLevelSettings'>;

/**
 * Merges a DestinationRule's policy with a subset's, for one port: field by field, and a port's entry replaces its four
 * fields outright, absent ones included.
 *
 * @see istio.io/istio/pilot/pkg/networking/util/util.go, MergeTrafficPolicy
 */
export function mergeTrafficPolicy(
  root: istio.TrafficPolicy | undefined,
  subset: istio.TrafficPolicy | undefined,
  port: number,
): EffectivePolicy {
  return applyPolicy(applyPolicy({}, root, port), subset, port);
}

function applyPolicy(
  base: EffectivePolicy,
  over: istio.TrafficPolicy | undefined,
  port: number,
): EffectivePolicy {
  if (over === undefined) return base;
  const { portLevelSettings, ...own } = over;
  const merged: EffectivePolicy = { ...base, ...own };
  const ofPort = portLevelSettings?.find(settings => settings.port?.number === port);
  if (ofPort === undefined) return merged;
  const { connectionPool: _a, outlierDetection: _b, loadBalancer: _c, tls: _d, ...rest } = merged;
  const { port: _port, ...settings } = ofPort;
  return { ...rest, ...settings };
}

/**
 * One policy that gives every port what a root policy and a subset's policy give it together.
 *
 * @returns undefined when nothing is set
 */
export function mergedPolicyOf(
  root: istio.TrafficPolicy | undefined,
  subset: istio.TrafficPolicy | undefined,
): istio.TrafficPolicy | undefined {
  const ports = [...(root?.portLevelSettings ?? []), ...(subset?.portLevelSettings ?? [])].flatMap(
    ({ port }) => port?.number ?? [],
  );
  const elsewhere = mergeTrafficPolicy(root, subset, -1);
  const portLevelSettings = [...new Set(ports)].map(number => {
    const { connectionPool, outlierDetection, loadBalancer, tls, ...others } = mergeTrafficPolicy(
      root,
      subset,
      number,
    );
    return {
      port: { number },
      ...(loadBalancer === undefined ? {} : { loadBalancer }),
      ...(connectionPool === undefined ? {} : { connectionPool }),
      ...(outlierDetection === undefined ? {} : { outlierDetection }),
      ...(tls === undefined ? {} : { tls }),
      ...ofPortAlone(others, elsewhere),
    };
  });
  const policy = { ...elsewhere, ...(portLevelSettings.length === 0 ? {} : { portLevelSettings }) };
  return Object.keys(policy).length === 0 ? undefined : policy;
}

/** Fields newer than this program, as far as the settings of a port have them; those of all ports stay where they are. */
function ofPortAlone(ofPort: object, elsewhere: EffectivePolicy): object {
  const everywhere: ReadonlyMap<string, unknown> = new Map(Object.entries(elsewhere));
  return Object.fromEntries(Object.entries(ofPort).filter(([name, value]) => everywhere.get(name) !== value));
}
