import type { Facts } from '../../3-link/facts.ts';
import type { MeshService } from '../../3-link/registry.ts';
import type { Scope } from '../../3-link/scopes.ts';
import { scopesOfUnit, type Unit } from '../unit.ts';
import { hostsOf, inWords, isInMesh, type Reason, told } from './unproven.ts';

/** Several Services and ServiceEntries have the host, and the route is attached to one of them. */
export const hostOfSeveralObjects: Reason = unproven => {
  if (!isInMesh(unproven)) return undefined;
  const { facts, unit, vantage } = unproven;
  const objects = objectsOfHost(facts, scopesOfUnit(unit), vantage.host);
  if (objects === undefined) return undefined;
  return told('host-of-several-objects', hostsOf(unit), { ...objects, ...inWords(unproven) });
};

/** The same for a connection. */
export function hostOfSeveralConnections(
  facts: Facts,
  unit: Unit,
  host: string | undefined,
  words: { readonly request: string; readonly before: string; readonly after: string },
): ReturnType<Reason> {
  const scopes = [...unit.connections.flatMap(({ scopes: own }) => own), ...scopesOfUnit(unit)];
  const objects = host === undefined ? undefined : objectsOfHost(facts, scopes, host);
  return objects === undefined
    ? undefined
    : told('host-of-several-objects', hostsOf(unit), { ...objects, ...words });
}

function objectsOfHost(
  { registry }: Facts,
  scopes: readonly Scope[],
  host: string,
): { readonly host: string; readonly objects: string; readonly own: string } | undefined {
  const attached = scopes.flatMap(scope =>
    scope.kind === 'mesh' && scope.service.host === host ? [scope.service] : [],
  )[0];
  const all = registry.ofSameHost.get(host);
  if (attached === undefined || all === undefined) return undefined;
  return { host, objects: all.map(nameOf).join(' and '), own: nameOf(attached) };
}

function nameOf({ kind, namespace, name }: MeshService): string {
  return `${kind} ${namespace}/${name}`;
}
