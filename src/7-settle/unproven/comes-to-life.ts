import { besideOnPods, type Facts } from '../../3-link/facts.ts';
import { conflictOf } from '../../3-link/gateways/merge-servers.ts';
import { agedOf, isOlder } from '../../3-link/virtual-services.ts';
import { failingShare } from '../../semantics/effect.ts';
import type { Unit } from '../unit.ts';
import {
  gatewaysPlaceOf,
  hostsOf,
  inWords,
  isInMesh,
  type Reason,
  told,
  type Undeclared,
} from './unproven.ts';

/** Nothing answers the request today, and a route would. */
export const comesToLife: Reason = unproven => {
  const { facts, unit, vantage, difference } = unproven;
  if (!isGained(difference)) return undefined;
  const { request, after } = inWords(unproven);
  return told('comes-to-life', isInMesh(unproven) ? hostsOf(unit) : gatewaysPlaceOf(unit), {
    request: at(request, vantage.label),
    after,
    ...reasonOfSilence(facts, unit, !isInMesh(unproven)),
  });
};

/** @returns a request or a connection with the last proxy on its way, by which some are named already */
export function at(request: string, label: string): string {
  const place = label.split(', then ').at(-1) ?? '';
  return request.includes(place) ? request : `${request} at ${place}`;
}

/** Whether a request fails today and would not afterwards. */
export function isGained({ before, after }: Undeclared['difference']): boolean {
  return (
    before.outcome.kind === 'no-route' ||
    (failingShare(before.outcome) === 1 && failingShare(after.outcome) < 1)
  );
}

/** @returns why nothing answers today, in a sentence, and what to correct */
export function reasonOfSilence(
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
