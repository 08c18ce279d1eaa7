import type { SourceDocument } from '../1-read/source.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { groupBy } from '../3-link/group-by.ts';
import { resolveGateway, resolveHost } from '../3-link/host.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import type { Conversion } from '../conversion.ts';

/**
 * Edits that one must not make without the others: VirtualServices that share a host or a subset, the DestinationRules
 * whose subsets they use, the delegates they name, the Gateways they are bound to, grants they share. Rather one too many
 * than one too few: what is connected here is suggested together. Alternatives, such as one environment and another, are
 * not: whoever takes one of them need not take the other.
 */
export function editsTogether({ edits, resources, companies }: Conversion): readonly (readonly Edit[])[] {
  const byDocument = groupBy(
    resources.map(({ resource }) => resource),
    ({ source }) => source?.document,
  );
  const documents = groupBy(edits, edit => edit.source.document);
  const gateways = new Set(
    [...documents.keys()]
      .flatMap(document => byDocument.get(document) ?? [])
      .filter(isGateway)
      .map(nameOf),
  );
  const keysOf = new Map<SourceDocument, Keys>();
  for (const [document, own] of documents) {
    const objects = byDocument.get(document) ?? [];
    const shared = companies.flatMap((company, index) =>
      objects.some(object => company.has(object)) ? [index] : [],
    );
    const outputs = own.flatMap(edit => ('outputs' in edit ? edit.outputs : []));
    const keys = [...objects.flatMap(object => objectKeys(object, gateways)), ...outputs.flatMap(outputKeys)];
    keysOf.set(document, { keys, companies: shared });
  }
  const groups = connected([...documents.keys()], keysOf, byDocument);
  return groups.map(group => group.flatMap(document => documents.get(document) ?? []));
}

/** What a document has to do with, and the companies in which. */
interface Keys {
  readonly keys: readonly string[];
  readonly companies: readonly number[];
}

function isGateway({ type }: AnyResource): boolean {
  return type === 'istio.Gateway';
}

function nameOf({ namespace, name }: AnyResource): string {
  return `${namespace}/${name}`;
}

function objectKeys(object: AnyResource, gateways: ReadonlySet<string>): readonly string[] {
  switch (object.type) {
    case 'istio.VirtualService':
      return virtualServiceKeys(object, gateways);
    case 'istio.DestinationRule':
      return [`subsets ${resolveHost(object.spec.host, object.namespace)}`];
    case 'istio.Gateway':
      return [`gateway ${nameOf(object)}`];
    default:
      return [];
  }
}

function virtualServiceKeys(
  { namespace, name, spec }: Extract<AnyResource, { type: 'istio.VirtualService' }>,
  gateways: ReadonlySet<string>,
): readonly string[] {
  const bound = (spec.gateways ?? ['mesh']).map(gateway => resolveGateway(gateway, namespace));
  const hosts = (spec.hosts ?? []).map(host => resolveHost(host, namespace));
  const entries = [...(spec.http ?? []), ...(spec.tls ?? []), ...(spec.tcp ?? [])];
  return [
    `vs ${namespace}/${name}`,
    ...bound.flatMap(gateway => hosts.map(host => `host ${gateway} ${host}`)),
    ...bound.filter(gateway => gateways.has(gateway)).map(gateway => `gateway ${gateway}`),
    ...subsetHosts(entries).map(host => `subsets ${resolveHost(host, namespace)}`),
    ...(spec.http ?? []).flatMap(({ delegate }) =>
      delegate?.name === undefined ? [] : [`vs ${delegate.namespace ?? namespace}/${delegate.name}`],
    ),
  ];
}

/** The hosts of which a part of a VirtualService names a subset, wherever it does so. */
function subsetHosts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(subsetHosts);
  if (typeof value !== 'object' || value === null) return [];
  const { host, subset } = value as { readonly host?: unknown; readonly subset?: unknown };
  const own = typeof host === 'string' && typeof subset === 'string' ? [host] : [];
  return [...own, ...Object.values(value).flatMap(subsetHosts)];
}

/** A grant is written beside the first route that needs it. */
function outputKeys({ resource }: Output): readonly string[] {
  if (resource.type === 'gateway.ReferenceGrant')
    return resource.spec.from.map(({ namespace }) => `grant ${namespace} ${resource.namespace}`);
  const others = new Set(namespacesIn(resource.spec));
  return [...others].map(namespace => `grant ${resource.namespace} ${namespace}`);
}

function namespacesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namespacesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'namespace' && typeof inner === 'string' ? [inner] : namespacesIn(inner),
  );
}

function connected(
  documents: readonly SourceDocument[],
  keysOf: ReadonlyMap<SourceDocument, Keys>,
  byDocument: ReadonlyMap<SourceDocument | undefined, readonly AnyResource[]>,
): readonly (readonly SourceDocument[])[] {
  const leader = new Map<SourceDocument, SourceDocument>(documents.map(document => [document, document]));
  const find = (document: SourceDocument): SourceDocument => {
    let found = document;
    for (let next = leader.get(found); next !== undefined && next !== found; next = leader.get(found))
      found = next;
    leader.set(document, found);
    return found;
  };
  const join = (a: SourceDocument, b: SourceDocument): void => {
    leader.set(find(b), find(a));
  };
  const first = new Map<string, SourceDocument>();
  for (const document of documents) {
    const { keys, companies } = keysOf.get(document) ?? nothing;
    for (const key of companies.flatMap(company => keys.map(one => `${company} ${one}`))) {
      const known = first.get(key);
      if (known === undefined) first.set(key, document);
      else join(known, document);
    }
  }
  joinWildcards(documents, keysOf, join);
  joinOthers(documents, byDocument, join);
  return [...groupBy(documents, find).values()];
}

const nothing: Keys = { keys: [], companies: [] };

/** A DestinationRule for `*.shop.svc.cluster.local` is one for all its hosts. */
function joinWildcards(
  documents: readonly SourceDocument[],
  keysOf: ReadonlyMap<SourceDocument, Keys>,
  join: (a: SourceDocument, b: SourceDocument) => void,
): void {
  const subsets = documents.flatMap(document => {
    const { keys, companies } = keysOf.get(document) ?? nothing;
    return keys
      .filter(key => key.startsWith('subsets '))
      .map(key => ({ document, companies, host: key.slice('subsets '.length) }));
  });
  for (const { document, companies, host } of subsets.filter(({ host }) => host.startsWith('*')))
    for (const other of subsets)
      if (other.host.endsWith(host.slice(1)) && companies.some(one => other.companies.includes(one)))
        join(document, other.document);
}

/** What is edited because of others, such as a kustomization, goes with all that is in its folder and below. */
function joinOthers(
  documents: readonly SourceDocument[],
  byDocument: ReadonlyMap<SourceDocument | undefined, readonly AnyResource[]>,
  join: (a: SourceDocument, b: SourceDocument) => void,
): void {
  for (const document of documents.filter(other => !byDocument.has(other))) {
    const folder = folderOf(document.file.path);
    for (const other of documents)
      if (folder === '.' || other.file.path.startsWith(`${folder}/`)) join(document, other);
  }
}

/** @returns the folder of a path with `/`; `.` for a path without a folder */
function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, Math.max(slash, 1));
}
