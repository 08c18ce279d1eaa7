import {
  helmValuesIn,
  type Mapping,
  type MeshSettings,
  mappingIn,
  meshSettingsIn,
} from '../2-decode/helm-values.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { refOf } from '../diagnostics/resource-ref.ts';
import { remember } from '../yaml/remember.ts';

/** Settings of the mesh, as they are written. */
export type MeshConfig = Mapping;

/** A MeshConfig of the input and the object that has it. */
export interface ShownMeshConfig {
  readonly config: MeshConfig;
  readonly resource: AnyResource;
}

/**
 * @returns what the input tells of MeshConfig: ConfigMaps of istiod (`istio`, `istio-REVISION`), IstioOperators, and values of
 * Helm, wherever they are written
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
 */
export const meshConfigs = remember((resources: readonly AnyResource[]): readonly ShownMeshConfig[] =>
  resources.flatMap(resource => configsIn(resource).map(config => ({ config, resource }))),
);

function configsIn(resource: AnyResource): readonly MeshConfig[] {
  const ofValues = helmSettingsOf(resource)
    .map(({ meshConfig }) => meshConfig)
    .filter(config => config !== undefined);
  if (resource.type === 'istio.IstioOperator') {
    const { meshConfig } = resource.spec;
    return meshConfig === undefined ? ofValues : [meshConfig, ...ofValues];
  }
  if (resource.type !== 'core.ConfigMap' || !/^istio(?:-|$)/.test(resource.name)) return ofValues;
  const text = resource.spec.data?.['mesh'];
  const config = text === undefined ? undefined : mappingIn(text);
  return config === undefined ? ofValues : [config, ...ofValues];
}

/** @returns what values of Helm in an object say of the mesh; a HelmRelease can have them in a ConfigMap, by any key */
export function helmSettingsOf(resource: AnyResource): readonly MeshSettings[] {
  switch (resource.type) {
    case 'core.ConfigMap':
    case 'istio.IstioOperator':
    case 'argo.Application':
    case 'kustomize.Kustomization':
    case 'other.Object':
      return settingsIn(resource);
    default:
      return [];
  }
}

/** Worked out once, since each setting is asked for by itself, and a ConfigMap may hold many texts. */
const settingsIn = remember((resource: ResourceWithValues) =>
  valuesOf(resource).flatMap(values => meshSettingsIn(values)),
);

type ResourceWithValues = Extract<
  AnyResource,
  {
    readonly type:
      | 'core.ConfigMap'
      | 'istio.IstioOperator'
      | 'argo.Application'
      | 'kustomize.Kustomization'
      | 'other.Object';
  }
>;

function valuesOf(resource: ResourceWithValues): readonly Mapping[] {
  if (resource.type !== 'core.ConfigMap') return helmValuesIn(resource.spec);
  return Object.values(resource.spec.data ?? {})
    .filter(text => /\b(?:meshConfig|istioNamespace)\b/.test(text))
    .map(mappingIn)
    .filter(values => values !== undefined);
}

/**
 * @returns to which namespaces MeshConfig exports Services and ServiceEntries that say nothing of it; undefined for all of them
 * @see istio.io/istio/pilot/pkg/model/push_context.go, initDefaultExportMaps, serviceExportTo
 */
export function serviceExportToOf(resources: readonly AnyResource[]): readonly string[] | undefined {
  return exportToOf(resources, 'defaultServiceExportTo');
}

/**
 * @returns to which namespaces MeshConfig exports VirtualServices that say nothing of it, and all routes; undefined for all
 * @see istio.io/istio/pilot/pkg/model/virtualservice_controller.go, NewVirtualServiceController
 */
export function virtualServiceExportToOf(resources: readonly AnyResource[]): readonly string[] | undefined {
  return exportToOf(resources, 'defaultVirtualServiceExportTo');
}

/** @returns the same for DestinationRules, of which istiod only honours `.` and `*` (push_context.go, setDestinationRules) */
export function destinationRuleExportToOf(resources: readonly AnyResource[]): readonly string[] | undefined {
  return exportToOf(resources, 'defaultDestinationRuleExportTo');
}

function exportToOf(
  resources: readonly AnyResource[],
  setting: 'defaultServiceExportTo' | 'defaultVirtualServiceExportTo' | 'defaultDestinationRuleExportTo',
): readonly string[] | undefined {
  const written = meshConfigs(resources)
    .map(({ config }) => config[setting])
    .find(value => Array.isArray(value));
  const names = Array.isArray(written) ? written.map(String) : [];
  return names.length === 0 || names.includes('*') ? undefined : names;
}

/** @returns an object that has a MeshConfig, for people: `KIND NAMESPACE/NAME`, or the path of a file of values */
export function nameOfSource(resource: AnyResource): string {
  const { kind, namespace, name } = refOf(resource);
  // A file of values has no kind of its own.
  return resource.apiVersion === '' ? name : `${kind} ${namespace}/${name}`;
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
