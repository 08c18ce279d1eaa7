import { type AnyResource, isType } from '../2-decode/resource.ts';
import { groupByEach } from './group-by.ts';
import { lowerCaseHost, serviceHost } from './host.ts';

/**
 * Hosts by which requests come to another host: Services of type ExternalName, and ServiceEntries with that host as the address
 * of an endpoint.
 *
 * @returns their full names, by the full name of where they lead
 */
export function hostAliases(resources: readonly AnyResource[]): ReadonlyMap<string, readonly string[]> {
  const pairs = [
    ...resources.filter(isType('core.Service')).flatMap(service => {
      const { externalName } = service.spec;
      return externalName === undefined ? [] : [{ from: serviceHost(service), to: [externalName] }];
    }),
    ...resources.filter(isType('istio.ServiceEntry')).flatMap(({ spec }) => {
      const to = (spec.endpoints ?? []).flatMap(({ address }) =>
        typeof address === 'string' ? [address] : [],
      );
      return to.length === 0 ? [] : spec.hosts.map(host => ({ from: lowerCaseHost(host), to }));
    }),
  ];
  const found = groupByEach(pairs, ({ to }) => new Set(to.map(lowerCaseHost)));
  return new Map([...found].map(([host, aliases]) => [host, aliases.map(({ from }) => from)]));
}
