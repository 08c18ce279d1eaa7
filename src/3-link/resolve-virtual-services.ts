import { type AnyResource, isType } from '../2-decode/resource.ts';
import { mergeDelegates } from './delegates.ts';
import { completeHost, lowerCaseHost, resolveGateway } from './host.ts';
import { virtualServiceExportToOf } from './mesh-config.ts';
import {
  byAge,
  type HttpEntry,
  isDelegate,
  isTakenAsWhole,
  type ResolvedVirtualService,
  resolveConnectionEntry,
  resolveEntry,
  resolveExportTo,
  type VirtualService,
} from './virtual-services.ts';

/**
 * Completes every VirtualService that has hosts, in the order istiod takes them: the older first, then by name and
 * namespace.
 *
 * @see istio.io/istio/pilot/pkg/model/virtualservice_controller.go, mergeVirtualServices
 */
export function resolveVirtualServices(resources: readonly AnyResource[]): readonly ResolvedVirtualService[] {
  const all = resources.filter(isType('istio.VirtualService'));
  const delegates = delegatesByName(all);
  const exportTo = virtualServiceExportToOf(resources);
  return all
    .filter(vs => !isDelegate(vs))
    .map(vs => resolve(vs, delegates, exportTo))
    .sort(byAge);
}

/** The delegates, by `NAMESPACE/NAME`. */
export function delegatesByName(all: readonly VirtualService[]): ReadonlyMap<string, VirtualService> {
  return new Map(all.filter(isDelegate).map(vs => [`${vs.namespace}/${vs.name}`, vs]));
}

function resolve(
  resource: VirtualService,
  delegates: ReadonlyMap<string, VirtualService>,
  byDefault: readonly string[] | undefined,
): ResolvedVirtualService {
  const { namespace, name, spec } = resource;
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [] } = spec;
  const gatewayNames =
    gateways.length === 0 ? ['mesh'] : gateways.map(gateway => resolveGateway(gateway, namespace));
  const full = hosts.map(host => (isTakenAsWhole(host, gatewayNames) ? host : completeHost(host, namespace)));
  const capitals = full.filter(host => lowerCaseHost(host) !== host);
  return {
    resource,
    namespace,
    name,
    hosts: full.map(lowerCaseHost),
    ...(capitals.length === 0
      ? {}
      : { capitals: new Map(capitals.map(host => [lowerCaseHost(host), host])) }),
    gateways: gatewayNames,
    exportTo: resolveExportTo(spec.exportTo, namespace, byDefault),
    http: http.flatMap((entry, index) => {
      const own: HttpEntry = {
        http: resolveEntry(entry, namespace),
        origin: { resource, path: ['spec', 'http', index] },
      };
      return entry.delegate === undefined
        ? [own]
        : mergeDelegates(resource, own, entry.delegate, delegates, byDefault);
    }),
    tls: tls.map(entry => resolveConnectionEntry(entry, namespace)),
    tcp: tcp.map(entry => resolveConnectionEntry(entry, namespace)),
  };
}
