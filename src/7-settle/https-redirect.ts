import { placeOf } from '../2-decode/place-of.ts';
import { besideOnPods, type Facts, type IstioGateway } from '../3-link/facts.ts';
import { sharesHost } from '../3-link/scopes.ts';
import { schemeAtPlainHttp } from '../3-link/trusted-proxies.ts';
import type { Report } from '../diagnostics/diagnostic.ts';

/**
 * Says what a RequestRedirect does otherwise than httpsRedirect, for which Envoy asks X-Forwarded-Proto (require_tls).
 *
 * @returns false where a trusted proxy makes a difference for sure
 * @see envoy/source/common/router/config_impl.cc, VirtualHostImpl::getRouteFromEntries
 */
export function reportHttpsRedirect(facts: Facts, istio: IstioGateway, report: Report): boolean {
  const { resource, trusted } = istio;
  const key = `${resource.namespace}/${resource.name}`;
  const bound = facts.virtualServices.filter(({ gateways }) => gateways.includes(key));
  // Hosts for one namespace redirect what VirtualServices have there, and nothing else (https-redirects.ts).
  const redirecting = istio.servers.filter(
    server =>
      server.httpsRedirect &&
      (server.hosts.some(({ namespaces }) => namespaces.includes('*')) ||
        bound.some(vs => sharesHost(server, vs))),
  );
  const [first] = redirecting;
  if (first === undefined || trusted?.count === 0) return true;
  const placeAt = (index: number) => placeOf(resource, 'spec', 'servers', index, 'tls', 'httpsRedirect');
  if (trusted !== undefined) {
    report('https-redirect-trusts-proxy', placeAt(first.index), { count: trusted.count });
    return false;
  }
  const onPods = [istio, ...besideOnPods(facts, istio)].flatMap(({ servers }) => servers);
  for (const { index, hosts } of redirecting) {
    const alone = hosts.find(({ host }) => schemeAtPlainHttp(undefined, onPods, host) === 'unknown');
    if (alone === undefined) continue;
    report('https-redirect-without-https', placeAt(index), { host: alone.host });
    return true;
  }
  report('https-redirect-behind-proxy', placeAt(first.index), {});
  return true;
}
