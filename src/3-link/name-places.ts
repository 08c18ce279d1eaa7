import type { AnyResource, Resource } from '../2-decode/resource.ts';
import type * as istio from '../istio/index.ts';

/**
 * The texts of an object that are names, or hosts made of names, each as often as it is written. Whoever reads one of them
 * compares it as a whole, or takes it apart at dots and slashes.
 *
 * @returns undefined for kinds whose names nobody looked up
 */
export function namesWrittenIn(resource: AnyResource): readonly string[] | undefined {
  const { name, namespace, labels } = resource.metadata;
  const own = [name ?? '', namespace ?? '', ...valuesOf(labels)];
  switch (resource.type) {
    case 'istio.VirtualService':
      return [...own, ...namesOfVirtualService(resource)];
    case 'istio.DestinationRule':
      return [...own, resource.spec.host, ...valuesOf(resource.spec.workloadSelector?.matchLabels)];
    case 'istio.Gateway': {
      const { selector, servers = [] } = resource.spec;
      return [...own, ...valuesOf(selector), ...servers.flatMap(({ hosts }) => hosts)];
    }
    case 'core.Service': {
      const { selector, externalName } = resource.spec;
      return [...own, ...valuesOf(selector), externalName ?? ''];
    }
    default:
      return undefined;
  }
}

function valuesOf(labels: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.values(labels);
}

function namesOfVirtualService({ spec }: Resource<'istio.VirtualService'>): readonly string[] {
  const { hosts = [], gateways = [], http = [], tls = [], tcp = [] } = spec;
  const names = [...hosts, ...gateways];
  const add = ({ host }: istio.Destination): unknown => names.push(host);
  for (const { delegate, route = [], mirror, mirrors = [], match = [] } of http) {
    if (delegate !== undefined) names.push(delegate.name ?? '', delegate.namespace ?? '');
    for (const { destination } of [...route, ...mirrors]) add(destination);
    if (mirror !== undefined) add(mirror);
    for (const { gateways: own = [] } of match) names.push(...own);
  }
  for (const { route = [], match = [] } of [...tls, ...tcp]) {
    for (const { destination } of route) add(destination);
    for (const { gateways: own = [] } of match) names.push(...own);
  }
  return names;
}
