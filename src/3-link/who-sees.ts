import { includesNamespace } from './export-to.ts';
import type { Facts } from './facts.ts';
import { importsOf, isForAllNamespaces, type SidecarClient, selectorOf } from './sidecars.ts';
import type { ResolvedVirtualService } from './virtual-services.ts';

/**
 * Whether some client with a sidecar sees one VirtualService and not another: by `exportTo`, and by what Sidecar objects let it
 * see at a port.
 *
 * @see istio.io/istio/pilot/pkg/model/virtualservice.go, SelectVirtualServices
 */
export function isHiddenFromSome(
  facts: Facts,
  hidden: ResolvedVirtualService,
  seen: ResolvedVirtualService,
  port: number | undefined,
): boolean {
  const isForAll = hidden.exportTo.includes('*') && facts.sidecars.all.length === 0;
  return (
    !isForAll &&
    clientsOf(facts, [hidden, seen]).some(
      client => sees(facts, client, seen, port) && !sees(facts, client, hidden, port),
    )
  );
}

/** Whether some client sees both. */
export function haveCommonClients(a: ResolvedVirtualService, b: ResolvedVirtualService): boolean {
  if (a.exportTo.includes('*') || b.exportTo.includes('*')) return true;
  return a.exportTo.some(to => b.exportTo.includes(to));
}

function sees(
  { sidecars }: Facts,
  client: SidecarClient,
  { namespace, hosts, exportTo }: ResolvedVirtualService,
  port: number | undefined,
): boolean {
  const isExported = includesNamespace(exportTo, client.namespace);
  return isExported && importsOf(sidecars, client, port).list({ namespace, hosts, semantics: 'istio' });
}

/** Clients that can be told apart, and one that nobody names. */
function clientsOf(
  { sidecars, namespaces }: Facts,
  virtualServices: readonly ResolvedVirtualService[],
): readonly SidecarClient[] {
  const isForAll = sidecars.all.some(one => isForAllNamespaces(sidecars, one));
  const named = new Set([
    ...virtualServices.flatMap(({ namespace, exportTo }) => [namespace, ...exportTo]),
    ...sidecars.all.map(({ namespace }) => namespace),
    ...(isForAll ? namespaces : []),
    'elsewhere',
  ]);
  for (const mark of ['*', '~']) named.delete(mark);
  return [
    ...[...named].map(namespace => ({ namespace, labels: {} })),
    ...sidecars.all.map(one => ({ namespace: one.namespace, labels: selectorOf(one) })),
  ];
}
