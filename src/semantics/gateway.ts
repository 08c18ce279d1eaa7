import { mostSpecificHost } from '../3-link/hostname.ts';
import { compileEntries, type Listener } from './compile-entry.ts';
import type { RouteConfiguration, VirtualHost } from './gateway-lists.ts';
import { isCatchAll } from './match.ts';
import { headerDimension } from './request.ts';
import type { Rule } from './rule.ts';
import type { World } from './world.ts';
/**
 * The virtual host that takes the requests for a host; of two configurations behind TLS for one name the first has it.
 */
export function virtualHostFor(
  configurations: readonly RouteConfiguration[],
  port: number,
  scheme: 'http' | 'https',
  host: string,
): { readonly configuration: RouteConfiguration; readonly virtualHost: VirtualHost } | undefined {
  const candidates = configurations.filter(found => found.ports.includes(port) && found.scheme === scheme);
  const name = mostSpecificHost(host, new Set(candidates.flatMap(({ names }) => names)));
  const chosen =
    scheme === 'http'
      ? candidates[0]
      : candidates.find(({ names }) => name !== undefined && names.includes(name));
  const domain = chosen === undefined ? undefined : mostSpecificHost(host, chosen.virtualHosts);
  const virtualHost = domain === undefined ? undefined : chosen?.virtualHosts.get(domain);
  return chosen === undefined || virtualHost === undefined
    ? undefined
    : { configuration: chosen, virtualHost };
}

/**
 * @param host that is asked for, which gateways behind the destinations have to serve
 * @returns the rules of a virtual host, in the order the proxy goes through them
 */
export function virtualHostRules(
  world: World,
  { proxy, scheme }: RouteConfiguration,
  lists: VirtualHost['lists'],
  host: string,
): readonly Rule[] {
  const compiled = lists.flatMap(({ list, server }) => {
    const listener: Listener = {
      proxy: { kind: 'gateway', namespace: proxy.namespace },
      gateway: server.gateway,
      port: server.port,
      tls: scheme === 'https',
      host,
    };
    return compileEntries(world, listener, list.semantics, list.entries);
  });
  const rules = compiled.map(asksForScheme);
  // Catch-alls of merged lists move to the end (route.go, SortVHostRoutes).
  return [
    ...rules.filter(({ match }) => !isCatchAll(match)),
    ...rules.filter(({ match }) => isCatchAll(match)),
  ];
}

const forwardedProto = headerDimension('x-forwarded-proto');

/** At a gateway X-Forwarded-Proto says the scheme of every request: Envoy overwrites or adds it where no proxy is trusted. */
function asksForScheme(rule: Rule): Rule {
  const { match } = rule;
  if (!match.conditions.some(({ dimension }) => dimension === forwardedProto)) return rule;
  const conditions = match.conditions.map(condition =>
    condition.dimension === forwardedProto ? { ...condition, dimension: 'scheme' } : condition,
  );
  return { ...rule, match: { ...match, conditions } };
}
