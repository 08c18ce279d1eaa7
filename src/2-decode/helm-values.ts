import { parse } from 'yaml';
import { isRecord } from '../yaml/yaml-node.ts';

/** A mapping of YAML or JSON. */
export type Mapping = Readonly<Record<string, unknown>>;

/** Charts that have others as dependencies pass values down by the names of these; nobody nests more of them. */
const depthOfCharts = 4;

/**
 * Finds the values of Helm in an object: `values` of an IstioOperator, an `Istio` of the Sail operator or a HelmRelease, sources of
 * an Application of Argo CD and of the template of an ApplicationSet, charts of a kustomization.
 *
 * @param spec of the object; a kustomization has its fields at the top
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
 */
export function helmValuesIn(spec: unknown): readonly Mapping[] {
  if (!isRecord(spec)) return [];
  const template = isRecord(spec['template']) ? spec['template']['spec'] : undefined;
  const charts = listOf(spec['helmCharts']).flatMap(chart => mappingOf(chart['valuesInline']));
  return [...mappingOf(spec['values']), ...charts, ...valuesOfSources(spec), ...valuesOfSources(template)];
}

/** The settings of the mesh in values, in those of each chart that says something. */
export interface MeshSettings {
  readonly meshConfig?: Mapping;
  readonly istioNamespace?: string;
}

/** @returns the settings of values, then those of values for charts that a chart depends on */
export function meshSettingsIn(values: Mapping, depth = depthOfCharts): readonly MeshSettings[] {
  const { meshConfig, global } = values;
  const namespace = isRecord(global) ? global['istioNamespace'] : undefined;
  const own: MeshSettings = {
    ...(isRecord(meshConfig) ? { meshConfig } : {}),
    ...(typeof namespace === 'string' ? { istioNamespace: namespace } : {}),
  };
  const below = Object.entries(values).flatMap(([key, value]) =>
    depth === 0 || key === 'meshConfig' || key === 'global' || !isRecord(value)
      ? []
      : meshSettingsIn(value, depth - 1),
  );
  return Object.keys(own).length === 0 ? below : [own, ...below];
}

/** @returns a text of YAML or JSON as a mapping; undefined for one that is none */
export function mappingIn(text: string): Mapping | undefined {
  try {
    return mappingOf(parse(text))[0];
  } catch {
    return undefined;
  }
}

/** `parameters` take precedence over `valuesObject`, and that over `values`. */
function valuesOfSources(spec: unknown): readonly Mapping[] {
  if (!isRecord(spec)) return [];
  return [...mappingOf(spec['source']), ...listOf(spec['sources'])].flatMap(({ helm }) => {
    if (!isRecord(helm)) return [];
    const { values, valuesObject, parameters } = helm;
    const written = isRecord(valuesObject)
      ? valuesObject
      : typeof values === 'string'
        ? mappingIn(values)
        : undefined;
    return [...listOf(parameters).flatMap(valuesOfParameter), ...mappingOf(written)];
  });
}

/** `meshConfig.defaultConfig.gatewayTopology.numTrustedProxies`, `a.b[0]`, as for `helm --set`. */
function valuesOfParameter({ name, value }: Mapping): readonly Mapping[] {
  if (typeof name !== 'string') return [];
  const keys = name.match(/\[\d+\]|(?:\\.|[^.[\\])+/g) ?? [];
  const nested = keys.reduceRight<unknown>(
    (below, key) => (key.startsWith('[') ? [below] : { [key.replaceAll('\\', '')]: below }),
    scalarOf(value),
  );
  return mappingOf(nested);
}

/** Helm reads `true`, numbers and `null` in a parameter as such. */
function scalarOf(value: unknown): unknown {
  return typeof value === 'string' && /^(?:true|false|null|-?\d+)$/.test(value) ? JSON.parse(value) : value;
}

function mappingOf(value: unknown): readonly Mapping[] {
  return isRecord(value) ? [value] : [];
}

function listOf(value: unknown): readonly Mapping[] {
  return Array.isArray(value) ? value.flatMap(mappingOf) : [];
}
