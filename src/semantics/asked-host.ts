import { isSubsetOfHost, isWildcard } from '../3-link/hostname.ts';
import type { MeshService } from '../3-link/registry.ts';

/** The name of a Service for clients in other namespaces. */
export function nameInMesh({ kind, name, namespace, host }: MeshService): string {
  return kind === 'Service' ? `${name}.${namespace}` : sampleOf(host);
}

/** Whether a host that is asked for is a Service's; it has short names, too (httproute.go, generateAltVirtualHosts). */
export function isNameOf({ kind, name, namespace, host }: MeshService, authority: string): boolean {
  if (kind !== 'Service') return isSubsetOfHost(authority, host);
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host].includes(authority);
}

export function withoutPort(authority: string): string {
  return authority.toLowerCase().replace(/:[0-9]+$/, '');
}

/** A host that a pattern stands for. */
export function sampleOf(host: string): string {
  if (host === '*') return 'any.example';
  return isWildcard(host) ? `any${host.slice(1)}` : host;
}
