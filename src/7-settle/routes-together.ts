import { placeOf } from '../2-decode/place-of.ts';
import { isRoute } from '../2-decode/resource.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { isWildcard } from '../3-link/hostname.ts';
import type { Output } from '../6-emit/edit.ts';
import { attachedScopes, type Unit } from './unit.ts';

/**
 * Tells of Services that a wildcard host decides for today and that get several routes, one for each port, each protocol or each
 * namespace of clients: as soon as a route names a Service, sidecars leave nothing of it to wildcards, neither at other ports nor
 * for others. A TLSRoute takes the requests of HTTP away from the wildcard as well.
 *
 * @param outputs what takes the place of each unit
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex
 */
export function reportRoutesTogether(
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): void {
  const covering = units.filter(({ vs }) => vs.gateways.includes('mesh') && vs.hosts.some(isWildcard));
  if (covering.length === 0) return;
  const routes = [...outputs.values()]
    .flat()
    .flatMap(({ resource }) => (isRoute(resource) ? [resource] : []));
  const byService = groupByEach(
    routes,
    ({ namespace, spec }) =>
      new Set(
        (spec.parentRefs ?? [])
          .filter(({ kind }) => kind === 'Service' || kind === 'ServiceEntry')
          .map(parent => `${parent.kind} ${parent.namespace ?? namespace}/${parent.name}`),
      ),
  );
  for (const unit of covering) {
    for (const { scope } of attachedScopes([unit])) {
      if (scope.kind !== 'mesh' || scope.dataPlane === 'ambient') continue;
      const { kind, namespace, name, host } = scope.service;
      if (unit.vs.hosts.includes(host)) continue;
      const own = byService.get(`${kind} ${namespace}/${name}`) ?? [];
      if (own.length < 2) continue;
      const index = unit.vs.hosts.findIndex(
        written => isWildcard(written) && host.endsWith(written.slice(1)),
      );
      unit.report('routes-together', placeOf(unit.vs.resource, 'spec', 'hosts', Math.max(0, index)), {
        service: host,
        routes: own.map(route => `${route.namespace}/${route.name}`).join(', '),
      });
    }
  }
}
