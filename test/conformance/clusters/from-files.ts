import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultOptions } from '../../../src/options.ts';
import { type GatewayPods, type Manifest, rootNamespace } from '../generate/clusters/layout.ts';
import { readManifests, type WholeCluster } from './whole-cluster.ts';

/** @returns the clusters of a file, or of the `in.yaml` of every folder in a folder; what only a cluster knows is supplied */
export function clustersIn(path: string): readonly WholeCluster[] {
  if (!statSync(path).isDirectory()) return [clusterOf(path)];
  return readdirSync(path)
    .sort()
    .map(name => join(path, name, 'in.yaml'))
    .filter(file => existsSync(file))
    .map(clusterOf);
}

function clusterOf(path: string): WholeCluster {
  const name = path.replaceAll('/', '--').replace(/^-+/, '');
  return clusterFrom(name, readManifests({ path, text: readFileSync(path, 'utf8') }));
}

/** Puts Pods behind the Services of manifests, and behind what Istio Gateways select. */
export function clusterFrom(name: string, manifests: readonly Manifest[]): WholeCluster {
  const selectors = manifests.flatMap(podsOfGateway);
  return {
    name,
    manifests,
    pods: manifests.flatMap(podsOfService),
    gatewayPods: [...new Map(selectors.map(pods => [JSON.stringify(pods), pods])).values()],
    hiddenAges: new Map(),
    options: defaultOptions,
  };
}

interface Selecting {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

/** Two versions behind each Service. */
function podsOfService(manifest: Manifest): readonly Manifest[] {
  const { metadata, spec } = manifest as unknown as Selecting;
  const { selector } = spec ?? {};
  if (manifest['kind'] !== 'Service' || selector === undefined) return [];
  return ['v1', 'v2'].map(version => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${metadata.name}-${version}`,
      namespace: metadata.namespace,
      labels: { version, ...selector },
    },
    spec: { containers: [{ name: 'app', image: 'example/app' }] },
  }));
}

function podsOfGateway(manifest: Manifest): readonly GatewayPods[] {
  const { selector } = (manifest as unknown as Selecting).spec ?? {};
  const isIstio = String(manifest['apiVersion']).startsWith('networking.istio.io/');
  if (manifest['kind'] !== 'Gateway' || !isIstio || selector === undefined) return [];
  return [{ namespace: rootNamespace, labels: selector }];
}
