import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import { namesInCommon } from '../3-link/hostname.ts';
import type { Scope } from '../3-link/scopes.ts';
import { type SchemeFrom, schemeAtPlainHttp } from '../3-link/trusted-proxies.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { matchesString, stringMatcher } from '../semantics/string-matcher.ts';
import type { EntryContext } from './context.ts';
import type { ValueCondition } from './entry.ts';

/** @returns whose word counts for the scheme of the requests that a VirtualService takes in a scope */
export function schemeFromIn(facts: Facts, scope: Scope, vs: ResolvedVirtualService): SchemeFrom {
  const gateway = scope.kind === 'gateway' ? facts.istioGateways.get(scope.replaced) : undefined;
  if (scope.kind !== 'gateway' || gateway === undefined) return 'listener';
  const found = scope.servers.map(server => schemeFromAt(facts, gateway, server, vs));
  return found.find(from => from !== 'listener') ?? 'listener';
}

/** @returns whose word counts for the scheme of the requests that a VirtualService takes at a server */
export function schemeFromAt(
  facts: Facts,
  gateway: IstioGateway,
  server: GatewayServer,
  vs: ResolvedVirtualService,
): SchemeFrom {
  const trusted = gateway.trusted?.count;
  if (server.protocol === 'https') return trusted !== undefined && trusted > 0 ? 'proxy' : 'listener';
  const servers = [gateway, ...besideOnPods(facts, gateway)].flatMap(one => one.servers);
  // The hosts of the VirtualService as the server narrows them.
  const hosts = namesInCommon(server.hosts, vs.hosts);
  const found = hosts.map(host => schemeAtPlainHttp(trusted, servers, host));
  return found.find(from => from !== 'listener') ?? 'listener';
}

/** Says, where nobody knows whether a proxy in front is trusted, what depends on it. */
export function reportUntoldScheme({ facts, scope, vs, report }: EntryContext, place: Place): void {
  if (scope.kind !== 'gateway' || schemeFromIn(facts, scope, vs) !== 'unknown') return;
  report('trusted-proxies-unknown', place, { gateway: scope.gateway, port: String(scope.port ?? 80) });
}

/** The result of a condition on the scheme: that of X-Forwarded-Proto, none, or one that nothing meets. */
export type SchemeCondition = ValueCondition | 'always' | 'never';

/**
 * Turns a condition on the scheme into one on X-Forwarded-Proto, where a proxy in front may say it.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-proto
 */
export function conditionOfForwardedProto(
  scheme: istio.StringMatch,
  headers: Readonly<Record<string, istio.StringMatch>> = {},
): SchemeCondition {
  const matcher = stringMatcher(scheme);
  const own = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-forwarded-proto')?.[1];
  const taken = ['http', 'https'].filter(value => matchesString(matcher, value));
  const both = taken.filter(value => own === undefined || matchesString(stringMatcher(own), value));
  const [first] = both;
  if (first === undefined) return 'never';
  return both.length === 2 ? 'always' : { type: 'Exact', value: first };
}
