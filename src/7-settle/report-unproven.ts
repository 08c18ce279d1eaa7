import { placeOf } from '../2-decode/place-of.ts';
import type { Resource } from '../2-decode/resource.ts';
import { besideOnPods, type Facts } from '../3-link/facts.ts';
import { conflictOf } from '../3-link/gateways/merge-servers.ts';
import { lowerCaseHost, serviceNameOf } from '../3-link/host.ts';
import { isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import { findService, type MeshService } from '../3-link/registry.ts';
import type { GatewayTarget } from '../3-link/scopes.ts';
import { agedOf, isOlder } from '../3-link/virtual-services.ts';
import type { Output } from '../6-emit/edit.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import { subsetNotSeen } from '../semantics/backend.ts';
import type { DecidedOutcome } from '../semantics/compare.ts';
import { describeOutcome, describeRequest } from '../semantics/describe.ts';
import { failingShare } from '../semantics/effect.ts';
import { elsewhere } from '../semantics/pods-elsewhere.ts';
import type { World } from '../semantics/world.ts';
import { closerHost } from './closer-host.ts';
import type { Sides } from './conversion-vantages.ts';
import { gatewayNamespaces, hiddenFromGateway } from './gateway-namespace.ts';
import { type OverlappingHostnames, overlappingHostnames } from './overlapping-hostnames.ts';
import type { prove } from './prove.ts';
import type { ConnectionDifference } from './prove-connections.ts';
import { refusalOf } from './refused-by-gateway.ts';
import { foreignRoute } from './routes-there.ts';
import { gatewaysOfUnit } from './settle-gateways.ts';
import { hiddenDestination, hiddenFromWaypoint } from './sidecar-destination.ts';
import { attachedScopes, scopesOfUnit, type Unit } from './unit.ts';

/**
 * Holds VirtualServices that belong together back for a request that would change its fate. Where one of them says why, the others
 * stay beside it.
 */
export function reportUnprovenGroup(
  facts: Facts,
  sides: Sides,
  members: readonly Unit[],
  converted: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
  found: ReturnType<typeof prove>['undeclared'][number],
): void {
  const overlap = overlappingHostnames(outputs, found.vantage, found.difference);
  const told = members.map(unit => {
    const { report, findings } = collect();
    reportUnproven(facts, sides, { ...unit, report }, converted, outputs.get(unit) ?? [], found, overlap);
    return { unit, findings };
  });
  const isTold = ({ code }: Finding) => code !== 'not-proven';
  const isKnown = told.some(({ findings }) => findings.some(isTold));
  for (const { unit, findings } of told)
    for (const { code, place, args, related } of findings)
      if (!isKnown || code !== 'not-proven') unit.report(code, place, args as never, related);
}

/**
 * Holds a VirtualService back for a request that would change its fate, and says why where that is known: Gateways that
 * become one, a route that is there already. Any other difference is a fault of the conversion.
 *
 * @param converted the VirtualServices that are converted along with it
 */
function reportUnproven(
  facts: Facts,
  sides: Sides,
  unit: Unit,
  converted: readonly Unit[],
  outputs: readonly Output[],
  { vantage, difference }: ReturnType<typeof prove>['undeclared'][number],
  overlap: OverlappingHostnames | undefined,
): void {
  const { request, before, aspects } = difference;
  const args = {
    request: describeRequest(request),
    before: describeOutcome(before.outcome, aspects),
    after: describeOutcome(difference.after.outcome, aspects),
  };
  const left = vantage.gateways === undefined ? leftOut(unit, vantage.host) : undefined;
  const taking =
    vantage.gateways === undefined
      ? undefined
      : (routeOfOthers(difference.after, converted, outputs) ??
        closerRoute(facts, unit, outputs, difference));
  const isGained =
    before.outcome.kind === 'no-route' ||
    (failingShare(before.outcome) === 1 && failingShare(difference.after.outcome) < 1);
  const joined = joinedGateways(unit, converted);
  const found = foreignRoute(facts, unit, outputs);
  const moved = gatewayNamespaces(sides, vantage.gateways);
  const unseen = vantage.gateways === undefined ? undefined : hiddenFromGateway(difference);
  const hidden = hiddenDestination(sides, unit, vantage, difference);
  const atWaypoint = hiddenFromWaypoint(vantage, difference);
  const closer = closerHost(facts, unit, vantage);
  const alike = vantage.gateways === undefined ? objectsOfHost(facts, unit, vantage.host) : undefined;
  const hosts = placeOf(unit.vs.resource, 'spec', 'hosts');
  const gateways = placeOf(unit.vs.resource, 'spec', 'gateways');
  if (vantage.podsIn !== undefined) reportPodsElsewhere(unit, vantage.podsIn, args);
  else if (aspects.includes('nextHop'))
    unit.report('gateway-behind-route', gateways, {
      request: args.request,
      ...hopOf(facts, before.outcome, request.host),
    });
  else if (left === 'host') unit.report('host-left-out', hosts, { host: vantage.host, ...args });
  else if (left !== undefined)
    unit.report('service-entry-hosts', hosts, { serviceEntry: left, host: vantage.host, ...args });
  else if (
    vantage.gateways === undefined &&
    vantage.client === undefined &&
    isForSidecars(facts, vantage.host)
  )
    unit.report('waypoint-differs', hosts, { host: vantage.host, ...args });
  else if (
    vantage.gateways === undefined &&
    vantage.client !== undefined &&
    !isForSidecars(facts, vantage.host)
  )
    unit.report('sidecars-differ', hosts, { host: vantage.host, ...args });
  else if (overlap !== undefined) unit.report('hostnames-overlap', hosts, { ...overlap, ...args });
  else if (joined !== undefined) unit.report('gateways-become-one', gateways, { ...joined, ...args });
  else if (found !== undefined) {
    const { route, service } = found;
    const other = `${route.kind} ${route.namespace}/${route.name}`;
    const related =
      route.source === undefined ? [] : [{ message: 'the route', place: placeOf(route, 'metadata', 'name') }];
    unit.report('host-has-a-route', hosts, { host: service, other, ...args }, related);
  } else if (!isGained && reportRefusal(facts, sides.after, unit, outputs, request.host, args)) return;
  else if (taking !== undefined)
    unit.report(
      'gateway-has-a-route',
      gateways,
      { host: request.host, other: `${taking.kind} ${taking.namespace}/${taking.name}`, ...args },
      taking.source === undefined
        ? []
        : [{ message: 'the route', place: placeOf(taking, 'metadata', 'name') }],
    );
  else if (alike !== undefined) unit.report('host-of-several-objects', hosts, { ...alike, ...args });
  else if (closer !== undefined) unit.report('gateway-closer-host', gateways, { ...closer, ...args });
  else if (atWaypoint !== undefined)
    unit.report('waypoint-destination', hosts, { host: atWaypoint, ...args });
  else if (hidden !== undefined) unit.report('sidecar-destination', hosts, { ...hidden, ...args });
  else if (unseen !== undefined) unit.report('gateway-destination', gateways, { host: unseen, ...args });
  else if (moved !== undefined) unit.report('gateway-in-another-namespace', gateways, { ...moved, ...args });
  else if (isGained)
    unit.report('comes-to-life', vantage.gateways === undefined ? hosts : gateways, {
      place: vantage.label.split(', then ').at(-1) ?? '',
      request: args.request,
      after: args.after,
      ...reasonOfSilence(facts, unit, vantage.gateways !== undefined),
    });
  else {
    const subset = unseenSubset(before);
    if (subset === undefined) unit.report('not-proven', placeOf(unit.vs.resource, 'metadata', 'name'), args);
    else
      unit.report('subset-not-seen', vantage.gateways === undefined ? hosts : gateways, {
        place: vantage.label,
        ...subset,
        ...args,
      });
  }
}

/** The subset of one of several destinations that a gateway or a waypoint does not see today. */
function unseenSubset({ outcome }: DecidedOutcome): ReturnType<typeof subsetNotSeen> {
  if (outcome.kind !== 'forward') return undefined;
  return outcome.destinations.flatMap(({ label }) => subsetNotSeen(label) ?? [])[0];
}

/** Why nothing answers today, in a sentence, and what to correct. */
function reasonOfSilence(
  facts: Facts,
  { vs }: Unit,
  isAtGateway: boolean,
): { readonly reason: string; readonly correction: string } {
  const older = isAtGateway ? vs.gateways.flatMap(gateway => olderThan(facts, gateway) ?? []) : [];
  const [first] = older;
  return first === undefined
    ? {
        reason: 'The proxies do not see the VirtualService or its destination.',
        correction: 'correct exportTo of the VirtualService or of its destination',
      }
    : {
        reason: `Istio Gateway ${first.name} is older, runs on the same pods and has ${first.what} at port ${first.port}.`,
        correction: `change that in Istio Gateway ${first.name}`,
      };
}

/** The older Gateway because of which istiod leaves out a server of one. */
function olderThan(
  facts: Facts,
  key: string,
): { readonly name: string; readonly what: string; readonly port: number } | undefined {
  const gateway = facts.istioGateways.get(key);
  if (gateway === undefined) return undefined;
  const rivals = besideOnPods(facts, gateway).filter(
    other => isOlder(agedOf(other.resource), agedOf(gateway.resource)) === true,
  );
  for (const server of gateway.servers)
    for (const rival of rivals)
      for (const other of rival.servers) {
        const what = conflictOf(other, server);
        if (what !== undefined) return { name: other.gateway, what, port: server.port };
      }
  return undefined;
}

/**
 * The units that answer for a difference: where a gateway behind the next hop goes, those that convert it, and else the members of
 * the group. Whoever only sends to the pods of a gateway can be converted without it.
 *
 * @param free all units that are converted
 */
export function answeringFor(
  facts: Facts,
  free: readonly Unit[],
  members: readonly Unit[],
  { before, aspects, request }: ReturnType<typeof prove>['undeclared'][number]['difference'],
): readonly Unit[] {
  if (!aspects.includes('nextHop')) return members;
  return convertingPods(facts, free, members, hopOf(facts, before.outcome, request.host).pods);
}

/** The same for a connection. */
export function answeringForConnection(
  facts: Facts,
  free: readonly Unit[],
  members: readonly Unit[],
  { behind }: ConnectionDifference,
): readonly Unit[] {
  if (behind === undefined) return members;
  return convertingPods(facts, free, members, podsServiceOf(facts, behind.service));
}

function convertingPods(
  facts: Facts,
  free: readonly Unit[],
  members: readonly Unit[],
  service: string,
): readonly Unit[] {
  const isOnPods = (gateway: string): boolean =>
    facts.istioGateways
      .get(gateway)
      ?.ways.some(way => `${way.service.namespace}/${way.service.name}` === service) ?? false;
  const converting = free.filter(unit => gatewaysOfUnit(unit).some(isOnPods));
  return converting.length > 0 ? converting : members;
}

/** The Service of gateway pods that a request or its mirror is sent to, and for which host. */
function hopOf(
  facts: Facts,
  outcome: DecidedOutcome['outcome'],
  asked: string,
): { readonly service: string; readonly pods: string; readonly host: string } {
  const { destinations = [], mirrorHops = [] } = outcome.kind === 'forward' ? outcome : {};
  const hops = [...destinations, ...mirrorHops].filter(({ nextHop }) => nextHop);
  const [only] = hops.length > 0 ? hops : destinations;
  const service = only?.label ?? 'a Service';
  return { service, pods: podsServiceOf(facts, service), host: only?.nextHop || asked };
}

/** The same as --gateway-service names it; labels are `NAME.NAMESPACE:PORT`, or a host of a ServiceEntry and its port. */
function podsServiceOf({ registry }: Facts, label: string): string {
  const [, host = '', first = '', second] = /^(([^.:]+)(?:\.([^.:]+))?[^:]*):/.exec(label) ?? [];
  const entry = registry.byHost.get(host)?.resource;
  if (entry?.type === 'istio.ServiceEntry') {
    const names = (entry.spec.endpoints ?? []).flatMap(({ address }) =>
      typeof address === 'string' ? (serviceNameOf(lowerCaseHost(address)) ?? []) : [],
    );
    return names[0] === undefined ? 'NAMESPACE/NAME' : `${names[0].namespace}/${names[0].name}`;
  }
  return second === undefined ? 'NAMESPACE/NAME' : `${second}/${first}`;
}

/** Asks for the Service of gateway pods whose namespace decides about requests. */
function reportPodsElsewhere(
  { vs, report }: Unit,
  podsIn: string,
  args: { readonly request: string; readonly before: string; readonly after: string },
): void {
  const namespace = podsIn === elsewhere ? 'another namespace' : `namespace ${podsIn}`;
  const index = Math.max(
    0,
    vs.gateways.findIndex(gateway => gateway !== 'mesh'),
  );
  const gateway = vs.gateways[index] ?? '';
  report('gateway-pods-elsewhere', placeOf(vs.resource, 'spec', 'gateways', index), {
    gateway,
    namespace,
    ...args,
  });
}

/**
 * The route of somebody else whose hostname covers a host, at the same Gateway: requests that its rules do not match get 404, and
 * no route of a wider hostname is asked. This is how it is today where its hostname is the closer one afterwards, or the other way round.
 */
function closerRoute(
  facts: Facts,
  unit: Unit,
  outputs: readonly Output[],
  { request: { host }, before, after }: ReturnType<typeof prove>['undeclared'][number]['difference'],
): Resource | undefined {
  if (before.outcome.kind !== 'no-route' && after.outcome.kind !== 'no-route') return undefined;
  const targets = new Set(
    attachedScopes([unit]).flatMap(({ scope }) =>
      scope.kind === 'gateway' ? [`${scope.target.namespace}/${scope.target.name}`] : [],
    ),
  );
  return facts.routes.find(
    ({ namespace: own, spec, name }) =>
      !outputs.some(({ resource }) => resource.name === name && resource.namespace === own) &&
      (spec.hostnames ?? []).some(hostname => isSubsetOfHost(host, hostname)) &&
      (spec.parentRefs ?? []).some(({ namespace = own, name: parent }) =>
        targets.has(`${namespace}/${parent}`),
      ),
  );
}

/** The route of somebody else that takes a request at a gateway afterwards. */
function routeOfOthers(
  { decision: { rule } }: DecidedOutcome,
  converted: readonly Unit[],
  outputs: readonly Output[],
): Resource | undefined {
  const resource = rule?.origin.resource;
  if (
    resource === undefined ||
    !(resource.type === 'gateway.HTTPRoute' || resource.type === 'gateway.GRPCRoute')
  )
    return undefined;
  // A new object has no source, and one of an earlier run stands for a VirtualService that is converted, too.
  const isOwn =
    resource.source === undefined ||
    outputs.some(
      output => output.resource.kind === resource.kind && output.resource.name === resource.name,
    ) ||
    converted.some(
      ({ vs }) => `${resource.name}-`.startsWith(`${vs.name}-`) && vs.namespace === resource.namespace,
    );
  return isOwn ? undefined : resource;
}

/**
 * Whether a host inside the mesh has no route of a unit although the unit has a say in it: the ServiceEntry that the route
 * takes as a whole, or `host` for one that a wildcard covers.
 */
function leftOut({ vs, plans }: Unit, host: string): string | undefined {
  const services = plans.flatMap(({ scopes }) =>
    scopes.flatMap(scope => (scope.kind === 'mesh' ? [scope.service] : [])),
  );
  if (services.some(service => service.host === host)) return undefined;
  const entry = services.find(({ resource }) =>
    resource?.type === 'istio.ServiceEntry'
      ? resource.spec.hosts.some(one => lowerCaseHost(one) === host)
      : false,
  );
  if (entry !== undefined) return `${entry.namespace}/${entry.name}`;
  const isCovered = vs.hosts.some(one => isWildcard(one) && isSubsetOfHost(host, one));
  return isCovered && plans.length > 0 ? 'host' : undefined;
}

/** The Services and ServiceEntries of a host that several of them have, and the one that the route is attached to. */
function objectsOfHost(
  { registry }: Facts,
  unit: Unit,
  host: string,
): { readonly host: string; readonly objects: string; readonly own: string } | undefined {
  const attached = scopesOfUnit(unit).flatMap(scope =>
    scope.kind === 'mesh' && scope.service.host === host ? [scope.service] : [],
  )[0];
  const all = registry.ofSameHost.get(host);
  if (attached === undefined || all === undefined) return undefined;
  const nameOf = ({ kind, namespace, name }: MeshService) => `${kind} ${namespace}/${name}`;
  return { host, objects: all.map(nameOf).join(' and '), own: nameOf(attached) };
}

function isForSidecars({ registry, dataPlanes }: Facts, host: string): boolean {
  const service = findService(registry, host);
  return service !== undefined && dataPlanes.of(service) === 'sidecar';
}

/** @returns whether it is because of a Gateway that does not take the route */
function reportRefusal(
  facts: Facts,
  after: World,
  unit: Unit,
  outputs: readonly Output[],
  host: string | undefined,
  args: { readonly request: string; readonly before: string; readonly after: string },
): boolean {
  const { vs, report } = unit;
  const refusal = refusalOf(facts, after, outputs, host);
  if (refusal === undefined) return false;
  const { gateway, route, reason } = refusal;
  const bound = scopesOfUnit(unit).find(
    scope =>
      scope.kind === 'gateway' &&
      scope.target.namespace === gateway.namespace &&
      scope.target.name === gateway.name,
  );
  const index = bound === undefined ? -1 : vs.gateways.indexOf(bound.gateway);
  const place = placeOf(vs.resource, 'spec', 'gateways', ...(index < 0 ? [] : [index]));
  const related =
    gateway.source === undefined
      ? []
      : [
          {
            message: `a listener of Gateway ${gateway.namespace}/${gateway.name}`,
            place: placeOf(gateway, 'spec', 'listeners'),
          },
        ];
  const name = `${gateway.namespace}/${gateway.name}`;
  const said = { gateway: name, route: `${route.kind} ${route.namespace}/${route.name}`, reason };
  report('gateway-takes-no-route', place, { ...said, ...args }, related);
  return true;
}

/** Istio Gateways that are mapped to the same Gateway as one of a unit, or to the same listener of it. */
function joinedGateways(
  unit: Unit,
  converted: readonly Unit[],
): { readonly gateways: string; readonly target: string } | undefined {
  const byTarget = new Map<string, Set<string>>();
  for (const { scope } of attachedScopes(converted)) {
    if (scope.kind !== 'gateway') continue;
    const target = targetName(scope.target);
    byTarget.set(target, (byTarget.get(target) ?? new Set()).add(scope.gateway));
  }
  const own = attachedScopes([unit]).flatMap(({ scope }) =>
    scope.kind === 'gateway' ? [targetName(scope.target)] : [],
  );
  const found = own.find(target => (byTarget.get(target)?.size ?? 0) > 1);
  return found === undefined
    ? undefined
    : { gateways: [...(byTarget.get(found) ?? [])].join(' and '), target: found };
}

function targetName({ namespace, name, sectionName }: GatewayTarget): string {
  return `${namespace}/${name}${sectionName === undefined ? '' : `#${sectionName}`}`;
}

/** The same for a connection. */
export function reportUnprovenConnection(
  facts: Facts,
  sides: Sides,
  unit: Unit,
  outputs: readonly Output[],
  {
    connection,
    before,
    after: now,
    beside,
    behind,
    comesToLifeAt,
    podsIn,
    gateways,
    unseen,
  }: ConnectionDifference,
): void {
  const args = { request: `a connection to ${connection}`, before, after: now };
  const moved = gatewayNamespaces(sides, gateways);
  if (podsIn !== undefined) reportPodsElsewhere(unit, podsIn, args);
  else if (beside !== undefined)
    unit.report('service-entry-hosts', placeOf(unit.vs.resource, 'spec', 'hosts'), { ...beside, ...args });
  else if (behind !== undefined)
    unit.report('gateway-behind-route', placeOf(unit.vs.resource, 'spec', 'gateways'), {
      request: `a connection to ${connection}`,
      ...behind,
      pods: podsServiceOf(facts, behind.service),
    });
  else if (reportRefusal(facts, sides.after, unit, outputs, undefined, args)) return;
  else if (moved !== undefined)
    unit.report('gateway-in-another-namespace', placeOf(unit.vs.resource, 'spec', 'gateways'), {
      ...moved,
      ...args,
    });
  else if (comesToLifeAt !== undefined)
    unit.report('comes-to-life', placeOf(unit.vs.resource, 'spec', 'hosts'), {
      place: comesToLifeAt,
      request: args.request,
      after: now,
      ...reasonOfSilence(
        facts,
        unit,
        unit.vs.gateways.some(gateway => gateway !== 'mesh'),
      ),
    });
  else if (unseen !== undefined)
    unit.report(
      'subset-not-seen',
      placeOf(unit.vs.resource, 'spec', gateways === undefined ? 'hosts' : 'gateways'),
      {
        ...unseen,
        ...args,
      },
    );
  else unit.report('not-proven', placeOf(unit.vs.resource, 'metadata', 'name'), args);
}
