import { placeOf } from '../2-decode/place-of.ts';
import { isValidName } from '../2-decode/valid-name.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import { foreignPorts, nameAlone } from '../3-link/foreign-ports.ts';
import { podsNamespaceOf } from '../3-link/gateways/gateway-pods.ts';
import { hasFieldPlaceholder, isIpAddress, withoutPlaceholders } from '../3-link/host.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import {
  gatewayScopes,
  isSeenByWaypoint,
  type MeshHost,
  type MeshScope,
  meshHosts,
  meshScopes,
  meshServices,
  type Scope,
  servicesUnder,
  sharesHost,
  targetOf,
  waypointNamespace,
} from '../3-link/scopes.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { writtenVersions } from '../3-link/subsets/written-versions.ts';
import { isTakenAsWhole, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { canBeLabelled, lacksLabel } from '../3-link/waypoint-labels.ts';
import { classRole, unlikeCanary, waypointOf } from '../3-link/waypoints.ts';
import { keyOf, type Place, type Report } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import type { Deviation } from '../semantics/deviation.ts';
import { isNameOf } from '../semantics/vantages.ts';
import { entryPlace } from './context.ts';
import type { TranslatedEntry } from './entry.ts';
import { schemeFromAt } from './forwarded-scheme.ts';
import { translateEntry } from './http-entry.ts';
import {
  reportHostnamePlaceholder,
  reportNamePlaceholder,
  reportServicePlaceholder,
} from './placeholders.ts';
import { namesNoScope } from './source-match.ts';
import type { Translation } from './translation.ts';

/** The http entries of a VirtualService as they are in some of its scopes: one route, but for the limits. */
export interface RoutePlan {
  readonly vs: ResolvedVirtualService;
  readonly kind: Scope['kind'];
  /** Where the route goes. */
  readonly namespace: string;
  readonly scopes: readonly Scope[];
  readonly entries: readonly TranslatedEntry[];
  /** Where it is for some of the hosts at gateways only: these, and the plan that it is a part of. */
  readonly part?: { readonly hosts: readonly string[]; readonly of: RoutePlan };
}

/** @returns the hosts of a plan at gateways */
export function hostsOfPlan({ vs, part }: Pick<RoutePlan, 'vs' | 'part'>): readonly string[] {
  return part?.hosts ?? vs.hosts;
}

/**
 * Which part of the translation sees to each field of a VirtualService; a field that is missing here does not compile.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 */
export const virtualServiceFields: Readonly<
  Record<keyof istio.VirtualService, 'scopes' | 'entries' | 'connections' | 'visibility'>
> = {
  hosts: 'scopes',
  gateways: 'scopes',
  http: 'entries',
  tls: 'connections',
  tcp: 'connections',
  exportTo: 'visibility',
};

/**
 * Translates a VirtualService for every scope it applies to; scopes with the same entries share a route.
 *
 * @param scopes where it has a say, which for a host that another VirtualService owns is nowhere
 * @returns the routes to be; what has no form was reported
 */
export function translateVirtualService(
  translation: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
  owner: number,
): readonly RoutePlan[] {
  if (scopes.length > 0) reportWithoutScope(translation, vs, scopes);
  const groups = new Map<string, { plan: RoutePlan; scopes: Scope[] }>();
  for (const scope of scopes) {
    const namespace = scope.kind === 'mesh' ? (scope.audience ?? scope.service.namespace) : vs.namespace;
    const entries = translateEntries(translation, vs, scope, namespace, owner);
    // A single scope shares its route with nobody.
    const key =
      scopes.length === 1
        ? ''
        : canonicalJson([
            scope.kind,
            namespace,
            entries.map(entry => ({ ...entry, origin: 0, matches: entry.matches.map(flatten) })),
          ]);
    const known = groups.get(key);
    if (known === undefined) {
      groups.set(key, { plan: { vs, kind: scope.kind, namespace, scopes: [], entries }, scopes: [scope] });
    } else known.scopes.push(scope);
  }
  return [...groups.values()]
    .map(({ plan, scopes: shared }) => ({ ...plan, scopes: shared }))
    .filter(({ entries }) => entries.length > 0);
}

function reportWithoutScope(
  { report }: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
): void {
  for (const { http, origin } of vs.http) {
    for (const [index, match] of (http.match ?? []).entries()) {
      if (namesNoScope(match, scopes))
        report('match-without-scope', entryPlace({ origin }, 'match', index), {});
    }
  }
}

/** Maps have no text of their own, and where a match stands makes no other route. */
function flatten(match: TranslatedEntry['matches'][number]): unknown {
  return {
    ...match,
    index: 0,
    headers: [...match.headers],
    queryParams: [...match.queryParams],
    withoutHeaders: [...match.withoutHeaders],
  };
}

function translateEntries(
  { facts, report, declare }: Translation,
  vs: ResolvedVirtualService,
  scope: Scope,
  routeNamespace: string,
  owner: number,
): readonly TranslatedEntry[] {
  const entries: TranslatedEntry[] = [];
  for (const entry of vs.http) {
    const context = { facts, vs, scope, origin: entry.origin, routeNamespace, report, declare };
    const translated = translateEntry(context, entry, owner);
    if (translated !== undefined && translated.matches.length > 0) entries.push(translated);
  }
  return entries;
}

/**
 * Finds the scopes of a VirtualService, and says what is odd about its hosts and gateways.
 *
 * @returns the scopes its http entries apply to; hosts that nothing serves were reported
 */
export function scopesOf(translation: Translation, vs: ResolvedVirtualService): readonly Scope[] {
  const { facts, report } = translation;
  // istiod refuses it, which is said elsewhere.
  if (vs.exportTo.includes('~')) return [];
  const mesh = meshScopes(facts, vs);
  if (vs.gateways.includes('mesh')) {
    const hosts = meshHosts(facts, vs);
    for (const host of hosts) reportMeshHost(translation, vs, host, mesh);
    reportVisibility(translation, vs, hosts, mesh);
    for (const scope of mesh) reportWaypoint(translation, vs, scope);
  }
  const gateways = gatewayScopes(facts, vs);
  reportNamePlaceholder(vs, report);
  for (const [index, host] of vs.hosts.entries()) reportHost(translation, vs, host, index);
  for (const [index, gateway] of vs.gateways.entries()) {
    if (gateway === 'mesh') continue;
    const place = placeOf(vs.resource, 'spec', 'gateways', index);
    const known = facts.istioGateways.get(gateway);
    if (known === undefined) {
      const { namespace, name, origin } = targetOf(facts, gateway);
      if (origin === 'same-name' && !facts.gateways.has(`${namespace}/${name}`))
        report('gateway-not-shown', place, { gateway, target: `${namespace}/${name}` });
      continue;
    }
    if (!vs.exportTo.includes('*')) {
      const { resource } = known;
      const shown = podsNamespaceOf(facts.servicesOfPods, resource.spec.selector);
      const podsNamespace = shown ?? resource.namespace;
      const namespaces = vs.exportTo.join(', ');
      const selector = Object.entries(resource.spec.selector ?? {}).map(pair => pair.join('='));
      if (shown === undefined && vs.exportTo.includes(podsNamespace))
        report('export-to-gateway-pods', place, {
          gateway,
          namespaces,
          pods: selector.join(' and ') || 'any labels',
        });
      else if (!vs.exportTo.includes(podsNamespace))
        report('export-to-misses-gateway', place, { gateway, namespaces, namespace: podsNamespace });
    }
    const hasConnections = vs.tls.length > 0 || vs.tcp.length > 0;
    const shares = hasConnections || known.servers.some(server => sharesHost(server, vs));
    if (!shares)
      report('gateway-shares-no-host', place, {
        gateway,
        hosts: vs.hosts.join(', '),
        namespace: vs.resource.namespace,
      });
    const { namespace, name, origin } = targetOf(facts, gateway);
    if (origin === 'same-name' && shares && !facts.gateways.has(`${namespace}/${name}`))
      report('gateway-assumed', place, { target: `${namespace}/${name}` });
    const mapped = facts.gateways.get(`${namespace}/${name}`);
    const role = mapped === undefined ? 'gateway' : classRole(mapped.spec.gatewayClassName, facts.resources);
    if (mapped !== undefined && shares && (role === 'agentgateway' || role === 'agentgateway-waypoint'))
      report('gateway-of-another-proxy', place, {
        target: `${namespace}/${name}`,
        class: mapped.spec.gatewayClassName,
      });
    const redirecting = known.servers.find(server => server.httpsRedirect && sharesHost(server, vs));
    if (redirecting !== undefined && origin !== 'converted') {
      declareRedirectElsewhere(translation, redirecting, place, { gateway, target: `${namespace}/${name}` });
    }
    declareRedirectOfOthers(translation, known, place);
    const isAlone = mesh.length + gateways.length === 0;
    if (redirecting !== undefined && isAlone && schemeFromAt(facts, known, redirecting, vs) !== 'listener')
      report('behind-https-redirect', place, { gateway, port: redirecting.port });
  }
  return [...mesh, ...gateways];
}

/** A Gateway that is not made from the Istio Gateway redirects only where somebody wrote that. */
function declareRedirectElsewhere(
  { declare }: Translation,
  { port, hosts }: IstioGateway['servers'][number],
  place: Place,
  names: { readonly gateway: string; readonly target: string },
): void {
  declare(
    'https-redirect-elsewhere',
    place,
    { ...names, port },
    {
      aspects: 'all',
      takes: request =>
        request.scheme === 'http' &&
        request.port === port &&
        hosts.some(({ host }) => hostsOverlap(host, request.host)),
    },
  );
}

/**
 * Gateways of one selector share their virtual hosts, and a redirect to https that one of them asks for is done for all;
 * Gateways of the Gateway API share nothing.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
function declareRedirectOfOthers({ facts, declare }: Translation, own: IstioGateway, place: Place): void {
  const ports = new Set(own.servers.map(({ port }) => port));
  for (const { resource, servers } of besideOnPods(facts, own)) {
    for (const { port, httpsRedirect, hosts } of servers) {
      if (!httpsRedirect || !ports.has(port)) continue;
      const redirecting = `${resource.namespace}/${resource.name}`;
      declare(
        'https-redirect-of-another-gateway',
        place,
        { gateway: `${own.resource.namespace}/${own.resource.name}`, redirecting },
        {
          aspects: 'all',
          takes: request =>
            request.scheme === 'http' &&
            request.port === port &&
            hosts.some(({ host }) => hostsOverlap(host, request.host)),
        },
        [{ message: 'it redirects here', place: placeOf(resource, 'spec', 'servers') }],
      );
    }
  }
}

/** Says what hostnames of a route cannot be, and what nobody would fill in there. */
function reportHost({ report }: Translation, vs: ResolvedVirtualService, host: string, index: number): void {
  const place = placeOf(vs.resource, 'spec', 'hosts', index);
  if (hasFieldPlaceholder(host)) report('host-placeholder', place, { host });
  else if (vs.gateways.every(gateway => gateway === 'mesh') || host === '*') return;
  else if (isIpAddress(host)) report('host-is-an-address', place, { host });
  else if (!isValidName(withoutPlaceholders(host).replace(/^\*\./, ''), 'rfc1123-subdomain'))
    report('host-not-a-hostname', place, { host });
  else if (isTakenAsWhole(host, vs.gateways)) report('host-taken-as-whole', place, { host });
  else reportHostnamePlaceholder(vs, host, index, report);
}

function reportMeshHost(
  translation: Translation,
  vs: ResolvedVirtualService,
  host: MeshHost,
  scopes: readonly MeshScope[],
): void {
  const { facts, report } = translation;
  const place = placeOf(vs.resource, 'spec', 'hosts', host.index);
  switch (host.kind) {
    case 'inert': {
      const [name, namespace] = host.host.split('.');
      report('host-not-a-service', place, {
        host: host.host,
        suggestion: `${name}.${namespace}.svc.cluster.local`,
      });
      return;
    }
    case 'ip':
      report('host-is-an-address', place, { host: host.host });
      return;
    case 'unknown':
      if (isAlias(facts, vs, host.host)) {
        if (vs.http.some(speaksForMesh)) report('host-of-gateways-in-the-mesh', place, { host: host.host });
      } else report('host-not-in-registry', place, { host: host.host });
      return;
    case 'everything':
      // 2-decode has said so.
      return;
    case 'no-services':
      report('host-without-services', place, { host: host.host });
      return;
    case 'service': {
      for (const service of host.services) reportContradiction(facts, report, service, place);
      const written = vs.hosts[host.index] ?? '';
      if (written.startsWith('*') && !facts.registry.byHost.has(written)) {
        const services = host.services
          .filter(service => hasPortFor(vs, service))
          .map(({ host: name }) => name)
          .join(', ');
        const isAtSidecars = host.services.some(service => facts.dataPlanes.of(service) === 'sidecar');
        const unnamed =
          vs.http.length > 0 && isAtSidecars
            ? ' Today sidecars also match names without a Service, at port 80; the route does not.'
            : '';
        report('host-wildcard-expanded', place, { host: written, services, unnamed });
        declareWrittenVersions(translation, vs, written, place);
      }
      for (const service of host.services) {
        reportServicePlaceholder(vs, service, host.index, report);
        if (service.kind === 'ServiceEntry') reportServiceEntry({ facts, report }, service, place);
        const silent =
          service.ports.length > 0 && !service.ports.some(({ protocol }) => carriesHttp(protocol));
        if (silent && vs.http.length > 0) report('port-not-http', place, { service: service.host });
        if (vs.http.length > 0) {
          declareForeignPorts(translation, vs, service, scopes, place);
          declareHidden(translation, vs, service, scopes, place);
        }
        if (
          service.namespace !== vs.namespace &&
          scopes.some(scope => scope.service === service && scope.audience === undefined)
        ) {
          report('route-namespace-moved', place, { namespace: service.namespace, service: service.name });
        }
      }
    }
  }
}

/** Declares the requests to the name of a Service that an earlier stage wrote for a subset: the wildcard covers it while it stays. */
function declareWrittenVersions(
  { facts, declare }: Translation,
  vs: ResolvedVirtualService,
  wildcard: string,
  place: Place,
): void {
  const written = writtenVersions(facts, vs);
  for (const service of servicesUnder(facts, wildcard)) {
    if (!written.has(service.host)) continue;
    declare(
      'version-under-wildcard',
      place,
      { service: service.host, host: wildcard },
      {
        aspects: 'all',
        takes: ({ host }) => isNameOf(service, host),
        isAnywhere: true,
        connectsTo: host => host === service.host,
      },
    );
  }
}

/** Declares the requests to ports that a host does not have, which sidecars treat as the VirtualService says. */
function declareForeignPorts(
  { facts, declare }: Translation,
  vs: ResolvedVirtualService,
  service: MeshScope['service'],
  scopes: readonly MeshScope[],
  place: Place,
): void {
  if (!scopes.some(scope => scope.service === service)) return;
  for (const { number, of } of foreignPorts(facts.httpPorts, service, { ...vs, semantics: 'istio' })) {
    const deviation: Deviation = {
      aspects: 'all',
      takes: ({ host, port }) => port === number && isNameOf(service, host),
      // An older VirtualService may have the routes of the host.
      isAnywhere: true,
    };
    if (number === 80) declare('port-80-of-others', place, { service: service.host }, deviation);
    else {
      const others = of.map(({ host }) => host).join(' and ');
      declare('port-of-another-host', place, { service: service.host, port: number, others }, deviation);
    }
  }
}

/**
 * Declares the requests of clients that a Service is not exported to: a sidecar that does not know the Service treats its name as
 * the VirtualService says, at the ports of the other hosts and at port 80.
 */
function declareHidden(
  { facts, declare }: Translation,
  vs: ResolvedVirtualService,
  service: MeshScope['service'],
  scopes: readonly MeshScope[],
  place: Place,
): void {
  const { exportTo } = service;
  if (exportTo === undefined || exportTo.includes('*')) return;
  if (!scopes.some(scope => scope.service === service)) return;
  for (const { number } of foreignPorts(facts.httpPorts, nameAlone(service), { ...vs, semantics: 'istio' }))
    declare(
      'service-not-exported',
      place,
      { service: service.host, port: number },
      {
        aspects: 'all',
        takes: ({ host, port }) => port === number && isNameOf(service, host),
        isFrom: client =>
          client !== undefined &&
          !exportTo.includes(client) &&
          vs.exportTo.some(to => to === '*' || to === client),
      },
    );
}

/**
 * Whether a host is the name of a Service at a gateway, by which clients inside the mesh may call it, too: sidecars take it as a
 * host of port 80 without a Service.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, BuildSidecarVirtualHostWrapper
 */
function isAlias(facts: Facts, vs: ResolvedVirtualService, host: string): boolean {
  const isAtGateway = vs.gateways.some(gateway => {
    if (gateway === 'mesh') return false;
    const servers = facts.istioGateways.get(gateway)?.servers;
    return servers === undefined || servers.some(server => sharesHost(server, { ...vs, hosts: [host] }));
  });
  return isAtGateway && vs.http.length > 0 && meshServices(facts, vs).some(({ kind }) => kind === 'Service');
}

/** Whether entries of a VirtualService apply to some port of a Service, as far as its ports are known. */
function hasPortFor({ http, tls, tcp }: ResolvedVirtualService, { ports }: MeshScope['service']): boolean {
  const takes = (carries: boolean) => (carries ? http.length > 0 : tls.length + tcp.length > 0);
  return ports.length === 0 || ports.some(({ protocol }) => takes(carriesHttp(protocol)));
}

function speaksForMesh({ http: { match = [] } }: ResolvedVirtualService['http'][number]): boolean {
  return (
    match.length === 0 ||
    match.some(({ gateways = [] }) => gateways.length === 0 || gateways.includes('mesh'))
  );
}

function reportServiceEntry(
  { facts, report }: Pick<Translation, 'facts' | 'report'>,
  service: MeshScope['service'],
  place: ReturnType<typeof placeOf>,
): void {
  if (service.host.startsWith('*') && facts.dataPlanes.of(service) === 'sidecar') {
    report('wildcard-service-entry', place, { host: service.host });
  }
}

/**
 * Says who sees the routes: everybody sees one beside the Service, only clients of its namespace one elsewhere.
 *
 * @see https://gateway-api.sigs.k8s.io/mesh/#producer-and-consumer-routes
 */
function reportVisibility(
  { facts, report, declare }: Translation,
  vs: ResolvedVirtualService,
  hosts: readonly MeshHost[],
  scopes: readonly MeshScope[],
): void {
  const isNarrowed = !vs.exportTo.includes('*');
  const place = placeOf(vs.resource, 'spec', isNarrowed ? 'exportTo' : 'hosts');
  const services = hosts.flatMap(host => (host.kind === 'service' ? host.services : []));
  for (const service of new Set(services)) {
    const own = scopes.filter(scope => scope.service === service);
    if (facts.dataPlanes.of(service) === 'ambient') {
      const found = waypointOf(facts.waypoints, service);
      const waypoint = waypointNamespace(found, service);
      if (!isSeenByWaypoint(vs, service, found))
        report('waypoint-does-not-see', keyOf(place), { service: service.host, waypoint });
      continue;
    }
    for (const namespace of new Set(own.flatMap(({ audience }) => audience ?? []))) {
      const args = { namespace, service: service.host };
      const waypoint = waypointOf(facts.waypoints, service);
      if (waypoint.kind === 'found') {
        const name = `${waypoint.waypoint.namespace}/${waypoint.waypoint.name}`;
        report('consumer-route-at-waypoint', keyOf(place), { ...args, waypoint: name });
      }
      report(facts.options.profile !== 'istio' ? 'export-to-narrowed' : 'consumer-route', keyOf(place), args);
    }
    if (!isNarrowed || !own.some(({ audience }) => audience === undefined)) continue;
    const namespaces = vs.exportTo.join(', ');
    declare(
      'export-to-widened',
      place,
      { namespaces, service: service.host },
      {
        aspects: 'all',
        takes: request => isNameOf(service, request.host),
        isFrom: client => client !== undefined && !vs.exportTo.includes(client),
      },
    );
  }
}

/** Manifests do not show which pods have sidecars, but a namespace can say that its pods have none. */
function reportAmbient(
  { dataPlanes, waypoints }: Facts,
  report: Report,
  service: MeshScope['service'],
  place: Place,
): void {
  const { namespace, name } = service;
  const found = waypoints.namespaces.get(namespace);
  const mode = found?.metadata.labels?.['istio.io/dataplane-mode'];
  const isKnown = dataPlanes.of(service) === 'ambient' || dataPlanes.signOf(service) !== undefined;
  if (isKnown || found === undefined || mode !== 'ambient') return;
  const related =
    found.source === undefined
      ? []
      : [{ message: 'the label', place: placeOf(found, 'metadata', 'labels', 'istio.io/dataplane-mode') }];
  const labelled = waypointOf(waypoints, service);
  const waypoint =
    labelled.kind === 'unfit'
      ? `Gateway ${labelled.waypoint.namespace}/${labelled.waypoint.name} applies no VirtualServices of Service ${name}`
      : `no waypoint of Service ${name} is found in the input`;
  report('namespace-is-ambient', place, { namespace, waypoint }, related);
}

/** Labels tell what honours VirtualServices, so that a flag that says otherwise is a mistake. */
function reportContradiction(
  { dataPlanes, options }: Facts,
  report: Report,
  service: MeshScope['service'],
  place: Place,
): void {
  const sign = dataPlanes.contradiction(service);
  if (sign === undefined) return;
  const { resource, label, plane, path } = sign;
  const name = resource.namespace === '' ? resource.name : `${resource.namespace}/${resource.name}`;
  const related =
    resource.source === undefined ? [] : [{ message: 'the label', place: placeOf(resource, ...path) }];
  const args = {
    from: options.from ?? '',
    label,
    object: `${resource.kind} ${name}`,
    service: service.host,
    proxy: plane === 'ambient' ? 'a waypoint applies' : 'sidecars apply',
  };
  report('from-contradicts-labels', place, args, related);
}

/** Says what a Service's waypoint is short of. */
function reportWaypoint({ facts, report }: Translation, vs: ResolvedVirtualService, scope: MeshScope): void {
  const { service, waypoint } = scope;
  const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(service.host)));
  reportAmbient(facts, report, service, place);
  const canary = scope.dataPlane === 'ambient' ? unlikeCanary(facts.waypoints, service) : undefined;
  if (canary !== undefined)
    report('waypoint-canary', place, {
      waypoint: `${canary.namespace}/${canary.name}`,
      service: service.name,
    });
  if (waypoint.kind === 'none') {
    if (facts.options.attach !== 'service' && !waypoint.optedOut)
      report('no-waypoint', place, { service: `${service.kind} ${service.name}` });
    return;
  }
  if (waypoint.kind === 'found') {
    const { namespace, name } = waypoint.waypoint;
    if (facts.options.attach === 'waypoint' && scope.audience === undefined)
      report('waypoint-parent-alone', place, { waypoint: `${namespace}/${name}` });
    if (service.assumed || !lacksLabel(scope)) return;
    if (facts.options.createWaypoints && canBeLabelled(facts, scope)) return;
    report('waypoint-without-label', place, {
      waypoint: `${namespace}/${name}`,
      service: service.name,
      name,
    });
    return;
  }
  const name = `${waypoint.waypoint.namespace}/${waypoint.waypoint.name}`;
  const { gateway } = waypoint;
  const related =
    gateway.source === undefined
      ? []
      : [{ message: 'the Gateway', place: placeOf(gateway, 'metadata', 'name') }];
  const named =
    waypoint.by === 'option'
      ? 'flag --waypoint'
      : `label istio.io/use-waypoint of ${waypoint.by === 'namespace' ? `Namespace ${service.namespace}` : `${service.kind} ${service.namespace}/${service.name}`}`;
  if (waypoint.reason === 'east-west')
    report('waypoint-is-east-west', place, { waypoint: name, named }, related);
  else if (waypoint.reason === 'not-a-waypoint')
    report(
      'waypoint-is-a-gateway',
      place,
      { waypoint: name, named, service: `${service.namespace}/${service.name}` },
      related,
    );
  else if (waypoint.reason === 'agentgateway' || waypoint.reason === 'class-not-known') {
    const code = scope.dataPlane === 'ambient' ? 'waypoint-of-another-proxy' : 'waypoint-starts-to-route';
    const className = gateway.spec.gatewayClassName;
    report(code, place, { waypoint: name, class: className, service: service.name }, related);
  } else
    report(
      'waypoint-not-for-services',
      place,
      { waypoint: name, traffic: waypoint.reason, service: service.name },
      related,
    );
}
