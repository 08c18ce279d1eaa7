import { parse } from 'yaml';
import type { AnyResource } from '../2-decode/resource.ts';
import { refOf } from '../diagnostics/resource-ref.ts';

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
  return resources.flatMap(resource => configsIn(resource).map(config => ({ config, resource })));
}

function configsIn(resource: AnyResource): readonly MeshConfig[] {
  switch (resource.type) {
    case 'core.ConfigMap': {
      const text = /^istio(?:-|$)/.test(resource.name) ? resource.spec.data?.['mesh'] : undefined;
      const config = text === undefined ? undefined : mappingIn(text);
      return config === undefined ? [] : [config];
    }
    case 'istio.IstioOperator':
    case 'other.Object': {
      const own = resource.type === 'istio.IstioOperator' ? resource.spec.meshConfig : undefined;
      const ofValues = asMapping(settingAt(resource.spec, 'values', 'meshConfig'));
      return [own, ofValues].filter(config => config !== undefined);
    }
    default:
      return [];
  }
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
