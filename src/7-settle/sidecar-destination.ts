import { findService } from '../3-link/registry.ts';
import { type SidecarClient, selectorOf } from '../3-link/sidecars.ts';
import type * as istio from '../istio/index.ts';
import { hostWithoutCluster } from '../semantics/backend.ts';
import type { DecidedOutcome, Difference } from '../semantics/compare.ts';
import type { Vantage } from '../semantics/vantage.ts';
import type { World } from '../semantics/world.ts';
import type { Sides } from './conversion-vantages.ts';
import type { Unit } from './unit.ts';

/** A destination that sidecars of some namespace have no cluster for. */
export interface HiddenDestination {
  readonly namespace: string;
  readonly host: string;
  readonly when: 'today' | 'after the conversion' | 'neither today nor after the conversion';
}

/**
 * Finds the destination that makes a request of a sidecar end otherwise because istiod gives the sidecar no cluster for it on one
 * side, or on both, where a VirtualService returns 503 and a route 500.
 *
 * @returns undefined where clusters have nothing to do with the difference
 */
export function hiddenDestination(
  { before, after }: Pick<Sides, 'before' | 'after'>,
  { vs }: Unit,
  { client, address: { port } }: Pick<Vantage, 'client' | 'address'>,
  difference: Pick<Difference, 'before' | 'after' | 'aspects'>,
): HiddenDestination | undefined {
  if (client === undefined) return undefined;
  const [today, then] = [hiddenIn(difference.before), hiddenIn(difference.after)];
  const destination = today ?? then;
  if (destination !== undefined) return said(client, destination, today !== undefined, then !== undefined);
  if (!difference.aspects.includes('mirrors')) return undefined;
  for (const { host, port: named } of vs.http.flatMap(({ http }) => mirrorsOf(http))) {
    const [isHidden, willBe] = [before, after].map(world =>
      isHiddenFrom(world, client, host, named?.number ?? port),
    );
    if (isHidden || willBe) return said(client, host, isHidden === true, willBe === true);
  }
  return undefined;
}

/** @returns the destination for which the waypoint that a request is sent to afterwards has no cluster */
export function hiddenFromWaypoint(
  { gateways, client, moves }: Pick<Vantage, 'gateways' | 'client' | 'moves'>,
  { after }: Pick<Difference, 'after'>,
): string | undefined {
  return gateways === undefined && (client === undefined || moves) ? hiddenIn(after) : undefined;
}

function said(namespace: string, host: string, today: boolean, then: boolean): HiddenDestination {
  if (!then) return { namespace, host, when: 'today' };
  return { namespace, host, when: today ? 'neither today nor after the conversion' : 'after the conversion' };
}

function hiddenIn({ outcome }: DecidedOutcome): string | undefined {
  if (outcome.kind !== 'forward') return undefined;
  const [host] = outcome.destinations.flatMap(({ label }) => hostWithoutCluster(label) ?? []);
  return host;
}

function mirrorsOf({ mirror, mirrors = [] }: istio.HTTPRoute): readonly istio.Destination[] {
  return [...(mirror === undefined ? [] : [mirror]), ...mirrors.map(({ destination }) => destination)];
}

/** Whether some sidecar of a namespace has no cluster for a port of a Service: Sidecar objects may tell pods apart. */
function isHiddenFrom(world: World, namespace: string, host: string, port: number): boolean {
  const service = findService(world.registry, host);
  if (service === undefined) return false;
  const own = world.mesh.sidecars.all.filter(sidecar => sidecar.namespace === namespace);
  const clients: readonly SidecarClient[] = [{}, ...own.map(selectorOf)].map(labels => ({
    namespace,
    labels,
  }));
  return clients.some(client => world.clusters.ofSidecar(client)?.(service, port) === false);
}
