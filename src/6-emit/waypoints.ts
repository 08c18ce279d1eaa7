import { buildGateway } from '../2-decode/build-resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { MeshScope, Scope } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { canBeLabelled, lacksLabel } from '../3-link/waypoint-labels.ts';
import type { Edit, Output } from './edit.ts';

/** The objects that `--create-waypoints` adds for the Services that converted routes attach to. */
export interface CreatedWaypoints {
  readonly outputs: readonly Output[];
  /** Labels for Services whose manifests are at hand. */
  readonly edits: readonly Edit[];
}

/** The parents of a route, and the VirtualService that it replaces. */
export interface AttachedScope {
  readonly scope: Scope;
  readonly vs: ResolvedVirtualService;
}

/**
 * Writes the waypoints that are missing, as `istioctl waypoint generate` does, and names them in the labels of their
 * Services.
 *
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/
 */
export function createdWaypoints(facts: Facts, attached: readonly AttachedScope[]): CreatedWaypoints {
  if (!facts.options.createWaypoints) return { outputs: [], edits: [] };
  const outputs = new Map<string, Output>();
  const edits = new Map<string, Edit>();
  for (const { scope, vs } of attached) {
    const home = vs.resource.source;
    if (home === undefined || scope.kind !== 'mesh' || scope.waypoint.kind !== 'found') continue;
    const { waypoint, shown } = scope.waypoint;
    const key = `${waypoint.namespace}/${waypoint.name}`;
    if (!shown && !outputs.has(key)) {
      const written =
        waypoint.namespace === vs.namespace ? vs.resource.metadata.namespace : waypoint.namespace;
      const resource = buildGateway(
        {
          namespace: waypoint.namespace,
          metadata: {
            name: waypoint.name,
            ...(written === undefined ? {} : { namespace: written }),
            labels: { 'istio.io/waypoint-for': 'service' },
          },
        },
        {
          gatewayClassName: 'istio-waypoint',
          listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
        },
      );
      outputs.set(key, { resource, home, origins: [] });
    }
    for (const edit of labelEdits(facts, scope)) edits.set(JSON.stringify([scope.service.host, edit]), edit);
  }
  return { outputs: [...outputs.values()], edits: [...edits.values()] };
}

function labelEdits(facts: Facts, scope: MeshScope): readonly Edit[] {
  const { waypoint, service } = scope;
  const source = service.resource?.source;
  if (waypoint.kind !== 'found' || source === undefined) return [];
  if (!lacksLabel(scope) || !canBeLabelled(facts, scope)) return [];
  const { namespace, name } = waypoint.waypoint;
  const labels = {
    'istio.io/use-waypoint': name,
    ...(namespace === service.namespace ? {} : { 'istio.io/use-waypoint-namespace': namespace }),
  };
  return Object.entries(labels).map(([label, value]) => ({
    kind: 'set-field',
    source,
    path: ['metadata', 'labels', label],
    value,
  }));
}
