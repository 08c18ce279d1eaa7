import { placeOf } from '../../2-decode/place-of.ts';
import type { Resource } from '../../2-decode/resource.ts';
import type { Facts } from '../../3-link/facts.ts';
import { isSubsetOfHost } from '../../3-link/hostname.ts';
import type { Output } from '../../6-emit/edit.ts';
import type { Related } from '../../diagnostics/diagnostic.ts';
import type { DecidedOutcome } from '../../semantics/compare.ts';
import { foreignRoute } from '../routes-there.ts';
import { attachedScopes, type Unit } from '../unit.ts';
import {
  gatewaysPlaceOf,
  hostsOf,
  inWords,
  isInMesh,
  type Reason,
  told,
  type Undeclared,
} from './unproven.ts';

/** A route of somebody else is attached to a Service of the VirtualService. */
export const hostHasARoute: Reason = unproven => {
  const { facts, unit, outputs } = unproven;
  const found = foreignRoute(facts, unit, outputs);
  if (found === undefined) return undefined;
  const { route, service } = found;
  const args = { host: service, other: nameOf(route), ...inWords(unproven) };
  return told('host-has-a-route', hostsOf(unit), args, relatedTo(route));
};

/** A route of somebody else takes the request at a gateway, or has the host by a closer hostname. */
export const gatewayHasARoute: Reason = unproven => {
  if (isInMesh(unproven)) return undefined;
  const { facts, unit, converted, outputs, difference } = unproven;
  const taking =
    routeOfOthers(difference.after, converted, outputs) ?? closerRoute(facts, unit, outputs, difference);
  if (taking === undefined) return undefined;
  const args = { host: difference.request.host, other: nameOf(taking), ...inWords(unproven) };
  return told('gateway-has-a-route', gatewaysPlaceOf(unit), args, relatedTo(taking));
};

function nameOf({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace}/${name}`;
}

function relatedTo(route: Resource): readonly Related[] {
  if (route.source === undefined) return [];
  return [{ message: 'the route', place: placeOf(route, 'metadata', 'name') }];
}

/**
 * The route of somebody else whose hostname covers a host, at the same Gateway: requests that its rules do not match get 404, and
 * no route of a wider hostname is asked. This is how it is today where its hostname is the closer one afterwards, or the other way round.
 */
function closerRoute(
  facts: Facts,
  unit: Unit,
  outputs: readonly Output[],
  { request: { host }, before, after }: Undeclared['difference'],
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
