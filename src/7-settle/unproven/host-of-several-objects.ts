import type { MeshService } from '../../3-link/registry.ts';
import { scopesOfUnit } from '../unit.ts';
import { hostsOf, inWords, isInMesh, type Reason, told } from './unproven.ts';

/** Several Services and ServiceEntries have the host, and the route is attached to one of them. */
export const hostOfSeveralObjects: Reason = unproven => {
  if (!isInMesh(unproven)) return undefined;
  const { facts, unit, vantage } = unproven;
  const { host } = vantage;
  const attached = scopesOfUnit(unit).flatMap(scope =>
    scope.kind === 'mesh' && scope.service.host === host ? [scope.service] : [],
  )[0];
  const all = facts.registry.ofSameHost.get(host);
  if (attached === undefined || all === undefined) return undefined;
  const args = { host, objects: all.map(nameOf).join(' and '), own: nameOf(attached) };
  return told('host-of-several-objects', hostsOf(unit), { ...args, ...inWords(unproven) });
};

function nameOf({ kind, namespace, name }: MeshService): string {
  return `${kind} ${namespace}/${name}`;
}
