import type { Facts } from './facts.ts';
import type { MeshScope } from './scopes.ts';

/** Whether neither the Service nor its Namespace names the waypoint that its routes attach to. */
export function lacksLabel({ waypoint }: MeshScope): boolean {
  return waypoint.kind === 'found' && waypoint.by !== 'label' && waypoint.by !== 'namespace';
}

/** Whether the label can be written: the Service is one of the manifests that are edited. */
export function canBeLabelled(facts: Facts, { service }: MeshScope): boolean {
  const { resource } = service;
  return resource?.source !== undefined && facts.inputs.has(resource);
}
