import type { AnyResource } from '../2-decode/resource.ts';
import { meshConfigs, nameOfSource, type ShownMeshConfig, settingAt } from './mesh-config.ts';

/** The namespace of Istio's own installation: its charts put istiod and gateways there. */
export const installationNamespace = 'istio-system';

/** `rootNamespace` of MeshConfig where nothing sets it (pkg/config/mesh/mesh.go, DefaultMeshConfig). */
const usualRootNamespace = installationNamespace;

/** A `rootNamespace` that is written, and where. */
export interface WrittenRootNamespace {
  readonly value: string;
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

/** @returns the `rootNamespace` of each MeshConfig of the input that has one */
export function writtenRootNamespaces(resources: readonly AnyResource[]): readonly WrittenRootNamespace[] {
  return meshConfigs(resources).flatMap(({ config, resource }: ShownMeshConfig) => {
    const value = settingAt(config, 'rootNamespace');
    if (typeof value !== 'string' || value === '') return [];
    return [{ value, object: nameOfSource(resource), resource }];
  });
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
      ? { value: first.value, words: `rootNamespace ${first.value} of ${first.object}` }
      : { value: given, words: `--root-namespace ${given}` };
  const written = [first, ...more].find(({ value }) => value !== counts.value);
  return written === undefined ? undefined : { counts: counts.words, written };
}
