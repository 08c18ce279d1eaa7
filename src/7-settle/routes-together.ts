import { placeOf } from '../2-decode/place-of.ts';
import { isRoute } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { isWildcard } from '../3-link/hostname.ts';
import { findService } from '../3-link/registry.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Output } from '../6-emit/edit.ts';
import { neighboursOf, parentHosts } from './touched.ts';
import { attachedScopes, type Unit } from './unit.ts';

/**
 * Tells of Services that a wildcard host decides for today, be it for some clients, and that get several routes, one for each port,
 * each protocol or each namespace of clients: as soon as a route names a Service, sidecars leave nothing of it to wildcards, neither
 * at other ports nor for others. A TLSRoute takes the requests of HTTP away from the wildcard as well.
 *
 * @param outputs what takes the place of each unit
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex
 */
export function reportRoutesTogether(
  facts: Facts,
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): void {
  const covering = facts.virtualServices.filter(
    ({ gateways, hosts }) => gateways.includes('mesh') && hosts.some(isWildcard),
  );
  if (covering.length === 0) return;
  const made = [...outputs].flatMap(([unit, own]) =>
    own.flatMap(({ resource }) => (isRoute(resource) ? [{ unit, route: resource }] : [])),
  );
  const { entryHosts } = neighboursOf(facts);
  const byHost = groupByEach(made, ({ route }) => new Set(parentHosts(route, entryHosts)));
  const unitOf = new Map(units.map(unit => [unit.vs, unit]));
  for (const vs of covering) {
    const own = unitOf.get(vs);
    const attached = new Set(own === undefined ? [] : sidecarHostsOf(own));
    for (const [host, routes] of byHost) {
      const [first] = routes;
      if (first === undefined || routes.length < 2 || vs.hosts.includes(host)) continue;
      const index = vs.hosts.findIndex(written => isWildcard(written) && host.endsWith(written.slice(1)));
      if (index < 0 || !(attached.has(host) || isLeftToWildcards(facts, host))) continue;
      const unit = own ?? first.unit;
      const args = {
        service: host,
        routes: routes.map(({ route }) => `${route.namespace}/${route.name}`).join(', '),
      };
      const place = ['spec', 'hosts', ...(own === undefined ? [] : [index])] as const;
      unit.report('routes-together', placeOf(unit.vs.resource, ...place), args);
    }
  }
}

function sidecarHostsOf(unit: Unit): readonly string[] {
  return attachedScopes([unit]).flatMap(({ scope }) =>
    scope.kind === 'mesh' && scope.dataPlane !== 'ambient' ? [scope.service.host] : [],
  );
}

/** Whether no VirtualService names a Service for the sidecars of all namespaces. */
function isLeftToWildcards({ registry, dataPlanes, virtualServices }: Facts, host: string): boolean {
  const service = findService(registry, host);
  if (service === undefined || dataPlanes.seenFrom(service) === 'ambient') return false;
  const isForAll = ({ gateways, hosts, exportTo }: ResolvedVirtualService) =>
    gateways.includes('mesh') && hosts.includes(host) && exportTo.includes('*');
  return !virtualServices.some(isForAll);
}
