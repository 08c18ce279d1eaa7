import { hostWithoutCluster, subsetNotSeen } from '../semantics/backend.ts';
import { compareConnections, describeConnectionRule } from '../semantics/compare-connections.ts';
import type { ConnectionVantage } from '../semantics/connection-vantages.ts';
import type { ConnectionRule } from '../semantics/connections.ts';
import { appliesToClient, type Deviation } from '../semantics/deviation.ts';
import type { Translated } from './prove.ts';
import type { Unit } from './unit.ts';
import type { SilentPlace } from './unproven/comes-to-life.ts';

/** A connection that the two sides treat differently. */
export interface ConnectionDifference {
  /** `reviews.bookinfo:443 for a.example.com`. */
  readonly connection: string;
  readonly before: string;
  readonly after: string;
  /** The place where no rule takes it today, though one will. */
  readonly comesToLifeAt?: SilentPlace & { readonly label: string };
  /** At a gateway, the Istio Gateways and Gateways on either side, by `NAMESPACE/NAME`. */
  readonly gateways?: readonly string[];
  /** Where it is so only if the pods of a gateway run there. */
  readonly podsIn?: string;
  /** Where a gateway takes it today that serves its host no more. */
  readonly behind?: { readonly service: string; readonly host: string };
  /** The subset that the proxy does not see today, where it is sent to one. */
  readonly unseen?: { readonly place: string; readonly host: string; readonly subset: string };
  /** Where a waypoint loses the cluster for it that the VirtualService of somebody else needs. */
  readonly lost?: { readonly host: string; readonly other: string; readonly name: string };
  /** Where it goes to a host that a route takes along with its ServiceEntry. */
  readonly beside?: { readonly serviceEntry: string; readonly host: string };
  /** The host inside the mesh that it is for. */
  readonly meshHost?: string;
}

/** The result of trying connections on both sides. */
export interface ConnectionProof {
  readonly connections: number;
  /** Those that nobody declared. */
  readonly differences: readonly ConnectionDifference[];
  /** The connections that each declared deviation accounts for. */
  readonly declared: ReadonlyMap<Deviation, ReadonlySet<string>>;
}

/**
 * Tries every port and every name that either side tells apart, at the places that a group touches.
 *
 * @param deviations of these, what is said of connections to a host counts, and what is said of the clients of some namespaces,
 * where they reach nothing today
 * @param keysOf what a rule is, or is made of
 */
export function proveConnections(
  vantages: readonly ConnectionVantage[],
  members: readonly Unit[],
  deviations: readonly Deviation[],
  keysOf: Translated['keysOf'],
): ConnectionProof {
  const differences: ConnectionDifference[] = [];
  const declared = new Map<Deviation, Set<string>>();
  let connections = 0;
  for (const vantage of vantages) {
    if (vantage.before.length + vantage.after.length === 0) continue;
    const comparison = compareConnections(vantage.before, vantage.after);
    connections += comparison.connections;
    const where = nameOf(vantage);
    for (const { sni, before, after } of comparison.differences) {
      if (!vantage.concerns(sni, before)) continue;
      const connection = sni === undefined ? where : `${where} with SNI ${sni}`;
      const isNothing = reachesNothing(before);
      const takenBy = new Set(
        [before, after].flatMap(rule => (rule === undefined ? [] : keysOf(rule.origin))),
      );
      const meant = deviations.filter(
        deviation =>
          deviation.connectsTo?.(vantage.service?.host ?? vantage.host) === true ||
          (isNothing && appliesToClient(deviation, vantage.client, takenBy)),
      );
      for (const deviation of meant)
        declared.set(deviation, (declared.get(deviation) ?? new Set()).add(`connections to ${connection}`));
      if (meant.length > 0) continue;
      const beside = besideOf(vantage, members, after);
      differences.push({
        connection,
        before: describeConnectionRule(before, after),
        after: describeConnectionRule(after, before),
        ...(vantage.gateways === undefined ? {} : { gateways: vantage.gateways }),
        ...(vantage.podsIn === undefined ? {} : { podsIn: vantage.podsIn }),
        ...(isGained(before, after) ? { comesToLifeAt: silentPlace(vantage, before) } : {}),
        ...lostOf(vantage, before, after),
        ...(beside === undefined ? {} : { beside }),
        ...(vantage.service === undefined ? {} : { meshHost: vantage.service.host }),
        ...behindOf(before, after),
        ...unseenOf(vantage, before),
      });
    }
  }
  return { connections, differences, declared };
}

function unseenOf(
  { label }: ConnectionVantage,
  before: ConnectionRule | undefined,
): Pick<ConnectionDifference, 'unseen'> {
  const [found] = (before?.destinations ?? []).flatMap(one => subsetNotSeen(one.label) ?? []);
  return found === undefined ? {} : { unseen: { place: label, ...found } };
}

function silentPlace(
  { gateways = [], client, label }: ConnectionVantage,
  before: ConnectionRule | undefined,
): SilentPlace & { readonly label: string } {
  const kind = gateways.length > 0 ? 'gateway' : client === undefined ? 'waypoint' : 'sidecar';
  return { kind, gateways, label, backends: (before?.destinations ?? []).map(one => one.label) };
}

/** Whether a connection that nobody takes today, or that has no cluster, gets through afterwards. */
function isGained(before: ConnectionRule | undefined, after: ConnectionRule | undefined): boolean {
  if (before === undefined) return true;
  return hiddenIn(before) !== undefined && reachesNothing(before) && !reachesNothing(after);
}

function lostOf(
  { service, client, gateways }: ConnectionVantage,
  before: ConnectionRule | undefined,
  after: ConnectionRule | undefined,
): Pick<ConnectionDifference, 'lost'> {
  const host = hiddenIn(after);
  if (service === undefined || client !== undefined || gateways !== undefined) return {};
  if (host === undefined || after === undefined || hiddenIn(before) === host) return {};
  const { kind, namespace, name } = after.origin.resource;
  if (kind !== 'VirtualService') return {};
  return { lost: { host, other: `${kind} ${namespace}/${name}`, name: service.host } };
}

/** @returns the host of a destination that exists and that the proxy has no cluster for */
function hiddenIn(rule: ConnectionRule | undefined): string | undefined {
  const [host] = (rule?.destinations ?? []).flatMap(({ label }) => hostWithoutCluster(label) ?? []);
  return host;
}

/** Whether some destination has no cluster. */
function reachesNothing(rule: ConnectionRule | undefined): boolean {
  return rule?.destinations.some(({ backend }) => backend.startsWith('missing ')) ?? false;
}

/** A gateway behind a destination that serves the host on the first side alone. */
function behindOf(
  before: ConnectionRule | undefined,
  after: ConnectionRule | undefined,
): Pick<ConnectionDifference, 'behind'> {
  const left = before?.destinations.find(({ backend, nextHop }) => {
    const same = after?.destinations.find(other => other.backend === backend);
    return nextHop && same !== undefined && same.nextHop !== nextHop;
  });
  return left?.nextHop ? { behind: { service: left.label, host: left.nextHop } } : {};
}

function nameOf({ label, host, port, client, gateways }: ConnectionVantage): string {
  if (gateways !== undefined) return `${label}:${port}`;
  return client === undefined
    ? `${host}:${port} at the ${label}`
    : `${host}:${port} from namespace ${client}`;
}

/** A host of a ServiceEntry that the VirtualServices do not name, or not the one with the name of a connection, and that a route takes along. */
function besideOf(
  { service }: ConnectionVantage,
  members: readonly Unit[],
  after: ConnectionRule | undefined,
): ConnectionDifference['beside'] | undefined {
  if (service?.kind !== 'ServiceEntry' || service.resource === undefined) return undefined;
  const names = after?.sniHosts ?? [];
  const taking = members.filter(({ connections }) =>
    connections.some(({ hostnames }) => hostnames.some(name => names.includes(name))),
  );
  const attached = (taking.length > 0 ? taking : members)
    .flatMap(({ connections }) => connections.flatMap(({ scopes }) => scopes))
    .flatMap(scope => (scope.kind === 'mesh' ? [scope.service] : []));
  if (attached.some(({ host }) => host === service.host)) return undefined;
  return attached.some(({ resource }) => resource === service.resource)
    ? { serviceEntry: `${service.namespace}/${service.name}`, host: service.host }
    : undefined;
}
