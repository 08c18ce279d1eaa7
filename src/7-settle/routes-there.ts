import type { AnyResource } from '../2-decode/resource.ts';
import { isType, type Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { Output } from '../6-emit/edit.ts';
import { attachedScopes, type Unit } from './unit.ts';

/** A route that somebody else wrote. */
export type ForeignRoute = Resource<'gateway.HTTPRoute'> | Resource<'gateway.GRPCRoute'>;

/**
 * Finds a route of the input that is attached to a Service of a VirtualService, and is not the one that the conversion
 * would write.
 */
export function foreignRoute(
  facts: Facts,
  unit: Unit,
  outputs: readonly Output[],
): { readonly route: ForeignRoute; readonly service: string } | undefined {
  const own = new Set(outputs.map(({ resource }) => nameOf(resource)));
  const services = attachedScopes([unit]).flatMap(({ scope }) =>
    scope.kind === 'mesh' ? [scope.service] : [],
  );
  const routes = [
    ...facts.resources.filter(isType('gateway.HTTPRoute')),
    ...facts.resources.filter(isType('gateway.GRPCRoute')),
  ].filter(route => !own.has(nameOf(route)));
  for (const route of routes) {
    const parents = (route.spec.parentRefs ?? []).filter(({ kind }) => kind === 'Service');
    const service = services.find(({ namespace, name }) =>
      parents.some(parent => parent.name === name && (parent.namespace ?? route.namespace) === namespace),
    );
    if (service !== undefined) return { route, service: service.host };
  }
  return undefined;
}

function nameOf({ kind, namespace, name }: AnyResource): string {
  return `${kind} ${namespace}/${name}`;
}
