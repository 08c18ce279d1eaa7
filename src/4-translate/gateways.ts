import { placeOf } from '../2-decode/place-of.ts';
import { hasPlaceholder } from '../2-decode/validation/placeholder.ts';
import { besideOnPods, type IstioGateway } from '../3-link/facts.ts';
import { podsNamespaceOf } from '../3-link/gateways/gateway-pods.ts';
import { codeOfOtherProxy } from '../3-link/gateways/other-proxies.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { sharesHost, targetOf } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { sampleOf } from '../semantics/asked-host.ts';
import type { Outcome } from '../semantics/outcome.ts';
import { reportCapitals } from './capitals.ts';
import { schemeFromAt } from './forwarded-scheme.ts';
import type { Translation } from './translation.ts';

/**
 * Says what the Gateways of a VirtualService are in the cluster to be: not found, of another proxy, with redirects elsewhere, or
 * without a host of the VirtualService.
 *
 * @param isAlone whether the http entries apply nowhere
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService-gateways
 */
export function reportGateways(translation: Translation, vs: ResolvedVirtualService, isAlone: boolean): void {
  const { facts, report } = translation;
  for (const [index, gateway] of vs.gateways.entries()) {
    if (gateway === 'mesh') continue;
    const place = placeOf(vs.resource, 'spec', 'gateways', index);
    const target = targetOf(facts, gateway);
    const name = `${target.namespace}/${target.name}`;
    const isAssumed = target.origin === 'same-name' && !facts.gateways.has(name);
    const known = facts.istioGateways.get(gateway);
    if (known === undefined) {
      const text = vs.resource.spec.gateways?.[index] ?? '';
      if (isAssumed && !text.includes('/') && hasPlaceholder(text))
        // The value may be `mesh`, or have a namespace of its own.
        report('placeholder-unresolved', place, { field: 'gateways', text });
      else if (isAssumed) report('gateway-not-shown', place, { gateway, target: name });
      continue;
    }
    reportExportTo(translation, vs, known, gateway, place);
    reportCapitals(translation, vs, known, gateway, place);
    const hasConnections = vs.tls.length > 0 || vs.tcp.length > 0;
    const shares = hasConnections || known.servers.some(server => sharesHost(server, vs));
    if (!shares) {
      const { namespace } = vs.resource;
      report('gateway-shares-no-host', place, { gateway, hosts: vs.hosts.join(', '), namespace });
    } else {
      if (isAssumed) report('gateway-assumed', place, { target: name });
      reportClass(translation, name, place);
    }
    const redirecting = known.servers.find(server => server.httpsRedirect && sharesHost(server, vs));
    if (redirecting !== undefined && target.origin !== 'converted')
      declareRedirectElsewhere(translation, redirecting, place, { gateway, target: name });
    declareRedirectOfOthers(translation, vs, known, place);
    if (redirecting !== undefined && isAlone && schemeFromAt(facts, known, redirecting, vs) !== 'listener')
      report('behind-https-redirect', place, { gateway, port: redirecting.port });
  }
}

/**
 * Says where the pods of a Gateway may not see a VirtualService: istiod looks at the namespace of the pods, not of the Gateway.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService-export_to
 */
function reportExportTo(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  { resource }: IstioGateway,
  gateway: string,
  place: Place,
): void {
  if (vs.exportTo.includes('*')) return;
  const { selector = {} } = resource.spec;
  const shown = podsNamespaceOf(facts.servicesOfPods, resource.spec.selector);
  const namespace = shown ?? resource.namespace;
  const namespaces = vs.exportTo.join(', ');
  if (!vs.exportTo.includes(namespace))
    report('export-to-misses-gateway', place, { gateway, namespaces, namespace });
  else if (shown === undefined) {
    const labels = Object.entries(selector).map(pair => pair.join('='));
    report('export-to-gateway-pods', place, {
      gateway,
      namespaces,
      pods: labels.join(' and ') || 'any labels',
    });
  }
}

/** Says that a Gateway of the Gateway API is of a class whose proxy may not route as istiod does. */
function reportClass({ facts, report }: Translation, target: string, place: Place): void {
  const mapped = facts.gateways.get(target);
  if (mapped === undefined) return;
  const code = codeOfOtherProxy(mapped, facts.resources, facts.options.profile);
  if (code !== undefined) report(code, place, { target, class: mapped.spec.gatewayClassName });
}

/** A Gateway that is not made from the Istio Gateway redirects only where somebody wrote that. */
function declareRedirectElsewhere(
  { declare }: Translation,
  { port, hosts }: IstioGateway['servers'][number],
  place: Place,
  names: { readonly gateway: string; readonly target: string },
): void {
  declare(
    'https-redirect-elsewhere',
    place,
    { ...names, port },
    {
      aspects: 'all',
      takes: request =>
        request.scheme === 'http' &&
        request.port === port &&
        hosts.some(({ host }) => hostsOverlap(host, request.host)),
      between: redirectsToHttps,
    },
  );
}

/**
 * Gateways of one selector share their virtual hosts, and a redirect to https that one of them asks for is done for all;
 * Gateways of the Gateway API share nothing. Where no request is tried at the port of the redirect, since the VirtualService has
 * nothing there, the redirect goes all the same: the clients of a host move with all its ports.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
function declareRedirectOfOthers(
  { facts, declare, report }: Translation,
  vs: ResolvedVirtualService,
  own: IstioGateway,
  place: Place,
): void {
  // On pods that are kept, the Gateways are merged again.
  if (facts.options.gatewayService !== undefined) return;
  const ports = new Set(own.servers.map(({ port }) => port));
  const gateway = `${own.resource.namespace}/${own.resource.name}`;
  for (const { resource, servers } of besideOnPods(facts, own)) {
    for (const server of servers) {
      const { port, httpsRedirect, hosts } = server;
      if (!httpsRedirect) continue;
      const redirecting = `${resource.namespace}/${resource.name}`;
      const related = [{ message: 'it redirects here', place: placeOf(resource, 'spec', 'servers') }];
      declare(
        'https-redirect-of-another-gateway',
        place,
        { gateway, redirecting },
        {
          aspects: 'all',
          takes: request =>
            request.scheme === 'http' &&
            request.port === port &&
            vs.hosts.some(wanted => hostsOverlap(wanted, request.host)) &&
            hosts.some(({ host }) => hostsOverlap(host, request.host)),
          between: redirectsToHttps,
        },
        related,
      );
      const [moving] = vs.hosts.filter(wanted => hosts.some(({ host }) => hostsOverlap(host, wanted)));
      if (moving === undefined || (ports.has(port) && vs.http.length > 0)) continue;
      const request = `GET ${sampleOf(moving)}${port === 80 ? '' : `:${port}`}/`;
      report('https-redirect-of-another-gateway', place, { gateway, redirecting, request }, related);
    }
  }
}

function redirectsToHttps(before: Outcome): boolean {
  return before.kind === 'redirect' && before.scheme === 'https';
}
