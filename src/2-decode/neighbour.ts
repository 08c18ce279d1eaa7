import type { Manifest } from '../1-read/manifest.ts';
import { fieldOf, isRecord, toJson } from '../yaml/yaml-node.ts';
import { Cursor } from './cursor.ts';
import { isNull } from './decoder.ts';
import { helmValuesIn, type Mapping, meshSettingsIn } from './helm-values.ts';
import { istioNamesIn } from './istio-names.ts';
import { metadata } from './metadata.ts';
import { mutatesVirtualServices } from './mutating.ts';
import type { AnyResource, Resource } from './resource.ts';

/** Kinds that choose pods or Services by labels or names, by `GROUP/KIND`. */
const choosing: ReadonlySet<string> = new Set([
  'autoscaling/HorizontalPodAutoscaler',
  'policy/PodDisruptionBudget',
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/Ingress',
  'extensions/Ingress',
  'security.istio.io/PeerAuthentication',
  'monitoring.coreos.com/ServiceMonitor',
  'monitoring.coreos.com/PodMonitor',
  'keda.sh/ScaledObject',
  'autoscaling.k8s.io/VerticalPodAutoscaler',
]);

/** Kinds that are a Secret, or make one, by `GROUP/KIND`; of these the names are read alone. */
const secrets: ReadonlySet<string> = new Set([
  '/Secret',
  'bitnami.com/SealedSecret',
  'external-secrets.io/ExternalSecret',
]);

/** Whether an object is a Secret, or makes one of its name. */
export function isSecret({ apiVersion, kind }: Pick<AnyResource, 'apiVersion' | 'kind'>): boolean {
  return secrets.has(`${groupOf(apiVersion)}/${kind}`);
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

/** Kinds of Istio and the Gateway API that have no say in the requests that are converted. */
const irrelevant: ReadonlySet<string> = new Set(['UDPRoute', 'WorkloadEntry', 'WorkloadGroup']);

/** @returns whether an API group is Istio's or the Gateway API's */
export function isKnownGroup(group: string): boolean {
  return /(?:^|\.)istio\.io$|^gateway\.networking\.(?:x-)?k8s\.io$/.test(group);
}

/**
 * Reads an object of a kind that has no decoder and may bear on what is converted: it chooses pods or Services, names a
 * Service or a Gateway as its target, names a VirtualService or an Istio Gateway, changes
 * VirtualServices when they are applied, or is of a kind newer than this program.
 *
 * @returns undefined for everything else
 */
export function decodeNeighbour(manifest: Manifest): Resource<'other.Object'> | undefined {
  const { node, source, apiVersion, kind } = manifest;
  const group = groupOf(apiVersion);
  const ofSecret = isSecret({ apiVersion, kind });
  const written = ofSecret ? undefined : fieldOf(node, 'spec');
  const json = written === undefined || isNull(written) ? {} : toJson(written);
  const spec = isRecord(json) ? json : {};
  const isRead =
    ofSecret ||
    choosing.has(`${group}/${kind}`) ||
    (isKnownGroup(group) && !irrelevant.has(kind) && kind !== '' && !kind.endsWith('List')) ||
    'targetRef' in spec ||
    'targetRefs' in spec ||
    hasMeshSettings(spec) ||
    isInstallation(manifest) ||
    istioNamesIn(spec).length > 0 ||
    mutatesVirtualServices(group, spec);
  if (kind === '' && apiVersion === '') return valuesOfHelm(manifest);
  const own = fieldOf(node, 'metadata');
  if (!isRead || own === undefined || isNull(own)) return undefined;
  const meta = metadata.read(
    own,
    Cursor.of(manifest, undefined, () => undefined),
  );
  if (meta?.name === undefined || meta.name === '') return undefined;
  return {
    type: 'other.Object',
    apiVersion,
    kind,
    name: meta.name,
    namespace: meta.namespace ?? '',
    metadata: { ...meta, name: meta.name },
    spec,
    source,
  };
}

/** @returns whether an object installs istiod by the Sail operator, in its `spec.namespace` */
export function isInstallation({ apiVersion, kind }: Pick<AnyResource, 'apiVersion' | 'kind'>): boolean {
  return groupOf(apiVersion) === 'sailoperator.io' && (kind === 'Istio' || kind === 'IstioRevision');
}

/** Whether values of Helm in an object say something of the mesh. */
function hasMeshSettings(spec: Mapping): boolean {
  return helmValuesIn(spec).some(values => meshSettingsIn(values).length > 0);
}

/** A file of values for istiod's chart, or for one that depends on it, is read for what it says of the mesh. */
function valuesOfHelm({ node, source }: Manifest): Resource<'other.Object'> | undefined {
  const values = toJson(node);
  if (!isRecord(values) || meshSettingsIn(values).length === 0) return undefined;
  const name = source.document.file.path;
  return {
    type: 'other.Object',
    apiVersion: '',
    kind: 'values of Helm',
    name,
    namespace: '',
    metadata: { name },
    spec: { values },
    source,
  };
}
