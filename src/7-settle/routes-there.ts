import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import type { Facts, ForeignRoute } from '../3-link/facts.ts';
import type { Output } from '../6-emit/edit.ts';
import { attachedScopes, type Unit } from './unit.ts';

/**
 * Finds a route of the input that is attached to a Service of a VirtualService, and is not the one that the conversion
 * would write.
 */
export function foreignRoute(
  facts: Facts,
  unit: Unit,
  outputs: readonly Output[],
): { readonly route: ForeignRoute; readonly service: string } | undefined {
  if (facts.routes.length === 0) return undefined;
  const own = new Set(outputs.map(({ resource }) => nameOf(resource)));
  const services = attachedScopes([unit]).flatMap(({ scope }) =>
    scope.kind === 'mesh' ? [scope.service] : [],
  );
  const routes = facts.routes.filter(route => !own.has(nameOf(route)));
  for (const route of routes) {
    const parents = (route.spec.parentRefs ?? []).filter(({ kind }) => kind === 'Service');
    const service = services.find(({ namespace, name }) =>
      parents.some(parent => parent.name === name && (parent.namespace ?? route.namespace) === namespace),
    );
    if (service !== undefined) return { route, service: service.host };
  }
  return undefined;
}

/**
 * Holds back VirtualServices beside whose Service somebody else's route is, where nothing tells which of the two is older:
 * a sidecar asks the older one alone, and a waypoint asks it first.
 *
 * @param outputs what takes the place of all units: a route that an earlier stage wrote for another of them is nobody else's
 * @see istio.io/istio/pilot/pkg/model/virtualservice_controller.go
 */
export function holdBackBesideRoutes(facts: Facts, units: readonly Unit[], outputs: readonly Output[]): void {
  for (const unit of units) {
    const { resource } = unit.vs;
    const found = foreignRoute(facts, unit, outputs);
    if (found === undefined) continue;
    const ages = [resource, found.route].map(({ metadata }) => metadata.creationTimestamp);
    if (!ages.includes(undefined)) continue;
    const route = `${found.route.kind} ${found.route.namespace}/${found.route.name}`;
    const related =
      found.route.source === undefined
        ? []
        : [{ message: 'the route', place: placeOf(found.route, 'metadata', 'name') }];
    unit.report(
      'route-of-unknown-age',
      placeOf(resource, 'spec', 'hosts'),
      { host: found.service, route },
      related,
    );
  }
}

function nameOf({ kind, namespace, name }: AnyResource): string {
  return `${kind} ${namespace}/${name}`;
}
