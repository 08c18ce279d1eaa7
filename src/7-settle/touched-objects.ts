import type { Facts } from '../3-link/facts.ts';
import { findService, type MeshService } from '../3-link/registry.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import { scopesOfUnit, type Unit } from './unit.ts';

/** An object as references name it. */
export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const gatewayApi = 'gateway.networking.k8s.io';
const networking = 'networking.istio.io';

/** @returns the objects that decide what becomes of the requests and connections of a VirtualService */
export function touchedObjects(facts: Facts, unit: Unit): readonly ObjectName[] {
  const { vs } = unit;
  const scopes = scopesOfUnit(unit);
  const hosts = [...vs.hosts, ...destinationsOf(vs).map(({ host }) => host)];
  const services = [
    ...scopes.flatMap(scope => (scope.kind === 'mesh' ? [scope.service] : [])),
    ...hosts.flatMap(host => findService(facts.registry, host) ?? []),
  ];
  const gateways = scopes.flatMap(scope => {
    if (scope.kind === 'gateway') return [scope.target];
    return scope.waypoint.kind === 'none' ? [] : [scope.waypoint.waypoint];
  });
  return [
    { group: networking, kind: 'VirtualService', namespace: vs.namespace, name: vs.name },
    ...vs.http.flatMap(({ origin: { root, resource } }) =>
      root === undefined
        ? []
        : [{ group: networking, kind: 'VirtualService', namespace: resource.namespace, name: resource.name }],
    ),
    ...services.map(serviceName),
    ...gateways.map(({ namespace, name }) => ({ group: gatewayApi, kind: 'Gateway', namespace, name })),
    ...scopes.flatMap(scope => {
      const [namespace = '', name = ''] = scope.gateway.split('/');
      return scope.kind === 'gateway' ? [{ group: networking, kind: 'Gateway', namespace, name }] : [];
    }),
  ];
}

function serviceName({ kind, namespace, name }: MeshService): ObjectName {
  return { group: kind === 'Service' ? '' : networking, kind, namespace, name };
}

export function isSameObject(a: ObjectName, b: ObjectName): boolean {
  return a.group === b.group && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
