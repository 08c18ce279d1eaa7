import { placeOf } from '../2-decode/place-of.ts';
import { nameKey } from '../2-decode/resource.ts';
import { includesNamespace } from '../3-link/export-to.ts';
import type { Facts } from '../3-link/facts.ts';
import type { MeshScope, Scope } from '../3-link/scopes.ts';
import {
  importsOf,
  isForAllNamespaces,
  type SidecarClient,
  type Sidecars,
  selectorOf,
  sidecarFor,
} from '../3-link/sidecars.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { isNameOf } from '../semantics/asked-host.ts';
import type { Deviation } from '../semantics/deviation.ts';
import type { Translation } from './translation.ts';

/**
 * Looks whether the clients that Sidecar objects narrow see routes where they see the VirtualService: by its namespace and any
 * of its hosts they see that, by the namespace of a route and its one host this.
 *
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 */
export function reportSidecars(
  { facts, report, declare }: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
): void {
  const { sidecars } = facts;
  if (sidecars.all.length === 0) return;
  for (const scope of scopes) {
    if (scope.kind !== 'mesh' || scope.dataPlane === 'ambient') continue;
    const { host } = scope.service;
    const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host)));
    for (const client of clientsOf(facts, sidecars, vs, scope)) {
      const sidecar = sidecarFor(sidecars, client);
      const seen = visibility(sidecars, client, vs, scope);
      if (sidecar === undefined || seen.before === seen.after) continue;
      const args = {
        host,
        sidecar: `${sidecar.namespace}/${sidecar.name}`,
        namespace: routeNamespace(scope),
        today: seen.before ? 'applies to them today' : 'does not apply to them today',
        afterwards: seen.before ? 'its route would not' : 'its route would',
      };
      const related = [{ message: 'the Sidecar', place: placeOf(sidecar, 'spec', 'egress') }];
      if (seen.service) report('sidecar-egress', place, args, related);
      else
        declare(
          'sidecar-egress-by-name',
          place,
          { host, sidecar: args.sidecar },
          { ...byName(scope, sidecars, sidecar), from: nameKey(vs.resource) },
          related,
        );
    }
  }
}

/** The requests of the clients of a Sidecar object to a host by its name. */
function byName(
  { service }: MeshScope,
  sidecars: Sidecars,
  sidecar: Pick<SidecarClient, 'namespace'>,
): Deviation {
  return {
    aspects: 'all',
    takes: ({ host }) => isNameOf(service, host),
    isFrom: client => isForAllNamespaces(sidecars, sidecar) || client === sidecar.namespace,
  };
}

function routeNamespace({ audience, service }: MeshScope): string {
  return audience ?? service.namespace;
}

/** Clients that some Sidecar object is for, of those that a scope is for. */
function clientsOf(
  { namespaces }: Facts,
  sidecars: Sidecars,
  vs: ResolvedVirtualService,
  { audience, service }: MeshScope,
): readonly SidecarClient[] {
  const isForAll = sidecars.all.some(one => isForAllNamespaces(sidecars, one));
  const everywhere = isForAll
    ? new Set([vs.namespace, service.namespace, ...namespaces, 'elsewhere'])
    : new Set<string>();
  const clients = [
    ...sidecars.all.map(one => ({ namespace: one.namespace, labels: selectorOf(one) })),
    ...[...everywhere].map(namespace => ({ namespace, labels: {} })),
  ];
  return clients.filter(
    ({ namespace }) =>
      (audience === undefined || audience === namespace) && includesNamespace(vs.exportTo, namespace),
  );
}

function visibility(
  sidecars: Sidecars,
  client: SidecarClient,
  vs: ResolvedVirtualService,
  scope: MeshScope,
): { readonly before: boolean; readonly after: boolean; readonly service: boolean } {
  const imports = importsOf(sidecars, client, scope.port?.number);
  const { namespace, hosts } = vs;
  return {
    before: imports.list({ namespace, hosts, semantics: 'istio' }),
    after: imports.list({
      namespace: routeNamespace(scope),
      hosts: [scope.service.host],
      semantics: 'gateway',
    }),
    service: imports.service(scope.service),
  };
}
