import type { Facts } from '../../3-link/facts.ts';
import { lowerCaseHost, serviceNameOf } from '../../3-link/host.ts';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import type { DecidedOutcome } from '../../semantics/compare.ts';
import { describeRequest } from '../../semantics/describe.ts';
import type { ConnectionDifference } from '../prove-connections.ts';
import { gatewaysOfUnit } from '../settle-gateways.ts';
import type { Unit } from '../unit.ts';
import { gatewaysPlaceOf, type Reason, told, type Undeclared } from './unproven.ts';

/** A destination is the pods of a gateway whose VirtualServices are converted. */
export const gatewayBehindRoute: Reason = ({ facts, unit, difference: { aspects, request, before } }) =>
  aspects.includes('nextHop')
    ? told('gateway-behind-route', gatewaysPlaceOf(unit), {
        request: describeRequest(request),
        ...hopOf(facts, before.outcome, request.host),
      })
    : undefined;

/** The same for a connection. */
export function gatewayBehindConnection(
  facts: Facts,
  unit: Unit,
  { connection, behind }: Pick<ConnectionDifference, 'connection' | 'behind'>,
): Finding | undefined {
  if (behind === undefined) return undefined;
  return told('gateway-behind-route', gatewaysPlaceOf(unit), {
    request: `a connection to ${connection}`,
    ...behind,
    pods: podsServiceOf(facts, behind.service),
  });
}

/**
 * The units that answer for a difference: where a gateway behind the next hop goes, those that convert it, and else the members of
 * the group. A VirtualService that only sends to the pods of a gateway can be converted without it.
 *
 * @param free all units that are converted
 */
export function answeringFor(
  facts: Facts,
  free: readonly Unit[],
  members: readonly Unit[],
  { before, aspects, request }: Undeclared['difference'],
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
