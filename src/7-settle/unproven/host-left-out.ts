import { placeOf } from '../../2-decode/place-of.ts';
import type { AnyResource } from '../../2-decode/resource.ts';
import { lowerCaseHost } from '../../3-link/host.ts';
import { isSubsetOfHost, isWildcard } from '../../3-link/hostname.ts';
import { findService, type MeshService } from '../../3-link/registry.ts';
import { closerClaims } from '../../3-link/scopes.ts';
import { keyOf, type Related } from '../../diagnostics/diagnostic.ts';
import { elsewhere } from '../../semantics/pods-elsewhere.ts';
import type { Unit } from '../unit.ts';
import { hostsOf, inWords, isInMesh, type Reason, told, type UnprovenRequest } from './unproven.ts';

/** A route would apply to a host of a ServiceEntry that the VirtualService does not name. */
export const serviceEntryHosts: Reason = unproven => {
  const { unit, vantage } = unproven;
  if (!isInMesh(unproven) || hasRouteFor(unit, vantage.host)) return undefined;
  const entry = servicesOf(unit).find(({ resource }) =>
    resource?.type === 'istio.ServiceEntry'
      ? resource.spec.hosts.some(one => lowerCaseHost(one) === vantage.host)
      : false,
  );
  if (entry === undefined) return undefined;
  const serviceEntry = `${entry.namespace}/${entry.name}`;
  return told('service-entry-hosts', hostsOf(unit), {
    serviceEntry,
    host: vantage.host,
    ...inWords(unproven),
  });
};

/**
 * A wildcard host covers a Service that another object names, so that no route is written for it; that object does not apply to the
 * client, and the wildcard does.
 */
export const hostLeftOut: Reason = unproven => {
  const { facts, unit, vantage } = unproven;
  const { vs, plans } = unit;
  if (!isInMesh(unproven) || plans.length === 0 || hasRouteFor(unit, vantage.host)) return undefined;
  const index = vs.hosts.findIndex(one => isWildcard(one) && isSubsetOfHost(vantage.host, one));
  const wildcard = vs.hosts[index];
  const service = findService(facts.registry, vantage.host);
  if (wildcard === undefined || service === undefined) return undefined;
  const closer = closerClaims(facts, vs, wildcard, service);
  if (closer.length === 0) return undefined;
  return told(
    'host-left-out',
    placeOf(vs.resource, 'spec', 'hosts', index),
    {
      host: vantage.host,
      wildcard,
      closer: namesOf(closer),
      clients: clientsOf(unproven),
      ...inWords(unproven),
    },
    closer.flatMap(relatedTo),
  );
};

function servicesOf({ plans }: Unit): readonly MeshService[] {
  return plans.flatMap(({ scopes }) =>
    scopes.flatMap(scope => (scope.kind === 'mesh' ? [scope.service] : [])),
  );
}

function hasRouteFor(unit: Unit, host: string): boolean {
  return servicesOf(unit).some(service => service.host === host);
}

function namesOf(objects: readonly AnyResource[]): string {
  return objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).join(' and ');
}

function clientsOf({ vantage: { client, label } }: UnprovenRequest): string {
  if (client === undefined) return `the ${label}`;
  return client === elsewhere ? 'clients in other namespaces' : `clients in namespace ${client}`;
}

function relatedTo(object: AnyResource): readonly Related[] {
  if (object.source === undefined) return [];
  return [{ message: `${object.kind} ${object.name}`, place: keyOf(placeOf(object, 'metadata', 'name')) }];
}
