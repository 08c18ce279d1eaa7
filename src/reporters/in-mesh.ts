import type { AnyResource } from '../2-decode/resource.ts';
import { includesNamespace } from '../3-link/export-to.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { memoised, once } from '../3-link/memoised.ts';
import type { VirtualService } from '../3-link/virtual-services.ts';
import { decideRequest } from '../semantics/compare-request.ts';
import { type ConnectionVantage, meshConnections } from '../semantics/connection-vantages.ts';
import { outcomeOf, type Table } from '../semantics/decide.ts';
import { describeRequest } from '../semantics/describe.ts';
import { explore } from '../semantics/explore.ts';
import { meshPlaces, type Outlook, touchedHosts } from '../semantics/places.ts';
import { requestFrom } from '../semantics/request.ts';
import type { Vantage } from '../semantics/vantage.ts';
import { withoutLists } from '../semantics/without-lists.ts';
import type { World } from '../semantics/world.ts';
import { type Arrival, connectionArrival, type IsThere, mostSorts, told } from './arrivals.ts';

/** A VirtualService that is bound to the mesh, as far as clients can tell it from others. */
interface Member {
  readonly resource: VirtualService;
  readonly hosts: readonly string[];
  readonly exportTo: readonly string[];
}

/** The cluster before the routes come, and with routes and VirtualServices. */
export interface MeshOnTheWay {
  readonly today: () => World;
  readonly prepared: World;
  readonly fromOf: NonNullable<Outlook['fromOf']>;
}

/**
 * The arrivals at proxies inside the mesh where several VirtualServices that go have a say: each host and port as each client
 * namespace sees it, and as its waypoint does. Places and tables are those of the proof.
 */
export function arrivalsInMesh(
  { today, prepared, fromOf }: MeshOnTheWay,
  goes: (resource: AnyResource) => boolean,
): readonly Arrival[] {
  const members = membersOf(prepared, goes);
  const exact = groupByEach(members, ({ hosts }) => new Set(hosts.filter(host => !isWildcard(host))));
  const wide = members.filter(({ hosts }) => hosts.some(isWildcard));
  const isShared = [...exact.values()].some(own => own.length > 1) || (wide.length > 0 && members.length > 1);
  if (!isShared) return [];
  const hosts = touchedHosts(today(), prepared, new Set(members.flatMap(member => member.hosts)));
  return hosts.flatMap(host => {
    const candidates = isWildcard(host) ? members : [...new Set([...(exact.get(host) ?? []), ...wide])];
    const own = candidates.filter(member => member.hosts.some(one => hostsOverlap(one, host)));
    return own.length < 2 ? [] : arrivalsFor(host, own, { today, prepared, fromOf });
  });
}

function membersOf(
  { mesh, connections }: World,
  goes: (resource: AnyResource) => boolean,
): readonly Member[] {
  const lists = [
    ...[...mesh.byHost.values()].flat(),
    ...mesh.wildcards,
    ...connections.filter(({ bindings }) => bindings.includes('mesh')),
  ];
  const found = lists.flatMap(({ resource, hosts, exportTo }) => {
    const one = resource as AnyResource;
    return one.type === 'istio.VirtualService' && goes(one) ? [{ resource: one, hosts, exportTo }] : [];
  });
  return [...new Map(found.map(member => [member.resource, member])).values()];
}

/** The places from which a host can look different, with what becomes of requests and connections in one state. */
interface State {
  readonly requests: readonly Vantage[];
  readonly connections: readonly ConnectionVantage[];
}

/** The states of one host by the VirtualServices that are there; all have the same places. */
interface States {
  readonly today: () => State;
  readonly with: (isThere: IsThere) => State;
  /** Those that some of the VirtualServices can be told apart in: before, none is there, only one of them is. */
  readonly telling: () => readonly State[];
}

function arrivalsFor(
  host: string,
  members: readonly Member[],
  { today, prepared, fromOf }: MeshOnTheWay,
): readonly Arrival[] {
  const outlook = { gatewayMap: [], fromOf };
  // All lists are on one side, so that the places are the same whatever the other side is.
  const stateOf = (world: World): State => ({
    requests: meshPlaces(prepared, world, host, outlook),
    connections: meshConnections(prepared, world, host, outlook),
  });
  const resources = members.map(({ resource }) => resource);
  const known = memoised((key: string) =>
    stateOf(
      withoutLists(
        prepared,
        resources.filter((_, index) => key[index] === '0'),
      ),
    ),
  );
  const states: States = {
    today: once(() => stateOf(today())),
    with: isThere => known(resources.map(resource => Number(isThere(resource))).join('')),
    telling: once(() => [
      states.today(),
      states.with(() => false),
      ...resources.map(one => states.with(resource => resource === one)),
    ]),
  };
  const seenBy = (client: string | undefined) =>
    members
      .filter(({ exportTo }) => client === undefined || includesNamespace(exportTo, client))
      .map(({ resource }) => resource);
  const { requests, connections } = states.with(() => true);
  return [
    ...requests.map((vantage, index) => ofRequests(vantage, index, seenBy(vantage.client), states)),
    ...connections.map((vantage, index) => ofConnections(vantage, index, seenBy(vantage.client), states)),
  ].filter(({ virtualServices }) => virtualServices.length > 1);
}

function ofRequests(
  { host, address, isName }: Vantage,
  index: number,
  virtualServices: readonly AnyResource[],
  states: States,
): Arrival {
  const tableIn = ({ requests }: State): Table => requests[index]?.after ?? noTable;
  const requests = once(() => {
    const tables = states.telling().map(tableIn);
    const authorities = { usual: address.host, includes: isName };
    const scheme = new Map([['scheme', address.scheme]]);
    const { witnesses } = explore(tables, mostSorts, authorities, scheme);
    return witnesses.map(({ probe }) => requestFrom(probe, address));
  });
  const outcomesIn = (table: Table) =>
    requests().map(request => told(outcomeOf(table, decideRequest(table, request), request)));
  return {
    at: 'mesh',
    virtualServices,
    sorts: () => requests().map(request => ({ host, example: describeRequest(request) })),
    before: () => outcomesIn(tableIn(states.today())),
    outcomes: isThere => outcomesIn(tableIn(states.with(isThere))),
  };
}

const noTable: Table = { rules: [], fallback: undefined, httpsRedirect: false };

function ofConnections(
  { host, service, port }: ConnectionVantage,
  index: number,
  virtualServices: readonly AnyResource[],
  states: States,
): Arrival {
  const rulesIn = ({ connections }: State) => connections[index]?.after ?? [];
  const nameless = `${service?.host ?? host}:${port}`;
  return connectionArrival({ at: 'mesh', virtualServices, port }, nameless, {
    all: () => states.telling().flatMap(rulesIn),
    before: () => rulesIn(states.today()),
    with: isThere => rulesIn(states.with(isThere)),
  });
}
