import { isInstallation } from '../2-decode/neighbour.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { helmSettingsOf, meshConfigs, nameOfSource, type ShownMeshConfig, settingAt } from './mesh-config.ts';

/** The namespace of Istio's own installation: its charts put istiod and gateways there. */
export const installationNamespace = 'istio-system';

/** `rootNamespace` of MeshConfig where nothing sets it (pkg/config/mesh/mesh.go, DefaultMeshConfig). */
const usualRootNamespace = installationNamespace;

/** A root namespace that is written, and where. */
export interface WrittenRootNamespace {
  readonly value: string;
  /** The chart of istiod takes `global.istioNamespace` where nothing sets `rootNamespace`. */
  readonly setting: 'rootNamespace' | 'global.istioNamespace' | 'spec.namespace';
  /** The object, as `KIND NAMESPACE/NAME`, or the path of a file of values. */
  readonly object: string;
  readonly resource: AnyResource;
}

/**
 * The namespace whose DestinationRules, Sidecars, EnvoyFilters and policies are for the whole mesh.
 *
 * @param given by `--root-namespace`, which takes precedence
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-root_namespace
 */
export function rootNamespaceOf(resources: readonly AnyResource[], given?: string): string {
  return given ?? writtenRootNamespaces(resources)[0]?.value ?? usualRootNamespace;
}

/**
 * @returns the `rootNamespace` of each MeshConfig of the input that has one; where none has, each `global.istioNamespace` in values
 * of Helm but the usual one, which charts have by default
 * @see istio.io/istio/manifests/charts/istio-control/istio-discovery/templates/configmap.yaml
 */
export function writtenRootNamespaces(resources: readonly AnyResource[]): readonly WrittenRootNamespace[] {
  const written = meshConfigs(resources).flatMap(({ config, resource }: ShownMeshConfig) => {
    const value = settingAt(config, 'rootNamespace');
    if (typeof value !== 'string' || value === '') return [];
    return [{ value, setting: 'rootNamespace', object: nameOfSource(resource), resource } as const];
  });
  return written.length > 0 ? written : resources.flatMap(ofInstallation);
}

function ofInstallation(resource: AnyResource): readonly WrittenRootNamespace[] {
  // The Sail operator sets the value to its own namespace (sail-operator, pkg/istiovalues/overrides.go).
  const isOfOperator = isInstallation(resource);
  const setting = isOfOperator ? 'spec.namespace' : 'global.istioNamespace';
  const values = isOfOperator
    ? [settingAt(resource.spec, 'namespace')]
    : helmSettingsOf(resource).map(({ istioNamespace }) => istioNamespace);
  return values.flatMap(value =>
    typeof value !== 'string' || value === '' || value === usualRootNamespace
      ? []
      : [{ value, setting, object: nameOfSource(resource), resource } as const],
  );
}

/** Two statements about the root namespace that cannot both be true. */
export interface RootNamespaceContradiction {
  /** The one that counts, in words: the flag, or the field of another object. */
  readonly counts: string;
  readonly written: WrittenRootNamespace;
}

/** @returns what contradicts the flag; without a flag, what contradicts the first MeshConfig that has the field */
export function rootNamespaceContradiction(
  resources: readonly AnyResource[],
  given: string | undefined,
): RootNamespaceContradiction | undefined {
  const [first, ...more] = writtenRootNamespaces(resources);
  if (first === undefined) return undefined;
  const counts =
    given === undefined
      ? { value: first.value, words: `${first.setting} ${first.value} of ${first.object}` }
      : { value: given, words: `--root-namespace ${given}` };
  const written = [first, ...more].find(({ value }) => value !== counts.value);
  return written === undefined ? undefined : { counts: counts.words, written };
}
