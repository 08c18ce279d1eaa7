import { besideOnPods, type Facts } from '../../3-link/facts.ts';
import { conflictOf } from '../../3-link/gateways/merge-servers.ts';
import { agedOf, isOlder } from '../../3-link/virtual-services.ts';
import { hostWithoutCluster, subsetNotSeen } from '../../semantics/backend.ts';
import { failingShare } from '../../semantics/effect.ts';
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
  const { outcome } = difference.before;
  return told('comes-to-life', isInMesh(unproven) ? hostsOf(unit) : gatewaysPlaceOf(unit), {
    request: at(request, vantage.label),
    after,
    ...reasonOfSilence(facts, {
      gateways: vantage.gateways ?? [],
      kind: isInMesh(unproven) ? (vantage.client === undefined ? 'waypoint' : 'sidecar') : 'gateway',
      backends: outcome.kind === 'forward' ? outcome.destinations.map(({ label }) => label) : [],
    }),
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

/** A place where nothing answers today. */
export interface SilentPlace {
  readonly kind: 'gateway' | 'waypoint' | 'sidecar';
  /** At a gateway, the Istio Gateways and Gateways on either side, by `NAMESPACE/NAME`. */
  readonly gateways: readonly string[];
  /** The backends of today, where a rule takes the request or the connection. */
  readonly backends: readonly string[];
}

/** @returns why nothing answers today, in a sentence, and what to correct */
export function reasonOfSilence(
  facts: Facts,
  { kind, gateways, backends }: SilentPlace,
): { readonly reason: string; readonly correction: string } {
  const [rival] = backends.length > 0 ? [] : gateways.flatMap(gateway => rivalOf(facts, gateway) ?? []);
  if (rival !== undefined) {
    const { name, what, port, isKnownOlder } = rival;
    return {
      reason: isKnownOlder
        ? `Istio Gateway ${name} is older, runs on the same pods and has ${what} at port ${port}.`
        : `Istio Gateway ${name} runs on the same pods and has ${what} at port ${port}, too: istiod serves the older one.`,
      correction: `change that in Istio Gateway ${name}`,
    };
  }
  const [unseen] = backends.flatMap(label => subsetNotSeen(label) ?? []);
  if (unseen !== undefined)
    return {
      reason: `The ${kind} does not see a DestinationRule that defines subset ${unseen.subset} of ${unseen.host}.`,
      correction: 'correct exportTo of the DestinationRule',
    };
  const [host] = backends.flatMap(label => hostWithoutCluster(label) ?? []);
  if (host !== undefined && kind === 'waypoint')
    return {
      reason: `The waypoint has no cluster for ${host}: istiod gives it clusters for VirtualServices that name one of its Services, not for wildcards.`,
      correction: 'name the Services in spec.hosts, instead of the wildcard',
    };
  if (host !== undefined)
    return {
      reason: `The ${kind} has no cluster for ${host}, which it does not see.`,
      correction: `correct exportTo of ${host}`,
    };
  return {
    reason: 'The proxies do not see the VirtualService or its destination.',
    correction: 'correct exportTo of the VirtualService or of its destination',
  };
}

/** The Gateway because of which istiod leaves out a server of one: an older one, or one that may be older. */
function rivalOf(
  facts: Facts,
  key: string,
):
  | { readonly name: string; readonly what: string; readonly port: number; readonly isKnownOlder: boolean }
  | undefined {
  const gateway = facts.istioGateways.get(key);
  if (gateway === undefined) return undefined;
  const rivals = besideOnPods(facts, gateway)
    .map(rival => ({ ...rival, isOlder: isOlder(agedOf(rival.resource), agedOf(gateway.resource)) }))
    .filter(rival => rival.isOlder !== false)
    .toSorted((a, b) => Number(b.isOlder ?? false) - Number(a.isOlder ?? false));
  for (const rival of rivals)
    for (const server of gateway.servers)
      for (const other of rival.servers) {
        const what = conflictOf(other, server);
        if (what !== undefined)
          return { name: other.gateway, what, port: server.port, isKnownOlder: rival.isOlder === true };
      }
  return undefined;
}
