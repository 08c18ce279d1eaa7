import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type * as gateway from '../../gateway-api/index.ts';
import { ownValue } from '../../yaml/own-value.ts';
import { canonicalJson } from '../canonical.ts';
import { groupBy } from '../group-by.ts';
import { lowerCaseHost, serviceNameOf } from '../host.ts';
import { areSelected } from '../labels.ts';
import { installationNamespace } from '../root-namespace.ts';
import { agedOf, byAge, compareText } from '../virtual-services.ts';
import { type ClassRole, classRole } from '../waypoints.ts';
import {
  listeningPort,
  podLabelsBy,
  podsNamespaceOf,
  type ServicesOfPods,
  servicesOfPodsIn,
  type WayToPods,
  waysToPods,
  waysToPodsOf,
} from './gateway-pods.ts';
import type { GatewayServer, ServerHost, ServerProtocol } from './gateway-server.ts';
import { mergeServers } from './merge-servers.ts';

/** One Envoy deployment and everything it listens on. */
export interface GatewayProxy {
  readonly id: string;
  /** The namespace of its pods, as far as a Service tells; else that of the Gateway. */
  readonly namespace: string;
  /** Where its pods may run besides, as far as Services do not tell: a name, or `elsewhere` for one that nothing names. */
  readonly elsewhere: readonly string[];
  readonly servers: readonly GatewayServer[];
  /** The labels that pods of Istio Gateways are known to have; undefined for a Gateway of the Gateway API. */
  readonly podLabels?: Labels;
  /** The Gateways whose pods these are, as `NAMESPACE/NAME`; others of the servers are for more pods than these. */
  readonly own: ReadonlySet<string>;
  /** Taken from the Services of the input. */
  readonly ways: readonly WayToPods[];
}

/** Namespaces that pods of Istio Gateways may run in. */
export interface PodsPlaces {
  /** The one that somebody named. */
  readonly podsNamespace?: string | undefined;
  /** Pods there see other DestinationRules than elsewhere. */
  readonly rootNamespace: string;
}

/**
 * The gateway proxies of the input: all Istio Gateways with one selector are one, with those that ask for a part of its
 * labels and the Gateways of the Gateway API that name a Service of these pods. Each other Gateway is one of its own.
 *
 * @param places namespaces of pods whose Services are not among the resources
 */
export function gatewayProxies(
  resources: readonly AnyResource[],
  places: PodsPlaces,
): readonly GatewayProxy[] {
  const servicesOfPods = servicesOfPodsIn(resources);
  const listeners = listenerProxies(resources);
  const joined = new Set<GatewayProxy>();
  const istioProxies = istioPods(resources, servicesOfPods).map(({ labels, own, others }) => {
    const aged = (gateways: readonly Resource<'istio.Gateway'>[]) => gateways.map(agedOf).sort(byAge);
    const sorted = aged([...own, ...others]);
    const ways = waysToPodsOf(servicesOfPods, labels);
    const place = podsPlaceOf(servicesOfPods, labels, aged(own)[0]?.namespace ?? '', places);
    const isShown = servicesOfPods(labels).length > 0;
    const beside = listeners.filter(({ named }) => named !== undefined && runsThere(named, labels, isShown));
    for (const { proxy } of beside) joined.add(proxy);
    const servers = [
      ...sorted.map(({ resource }) => istioServers(resource, ways)),
      ...beside.map(({ proxy }) => proxy.servers),
    ];
    return {
      id: `istio ${sorted.map(nameOf).join(' ')}`,
      ...place,
      servers: mergeServers((beside.length === 0 ? servers : servers.toSorted(byAgeOfGateways)).flat()),
      podLabels: labels,
      own: new Set([...own.map(nameOf), ...beside.flatMap(({ proxy }) => [...proxy.own])]),
      ways,
    };
  });
  const alone = listeners.filter(({ proxy }) => !joined.has(proxy));
  const keyOf = ({ services, proxy: { id } }: ListenerProxy) => services ?? id;
  const merged = [...groupBy(alone, keyOf).values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [more.length === 0 ? first.proxy : onePods([first, ...more])],
  );
  return [...istioProxies, ...merged];
}

/** Gateways of the Gateway API that name one Service are served by its pods together. */
function onePods(gateways: readonly [ListenerProxy, ...ListenerProxy[]]): GatewayProxy {
  const proxies = gateways.map(({ proxy }) => proxy);
  return {
    ...gateways[0].proxy,
    id: proxies.map(({ id }) => id).join(' '),
    own: new Set(proxies.flatMap(({ own }) => [...own])),
    servers: mergeServers(
      proxies
        .map(({ servers }) => servers)
        .toSorted(byAgeOfGateways)
        .flat(),
    ),
  };
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** Converted Gateways are made last. */
function byAgeOfGateways([a]: readonly GatewayServer[], [b]: readonly GatewayServer[]): number {
  if (a === undefined || b === undefined) return 0;
  const isMade = ({ resource }: GatewayServer) => Number(resource.source === undefined);
  return isMade(a) - isMade(b) || byAge(agedOf(a.resource), agedOf(b.resource));
}

/**
 * Whether a Gateway of the Gateway API is served by pods of Istio Gateways: a Service that it names selects them. A Service that
 * is not found in the input may select any pods whose Services are not found either.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, mergeGateways (InternalGatewayServiceAnnotation)
 */
function runsThere(named: readonly Resource<'core.Service'>[], labels: Labels, isShown: boolean): boolean {
  return named.length === 0
    ? !isShown
    : named.some(
        ({ spec: { selector = {} } }) => Object.keys(selector).length > 0 && areSelected(labels, selector),
      );
}

interface ListenerProxy {
  readonly proxy: GatewayProxy;
  /** The Services that it names instead of pods of its own, as text; undefined where it names none. */
  readonly services: string | undefined;
  /** Those of them in the input. */
  readonly named: readonly Resource<'core.Service'>[] | undefined;
}

/** The Gateways of the Gateway API that routes attach to. */
function listenerProxies(resources: readonly AnyResource[]): readonly ListenerProxy[] {
  const namespaces = namespaceLabels(resources);
  const sets = resources.filter(isType('gateway.ListenerSet'));
  const classes = resources.filter(isType('gateway.GatewayClass'));
  return resources
    .filter(isType('gateway.Gateway'))
    .filter(resource => !takesNoRoutes(classRole(resource.spec.gatewayClassName, classes)))
    .map(resource => {
      const services = servicesNamed(resource, resources);
      const ways = waysToPods(services);
      const names = namesOfServices(resource).map(nameOf).sort(compareText);
      return {
        services: names.length > 0 ? names.join() : undefined,
        named:
          names.length > 0 ? services.filter(({ namespace }) => namespace === resource.namespace) : undefined,
        proxy: {
          id: `gateway ${resource.namespace}/${resource.name}`,
          namespace: resource.namespace,
          elsewhere: [],
          own: new Set([nameOf(resource)]),
          servers: [
            ...listenerServers(resource, resource.spec.listeners, namespaces, ways),
            ...addedServers(resource, sets, namespaces, ways),
          ],
          ways,
        },
      };
    });
}

/** A Gateway by its name; one that is for more pods than those of another is looked at on these, too. */
export function doorLabel({ own }: Pick<GatewayProxy, 'own'>, key: string): string {
  return own.has(key) ? `gateway ${key}` : `gateway ${key} on the pods of ${[...own].join(' and ')}`;
}

/** @returns those of some doors that are on the same pods as another, where there are any */
export function onPodsOf<Door extends { readonly label: string }>(
  { label }: { readonly label: string },
  candidates: readonly Door[],
): readonly Door[] {
  const same = candidates.filter(one => one.label === label);
  return same.length > 0 ? same : candidates;
}

/** Pods of Istio Gateways that can be told apart by their labels. */
interface IstioPods {
  readonly labels: Labels;
  /** The Gateways of these pods alone. */
  readonly own: readonly Resource<'istio.Gateway'>[];
  /** Gateways that ask for a part of these labels. */
  readonly others: readonly Resource<'istio.Gateway'>[];
}

/** @see istio.io/istio/pilot/pkg/model/gateway.go, the selector of a Gateway is a part of the labels of its pods */
function istioPods(resources: readonly AnyResource[], servicesOfPods: ServicesOfPods): readonly IstioPods[] {
  const labelsOf = podLabelsBy(servicesOfPods);
  const byLabels = new Map<string, { labels: Labels; own: Resource<'istio.Gateway'>[] }>();
  for (const resource of resources.filter(isType('istio.Gateway'))) {
    const labels = labelsOf(resource.spec.selector);
    const key = canonicalJson(labels);
    const known = byLabels.get(key);
    if (known === undefined) byLabels.set(key, { labels, own: [resource] });
    else known.own.push(resource);
  }
  // A selector lies in a set of labels only if the first of it does.
  const firstOf = ({ spec: { selector = {} } }: Resource<'istio.Gateway'>) => {
    const [first] = Object.entries(selector).sort(([a], [b]) => compareText(a, b));
    return first === undefined ? '' : first.join('=');
  };
  const byFirst = groupBy(
    [...byLabels.values()].flatMap(({ own }) => own),
    firstOf,
  );
  return [...byLabels.values()].map(one => {
    const keys = ['', ...Object.entries(one.labels).map(label => label.join('='))];
    const candidates = keys.flatMap(key => byFirst.get(key) ?? []);
    const own = new Set(one.own);
    const others = candidates.filter(
      other => !own.has(other) && areSelected(one.labels, other.spec.selector),
    );
    return { ...one, others };
  });
}

/** Istio's own installation puts gateways where istiod is. */
function podsPlaceOf(
  servicesOfPods: ServicesOfPods,
  labels: Labels,
  namespace: string,
  { podsNamespace: said, rootNamespace }: PodsPlaces,
): Pick<GatewayProxy, 'namespace' | 'elsewhere'> {
  const shown = podsNamespaceOf(servicesOfPods, labels);
  if (shown !== undefined) return { namespace: shown, elsewhere: [] };
  const several = new Set(servicesOfPods(labels).map(service => service.namespace));
  if (several.size === 0 && said !== undefined) return { namespace: said, elsewhere: [] };
  const usual = new Set([installationNamespace, rootNamespace, 'elsewhere']);
  const others = several.size > 0 ? several : usual;
  return { namespace, elsewhere: [...others].filter(other => other !== namespace) };
}

const serverProtocols: Readonly<Record<string, ServerProtocol>> = {
  HTTP: 'http',
  HTTP2: 'http',
  GRPC: 'http',
  'GRPC-WEB': 'http',
  HTTPS: 'https',
  TLS: 'tls',
};

/** @returns the servers of an Istio Gateway, in their order */
export function istioServers(
  resource: Resource<'istio.Gateway'>,
  ways: readonly WayToPods[],
): readonly GatewayServer[] {
  return (resource.spec.servers ?? []).map((server, index) => {
    const declared = ownValue(serverProtocols, server.port.protocol.toUpperCase()) ?? 'tcp';
    const passthrough = server.tls?.mode === 'PASSTHROUGH' || server.tls?.mode === 'AUTO_PASSTHROUGH';
    return {
      gateway: `${resource.namespace}/${resource.name}`,
      resource,
      index,
      port: server.port.number,
      listensOn: listeningPort(server.port.number, ways),
      protocol: declared === 'https' && passthrough ? 'tls' : declared,
      passthrough,
      ignoresRoutes: server.tls?.mode === 'AUTO_PASSTHROUGH',
      hosts: server.hosts.map(host => serverHost(host, resource.namespace)),
      httpsRedirect: server.tls?.httpsRedirect ?? false,
    };
  });
}

/** A host alone, or behind a star, is for every namespace; `./h` is for the Gateway's own, `ns/h` for one. */
function serverHost(text: string, namespace: string): ServerHost {
  const slash = text.indexOf('/');
  const before = text.slice(0, Math.max(slash, 0));
  const written = text.slice(slash + 1);
  const host = lowerCaseHost(written);
  return {
    namespaces: [slash < 0 ? '*' : before === '.' ? namespace : before],
    host,
    ...(host === written ? {} : { written }),
  };
}

/** Whether a host of a server is for VirtualServices of a namespace. */
export function serverAdmits({ namespaces }: ServerHost, namespace: string): boolean {
  return namespaces.includes('*') || namespaces.includes(namespace);
}

/** The name that lists for a listener are bound to. */
export function listenerBinding(
  resource: { readonly namespace: string; readonly name: string },
  listener: string,
): string {
  return `${resource.namespace}/${resource.name}/${listener}`;
}

type Labels = Readonly<Record<string, string>>;

function namespaceLabels(resources: readonly AnyResource[]): ReadonlyMap<string, Labels> {
  const names = new Set(resources.map(({ namespace }) => namespace).filter(namespace => namespace !== ''));
  const labels = new Map<string, Labels>(
    [...names].sort(compareText).map(name => [name, { 'kubernetes.io/metadata.name': name }]),
  );
  for (const { name, metadata } of resources.filter(isType('core.Namespace'))) {
    labels.set(name, { ...metadata.labels, 'kubernetes.io/metadata.name': name });
  }
  return labels;
}

/** The Services whose pods a Gateway makes use of (gateway_utils.go, extractGatewayServices). */
function namesOfServices({ namespace, spec }: Resource<'gateway.Gateway'>) {
  return (spec.addresses ?? []).flatMap(({ type, value = '' }) =>
    type === 'Hostname' ? (serviceNameOf(value) ?? { name: value, namespace }) : [],
  );
}

/** @returns those of them that were shown */
export function servicesNamed(
  resource: Resource<'gateway.Gateway'>,
  resources: readonly AnyResource[],
): readonly Resource<'core.Service'>[] {
  const names = namesOfServices(resource);
  if (names.length === 0) return [];
  return resources
    .filter(isType('core.Service'))
    .filter(service =>
      names.some(named => named.name === service.name && named.namespace === service.namespace),
    );
}

/** @returns the ListenerSets that a Gateway takes listeners from, the oldest first */
export function listenerSetsOf(
  { spec, namespace, name }: Resource<'gateway.Gateway'>,
  resources: readonly AnyResource[],
  namespaces: ReadonlyMap<string, Labels> = namespaceLabels(resources),
): readonly Resource<'gateway.ListenerSet'>[] {
  const { from = 'None', selector } = spec.allowedListeners?.namespaces ?? {};
  const allowed = new Set(namespacesAllowed(from, selector, namespace, namespaces));
  return resources
    .filter(isType('gateway.ListenerSet'))
    .filter(({ namespace: own, spec: { parentRef } }) => {
      const isParent = parentRef.name === name && (parentRef.namespace ?? own) === namespace;
      return (
        isParent && (parentRef.kind ?? 'Gateway') === 'Gateway' && (allowed.has('*') || allowed.has(own))
      );
    })
    .map(agedOf)
    .sort(byAge)
    .map(({ resource }) => resource);
}

/**
 * The listeners that ListenerSets add to a Gateway; its own take precedence over those of the same port, protocol and
 * hostname.
 */
function addedServers(
  resource: Resource<'gateway.Gateway'>,
  resources: readonly AnyResource[],
  namespaces: ReadonlyMap<string, Labels>,
  ways: readonly WayToPods[],
): readonly GatewayServer[] {
  const entranceOf = ({ port, protocol, hostname = '' }: gateway.Listener) =>
    `${port} ${protocol} ${hostname}`;
  const taken = new Set((resource.spec.listeners ?? []).map(entranceOf));
  return listenerSetsOf(resource, resources, namespaces).flatMap(set => {
    const listeners = (set.spec.listeners ?? []).filter(listener => !taken.has(entranceOf(listener)));
    for (const listener of listeners) taken.add(entranceOf(listener));
    const owner = { namespace: set.namespace, name: `${set.name}#set` };
    return listenerServers(resource, listeners, namespaces, ways, owner).map((server, index) => {
      const listener = listeners[index];
      // No sectionName has a slash, so that it is none of the Gateway.
      return listener === undefined
        ? server
        : { ...server, added: { set, listener: { ...listener, name: `${set.name}/${listener.name}` } } };
    });
  });
}

/** @param owner of the listeners: the Gateway, or the ListenerSet that adds them */
function listenerServers(
  resource: Resource<'gateway.Gateway'>,
  listeners: readonly gateway.Listener[] | undefined,
  namespaces: ReadonlyMap<string, Labels>,
  ways: readonly WayToPods[],
  owner: { readonly namespace: string; readonly name: string } = resource,
): readonly GatewayServer[] {
  return (listeners ?? []).map((listener, index) => ({
    gateway: listenerBinding(owner, listener.name),
    resource,
    index,
    port: listener.port,
    listensOn: listeningPort(listener.port, ways),
    protocol: listenerProtocol(listener),
    passthrough: listener.tls?.mode === 'Passthrough',
    ignoresRoutes: listener.tls?.options?.['gateway.istio.io/listener-protocol'] === 'auto-passthrough',
    hosts: [
      {
        namespaces: allowedNamespaces(listener, owner.namespace, namespaces),
        host: listener.hostname ?? '*',
      },
    ],
    httpsRedirect: false,
  }));
}

function listenerProtocol({ protocol }: gateway.Listener): ServerProtocol {
  if (protocol === 'HTTP') return 'http';
  if (protocol === 'HTTPS') return 'https';
  return protocol === 'TLS' ? 'tls' : 'tcp';
}

/** @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, namespacesFromSelector */
function allowedNamespaces(
  listener: gateway.Listener,
  own: string,
  namespaces: ReadonlyMap<string, Labels>,
): readonly string[] {
  const { from = 'Same', selector } = listener.allowedRoutes?.namespaces ?? {};
  return namespacesAllowed(from, selector, own, namespaces);
}

function namespacesAllowed(
  from: 'All' | 'Same' | 'Selector' | 'None',
  selector: gateway.LabelSelector | undefined,
  own: string,
  namespaces: ReadonlyMap<string, Labels>,
): readonly string[] {
  if (from === 'All') return ['*'];
  if (from === 'Same') return [own];
  if (from === 'None') return [];
  if (selector === undefined) return ['*'];
  return [...namespaces].filter(([, labels]) => selects(selector, labels)).map(([name]) => name);
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function selects(selector: gateway.LabelSelector, labels: Labels): boolean {
  const labelsMatch = Object.entries(selector.matchLabels ?? {}).every(
    ([name, value]) => ownValue(labels, name) === value,
  );
  const expressionsMatch = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = ownValue(labels, key);
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
  return labelsMatch && expressionsMatch;
}

/** To waypoints and east-west gateways no route attaches as to a gateway. */
function takesNoRoutes(role: ClassRole): boolean {
  return role === 'waypoint' || role === 'east-west' || role === 'agentgateway-waypoint';
}
