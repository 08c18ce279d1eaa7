import { isSubsetOfHost } from '../3-link/hostname.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Output } from '../6-emit/edit.ts';
import type { DecidedOutcome, Difference } from '../semantics/compare.ts';
import type { Vantage } from '../semantics/vantage.ts';
import type { Unit } from './unit.ts';

/** Two VirtualServices that have a host at a gateway by different hosts. */
export interface OverlappingHostnames {
  readonly host: string;
  readonly first: string;
  readonly second: string;
  readonly hostnames: string;
}

/**
 * Finds the VirtualService that takes a request today and the one whose route takes it afterwards, where they have the host by
 * different names: istiod sorts the routes of one hostname together, and puts those of another before or after all of them by age.
 *
 * @returns undefined where something else is the reason
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, mergeHTTPRoutes
 */
export function overlappingHostnames(
  outputs: ReadonlyMap<Unit, readonly Output[]>,
  { gateways, host }: Pick<Vantage, 'gateways' | 'host'>,
  { before, after }: Pick<Difference, 'before' | 'after'>,
): OverlappingHostnames | undefined {
  if (gateways === undefined) return undefined;
  const taken = before.decision.rule?.origin;
  const today = (taken?.root ?? taken)?.resource;
  const then = routeOf(after);
  if (today === undefined || then === undefined) return undefined;
  const units = [...outputs];
  const [first] = units.flatMap(([{ vs }]) => (vs.resource === today ? [vs] : []));
  const [second] = units.flatMap(([{ vs }, own]) =>
    own.some(
      ({ resource }) =>
        resource.kind === then.kind && resource.namespace === then.namespace && resource.name === then.name,
    )
      ? [vs]
      : [],
  );
  if (first === undefined || second === undefined || first === second) return undefined;
  const names = [patternFor(first, host), patternFor(second, host)];
  if (names[0] === names[1]) return undefined;
  return { host, first: nameOf(first), second: nameOf(second), hostnames: names.join(' and ') };
}

function routeOf({ decision }: DecidedOutcome) {
  return decision.rule?.origin.resource;
}

/** The closest host of a VirtualService that covers another one. */
function patternFor({ hosts }: ResolvedVirtualService, host: string): string | undefined {
  return hosts
    .filter(pattern => isSubsetOfHost(host, pattern))
    .toSorted((one, other) => other.length - one.length)[0];
}

function nameOf({ namespace, name }: ResolvedVirtualService): string {
  return `${namespace}/${name}`;
}
