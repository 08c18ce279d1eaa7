import { parse } from 'yaml';
import { type AnyResource, isType } from '../2-decode/resource.ts';

/** Settings of the mesh, as they are written. */
export type MeshConfig = Readonly<Record<string, unknown>>;

/** A MeshConfig of the input and the object that has it. */
export interface ShownMeshConfig {
  readonly config: MeshConfig;
  readonly resource: AnyResource;
}

/**
 * @returns what the input tells of MeshConfig: ConfigMaps of istiod (`istio`, `istio-REVISION`), IstioOperators, and values of
 * Helm in an IstioOperator, an `Istio` of the Sail operator, a HelmRelease or a file of values
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
 */
export function meshConfigs(resources: readonly AnyResource[]): readonly ShownMeshConfig[] {
  const ofMaps = resources
    .filter(isType('core.ConfigMap'))
    .flatMap((resource): readonly ShownMeshConfig[] => {
      const text = /^istio(?:-|$)/.test(resource.name) ? resource.spec.data?.['mesh'] : undefined;
      const config = text === undefined ? undefined : mappingIn(text);
      return config === undefined ? [] : [{ config, resource }];
    });
  const ofOperators = resources
    .filter(isType('istio.IstioOperator'))
    .flatMap((resource): readonly ShownMeshConfig[] =>
      resource.spec.meshConfig === undefined ? [] : [{ config: resource.spec.meshConfig, resource }],
    );
  const ofValues = resources
    .filter(one => isType('istio.IstioOperator')(one) || isType('other.Object')(one))
    .flatMap((resource): readonly ShownMeshConfig[] => {
      const config = asMapping(settingAt(resource.spec, 'values', 'meshConfig'));
      return config === undefined ? [] : [{ config, resource }];
    });
  return [...ofMaps, ...ofOperators, ...ofValues];
}

/** @returns a text of YAML or JSON as a mapping; undefined for one that is none */
export function mappingIn(text: string): MeshConfig | undefined {
  try {
    return asMapping(parse(text));
  } catch {
    return undefined;
  }
}

/** @returns the value at some keys; undefined where one of them is missing */
export function settingAt(config: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => asMapping(value)?.[key], config);
}

function asMapping(value: unknown): MeshConfig | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as MeshConfig)
    : undefined;
}
