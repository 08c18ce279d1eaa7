import { readFile } from '../../src/1-read/read-file.ts';
import { decode } from '../../src/2-decode/decode.ts';
import { type AnyResource, nameKey } from '../../src/2-decode/resource.ts';
import { withNamespaces } from '../../src/3-link/namespaces.ts';
import { asNewest } from '../../src/3-link/newest.ts';
import { toManifest } from '../../src/6-emit/manifest.ts';
import type { SourceFile } from '../../src/yaml/source.ts';
import { toJson } from '../../src/yaml/yaml-node.ts';
import { withAddress } from './addresses.ts';
import type { Identity } from './judge.ts';

/** The objects of one cluster, for our model and for istiod. */
export interface Cluster {
  readonly members: readonly Member[];
  /** How many documents it was read from. */
  readonly documents: number;
}

export interface Member {
  readonly resource: AnyResource;
  /** As an API server gets it, with its namespace. */
  readonly manifest: Manifest;
  /** Nobody wrote it down. */
  readonly supplied: boolean;
}

interface Manifest {
  readonly kind?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Reads the objects of texts; of two documents for the same object a cluster has the first. */
export function readCluster(files: readonly SourceFile[], namespace: string): Cluster {
  const silent = () => undefined;
  const read = files.flatMap(file =>
    [...readFile(file, silent)].flatMap(manifest => {
      const resource = decode(manifest, silent);
      return resource === undefined ? [] : [{ resource, json: toJson(manifest.node) as Manifest }];
    }),
  );
  const resources = withNamespaces(
    read.map(({ resource }) => resource),
    namespace,
  );
  const members = read.flatMap(({ json }, index): readonly Member[] => {
    const resource = resources[index];
    // A file of Helm values is no object.
    if (resource === undefined || resource.type === 'kustomize.Kustomization' || json.kind === undefined)
      return [];
    return [{ resource, manifest: placed(json, resource.namespace), supplied: false }];
  });
  return { members: unique(members), documents: members.length };
}

/** A cluster with objects that nobody wrote down, as far as it does not have them. */
export function withObjects({ members, documents }: Cluster, resources: readonly AnyResource[]): Cluster {
  const added = resources.map(resource => ({
    resource,
    manifest: placed(JSON.parse(JSON.stringify(toManifest(resource))) as Manifest, resource.namespace),
    supplied: true,
  }));
  return { members: unique([...members, ...added]), documents };
}

/** A cluster without the objects that were refused. */
export function withoutObjects({ members, documents }: Cluster, refused: readonly Identity[]): Cluster {
  const names = new Set(refused.map(({ kind, namespace = '', name }) => `${kind} ${namespace}/${name}`));
  return {
    documents,
    members: members.filter(
      ({ resource: { kind, namespace, name } }) => !names.has(`${kind} ${namespace}/${name}`),
    ),
  };
}

const lists: ReadonlySet<string> = new Set([
  'istio.VirtualService',
  'gateway.HTTPRoute',
  'gateway.GRPCRoute',
  'gateway.TLSRoute',
  'gateway.TCPRoute',
]);

/**
 * A cluster in which the objects that another one lacks are made after all others, as those of a conversion are. Where no list
 * stays, ages decide nothing, and there are none.
 */
export function youngerThan(before: Cluster, { members, documents }: Cluster): Cluster {
  const known = new Set(resourcesOf(before).map(nameKey));
  if (!members.some(member => known.has(nameKey(member.resource)) && lists.has(member.resource.type)))
    return { members, documents };
  return {
    documents,
    members: members.map(member => {
      if (member.supplied || known.has(nameKey(member.resource))) return member;
      const resource = asNewest(member.resource);
      const { creationTimestamp } = resource.metadata;
      const metadata = { ...member.manifest.metadata, creationTimestamp };
      return { ...member, resource, manifest: { ...member.manifest, metadata } };
    }),
  };
}

export function resourcesOf({ members }: Cluster): readonly AnyResource[] {
  return members.map(({ resource }) => resource);
}

/** @returns one text with all manifests; JSON is YAML too */
export function manifestsOf({ members }: Cluster): string {
  return members
    .map(({ resource, manifest }) => JSON.stringify(withAddress(resource, manifest)))
    .join('\n---\n');
}

function placed(manifest: Manifest, namespace: string): Manifest {
  return namespace === '' ? manifest : { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

function unique(members: readonly Member[]): readonly Member[] {
  const seen = new Set<string>();
  return members.filter(({ resource: { type, namespace, name } }) => {
    const key = `${type} ${namespace}/${name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
