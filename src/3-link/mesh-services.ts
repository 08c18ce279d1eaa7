import { isSubsetOfHost, isWildcard } from './hostname.ts';
import { type ShownMeshConfig, settingAt } from './mesh-config.ts';

/** A Service as MeshConfig tells it from others. */
export interface SettledService {
  /** The full name. */
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A setting of MeshConfig that is for some Services. */
export type ServiceSetting = 'serviceSettings' | 'serviceScopeConfigs';

/**
 * @returns the settings that MeshConfig has for one of two Services and not for the other, so that clients of other clusters reach only
 * one of them
 * @see istio.io/istio/pilot/pkg/model/cluster_local.go
 * @see istio.io/istio/pilot/pkg/serviceregistry/ambient/services.go, matchServiceScope
 */
export function settingsThatDiffer(
  meshConfigs: readonly ShownMeshConfig[],
  one: SettledService,
  other: SettledService,
): readonly ServiceSetting[] {
  const differs = {
    serviceSettings: isClusterLocal(meshConfigs, one.host) !== isClusterLocal(meshConfigs, other.host),
    serviceScopeConfigs: isGlobal(meshConfigs, one.labels) !== isGlobal(meshConfigs, other.labels),
  };
  return (['serviceSettings', 'serviceScopeConfigs'] as const).filter(setting => differs[setting]);
}

/** The closest host decides. */
function isClusterLocal(meshConfigs: readonly ShownMeshConfig[], host: string): boolean {
  const found = meshConfigs
    .flatMap(({ config }) => listAt(config, 'serviceSettings'))
    .flatMap(setting =>
      listAt(setting, 'hosts').map(name => ({
        name: String(name),
        isLocal: settingAt(setting, 'settings', 'clusterLocal') === true,
      })),
    )
    .filter(({ name }) => isSubsetOfHost(host, name))
    .toSorted(
      (a, b) => Number(isWildcard(a.name)) - Number(isWildcard(b.name)) || b.name.length - a.name.length,
    );
  return found[0]?.isLocal ?? false;
}

/** Expressions are taken to match nothing but what they name: a label that a Service has, whatever its value. */
function isGlobal(meshConfigs: readonly ShownMeshConfig[], labels: SettledService['labels']): boolean {
  return meshConfigs
    .flatMap(({ config }) => listAt(config, 'serviceScopeConfigs'))
    .some(scope => {
      if (settingAt(scope, 'scope') !== 'GLOBAL') return false;
      const selector = settingAt(scope, 'servicesSelector');
      const named = Object.entries(settingAt(selector, 'matchLabels') ?? {});
      const expressions = listAt(selector, 'matchExpressions');
      return (
        named.every(([key, value]) => labels[key] === value) &&
        expressions.every(expression => Object.hasOwn(labels, String(settingAt(expression, 'key'))))
      );
    });
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = settingAt(value, key);
  return Array.isArray(found) ? found : [];
}
