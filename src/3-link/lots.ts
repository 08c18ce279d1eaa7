import { isSecret } from '../2-decode/neighbour.ts';
import type { AnyResource, Resource } from '../2-decode/resource.ts';
import type * as istio from '../istio/index.ts';
import type { Options } from '../options.ts';
import type { SourceDocument } from '../yaml/source.ts';
import { Components, joinBy } from './components.ts';
import { syncWave } from './facts.ts';
import { installedLabels } from './gateways/gateway-pods.ts';
import { groupBy } from './group-by.ts';
import {
  lowerCaseHost,
  resolveGateway,
  resolveHost,
  type ServiceName,
  serviceHost,
  serviceNameOf,
} from './host.ts';
import { hasExportedPort80, hasHttpAt80, lacksPort80 } from './port-80.ts';

/** Objects that convert by themselves: nothing outside of a lot has a say in what becomes of it. */
export interface Lots {
  /** Each in the order of the resources, the lots in the order of their first ones. */
  readonly all: readonly (readonly AnyResource[])[];
  /** Those of the resources, in their order. */
  readonly positions: ReadonlyMap<AnyResource, number>;
  /** @returns the number of the lot that knows a host by its full name */
  readonly lotOfHost: (host: string) => number | undefined;
}

/**
 * Takes a cluster apart into lots. Objects are in one lot as soon as they have anything in common by which one could have a say
 * in the conversion of the other: a host, a Gateway, a label of pods, a name, a document. A lot is wider than a group, and
 * decided without looking at what the objects mean.
 *
 * @param resources of one cluster, with their namespaces filled in
 * @param parts so many of the smallest lots are put together, on average
 * @param aloneOf which of the smallest lots are left alone
 * @param links gives by what an object meets others
 * @param clusters those that have some of the resources each, where not all of them are in one
 * @returns undefined where something concerns the whole cluster, so that it stays in one piece
 */
export function lotsOf(
  resources: readonly AnyResource[],
  options: Options,
  parts = PARTS,
  aloneOf: (smallest: readonly (readonly AnyResource[])[]) => ReadonlySet<readonly AnyResource[]> = () =>
    new Set(),
  links: (resource: AnyResource) => readonly string[] | undefined = linksOf,
  clusters: readonly (readonly AnyResource[])[] = [resources],
): Lots | undefined {
  const { createWaypoints, waypoint, from, gatewayMap, gatewayService } = options;
  if (createWaypoints || waypoint !== undefined || from === 'ambient') return undefined;
  // One Gateway takes the place of several.
  if (gatewayMap.length > 0 || gatewayService !== undefined) return undefined;
  const components = new Components(resources.length);
  const byLink = new Map<string, number>();
  const byDocument = new Map<SourceDocument, number>();
  const port80 = joinedAt80(resources, clusters);
  for (const [position, resource] of resources.entries()) {
    const own = links(resource);
    if (own === undefined || resource.metadata.annotations?.[syncWave] !== undefined) return undefined;
    for (const link of own) joinBy(byLink, link, position, components);
    if (resource.source !== undefined) joinBy(byDocument, resource.source.document, position, components);
    if (port80(resource)) joinBy(byLink, 'port 80', position, components);
  }
  const positions = new Map(resources.map((resource, position) => [resource, position]));
  const grouped = () => groupBy(resources, resource => components.rootOf(positions.get(resource) ?? 0));
  let lots = grouped();
  const alone = aloneOf([...lots.values()]);
  if (parts > 1) {
    const kept = new Map([...lots].filter(([, lot]) => alone.has(lot)));
    joinNeighbours(resources, components, parts, kept);
    lots = new Map([...grouped()].map(([root, lot]) => [root, kept.get(root) ?? lot]));
  }
  const all = [...lots.values()];
  return { all, positions, lotOfHost: lotsByHost(all) };
}

/** Puts lots by the hosts that they know, when somebody first asks: few do, and the hosts of all objects take a lot of memory. */
function lotsByHost(all: Lots['all']): Lots['lotOfHost'] {
  let known: Map<string, number> | undefined;
  const work = (): Map<string, number> => {
    const numbers = new Map<string, number>();
    for (const [number, lot] of all.entries())
      for (const resource of lot)
        for (const link of linksOf(resource) ?? []) if (link.startsWith('host ')) numbers.set(link, number);
    return numbers;
  };
  return host => {
    known ??= work();
    return known.get(`host ${host}`);
  };
}

/** So many of the smallest lots are put together, since a conversion takes a while to begin with. */
export const PARTS = 64;

/**
 * Puts small parts of a cluster together. Where a lot ends depends on the name of its last object alone, so that another object
 * somewhere changes one lot or two and leaves the others as they are.
 */
function joinNeighbours(
  resources: readonly AnyResource[],
  components: Components,
  average: number,
  alone: ReadonlyMap<number, unknown>,
): void {
  let last: number | undefined;
  let parts = 0;
  for (const [position, { name, namespace }] of resources.entries()) {
    const root = components.rootOf(position);
    if (root !== position || alone.has(root)) continue;
    if (last !== undefined && parts < 4 * average) components.join(last, root);
    else parts = 0;
    last = root;
    parts += 1;
    if (parts >= average / 4 && hashOf(`${namespace}/${name}`) % average === 0) last = undefined;
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 8;
}

/**
 * @returns whether an object has to be seen together with Services that have port 80 (port-80.ts): with all that some clients
 * alone know, and with one of the others where not all objects are in one cluster
 */
function joinedAt80(
  all: readonly AnyResource[],
  clusters: readonly (readonly AnyResource[])[],
): (resource: AnyResource) => boolean {
  const exported = clusters.flatMap(resources => resources.filter(hasExportedPort80));
  if (clusters[0] === all && exported.length === 0) return () => false;
  const joined = new Set([
    ...exported,
    ...clusters.flatMap(
      resources => resources.find(resource => hasHttpAt80(resource) && !hasExportedPort80(resource)) ?? [],
    ),
  ]);
  return resource => joined.has(resource) || (joined.size > 0 && lacksPort80(resource));
}

/** @returns by what an object meets others; undefined where it may meet any */
export function linksOf(resource: AnyResource): readonly string[] | undefined {
  switch (resource.type) {
    case 'istio.VirtualService':
      return linksOfVirtualService(resource);
    case 'istio.DestinationRule': {
      const { host, workloadSelector } = resource.spec;
      if (!isPlain(host)) return undefined;
      return [hostLink(host, resource.namespace), ...podLinks(workloadSelector?.matchLabels)];
    }
    case 'istio.Gateway': {
      const pods = podLinks(installedLabels(resource.spec.selector));
      // Without a selector it is for all pods.
      const secrets = (resource.spec.servers ?? []).flatMap(({ tls }) =>
        [...(tls?.credentialNames ?? []), tls?.credentialName, tls?.caCertCredentialName].flatMap(name =>
          name === undefined ? [] : [`secret ${name}`],
        ),
      );
      return pods.length === 0
        ? undefined
        : [`gateway ${resource.namespace}/${resource.name}`, ...pods, ...secrets];
    }
    case 'core.Service': {
      const { externalName, selector } = resource.spec;
      if (asksForWaypoint(resource.metadata.labels)) return undefined;
      const alias = externalName === undefined ? [] : [hostLink(externalName, resource.namespace)];
      return [serviceLink(resource), ...alias, ...podLinks(selector)];
    }
    case 'other.Object':
      return isSecret(resource) ? [`secret ${resource.name}`] : undefined;
    default:
      return undefined;
  }
}

/** Labels such as `istio.io/use-waypoint`. */
function asksForWaypoint(labels: Readonly<Record<string, string>> = {}): boolean {
  return Object.keys(labels).some(label => label.includes('istio.io/'));
}

function linksOfVirtualService({
  namespace,
  name,
  spec,
}: Resource<'istio.VirtualService'>): readonly string[] | undefined {
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [] } = spec;
  const links = new Set([`virtual-service ${namespace}/${name}`]);
  // A ReferenceGrant is for all routes of a namespace; whose they are, delegates alone tell.
  const isElsewhere = (other: string | undefined) => other !== undefined && other !== namespace;
  const isInMesh = gateways.length === 0 || gateways.includes('mesh');
  const destinations: istio.Destination[] = [];
  const bound = [...gateways];
  for (const { delegate, route = [], mirror, mirrors = [], match = [] } of http) {
    if (delegate !== undefined) {
      links.add(`virtual-service ${delegate.namespace || namespace}/${delegate.name ?? ''}`);
      if (isElsewhere(delegate.namespace || namespace)) links.add('other namespaces');
    }
    for (const { destination } of [...route, ...mirrors]) destinations.push(destination);
    if (mirror !== undefined) destinations.push(mirror);
    for (const { gateways: own = [] } of match) bound.push(...own);
  }
  for (const { route = [], match = [] } of [...tls, ...tcp]) {
    for (const { destination } of route) destinations.push(destination);
    for (const { gateways: own = [] } of match) bound.push(...own);
  }
  for (const host of [...hosts, ...destinations.map(to => to.host)]) {
    if (!isPlain(host) && (isInMesh || !host.startsWith('*') || hasPlaceholder(host))) return undefined;
    links.add(hostLink(host, namespace));
    if (isElsewhere(serviceNameOf(resolveHost(host, namespace))?.namespace)) links.add('other namespaces');
    const service = shortNameOf(host);
    if (service !== undefined) links.add(service);
  }
  for (const gateway of bound) {
    if (gateway === 'mesh') continue;
    const full = resolveGateway(gateway, namespace);
    links.add(`gateway ${full}`);
    if (!full.startsWith(`${namespace}/`)) links.add('other namespaces');
  }
  return [...links];
}

function hostLink(host: string, namespace: string): string {
  return `host ${resolveHost(host, namespace)}`;
}

/** A host in capitals leads to no Service, and a Service with capitals is none: people are told of both. */
function serviceLink(service: ServiceName): string {
  return `host ${lowerCaseHost(serviceHost(service))}`;
}

/** `reviews.bookinfo` is no Service, and people are told of the one that they may mean. */
function shortNameOf(host: string): string | undefined {
  const [, name, namespace] = /^([^.]+)\.([^.]+)(?:\.svc)?$/.exec(host) ?? [];
  return name === undefined || namespace === undefined ? undefined : serviceLink({ name, namespace });
}

/** Whether a host stands for itself alone: it is no wildcard, and nothing is filled in. */
function isPlain(host: string): boolean {
  return host !== '' && !host.startsWith('*') && !hasPlaceholder(host);
}

function hasPlaceholder(host: string): boolean {
  return /[${}()#]/.test(host);
}

function podLinks(labels: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(labels).map(([label, value]) => `pods ${label}=${value}`);
}
