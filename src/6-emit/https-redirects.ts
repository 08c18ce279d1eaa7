import { buildHTTPRoute } from '../2-decode/build-resource.ts';
import { namesInCommon } from '../3-link/hostname.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { TranslatedListener } from '../4-translate/server.ts';
import type * as gateway from '../gateway-api/index.ts';
import { ownValue } from '../yaml/own-value.ts';
import type { Output } from './edit.ts';

/** Listeners, and the hostnames that they redirect to https; undefined is every hostname of theirs. */
interface Redirect {
  readonly listeners: readonly TranslatedListener[];
  readonly hostnames: readonly string[] | undefined;
}

/** So many a route takes. @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec */
const MAX_HOSTNAMES = 16;

/** kustomize leaves what has it out of what it builds. */
const localConfig = 'config.kubernetes.io/local-config';

/**
 * The hostnames that go to https. istiod redirects a host of a server that is for all namespaces as it is written. It keeps the
 * namespace of others in the name of the virtual host, which no request asks for: there the hosts of VirtualServices alone
 * are redirected.
 *
 * @param gateway the Istio Gateway, as `NAMESPACE/NAME`
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig
 */
export function redirectsOf(
  gateway: string,
  listeners: readonly TranslatedListener[],
  virtualServices: readonly ResolvedVirtualService[],
): readonly Redirect[] {
  const redirecting = listeners.filter(({ httpsRedirect }) => httpsRedirect);
  const open = redirecting.filter(({ namespaces }) => namespaces.includes('*'));
  const bound = virtualServices.filter(({ gateways }) => gateways.includes(gateway));
  const scoped = redirecting
    .filter(one => !open.includes(one))
    .map(listener => ({ listener, hosts: hostsAt(listener, bound) }))
    .filter(({ hosts }) => hosts.length > 0);
  const hostsOfScoped = [...new Set(scoped.flatMap(({ hosts }) => hosts))];
  const hostsOfOpen = hostnamesOf(open);
  const all = [...new Set([...(hostsOfOpen ?? []), ...hostsOfScoped])];
  const isOne = hostsOfScoped.length === 0 || (hostsOfOpen !== undefined && all.length <= MAX_HOSTNAMES);
  if (isOne) {
    const both = redirecting.filter(
      one => open.includes(one) || scoped.some(({ listener }) => listener === one),
    );
    return both.length === 0
      ? []
      : [{ listeners: both, hostnames: hostsOfOpen === undefined ? undefined : all }];
  }
  const chunks = Array.from({ length: Math.ceil(hostsOfScoped.length / MAX_HOSTNAMES) }, (_, number) =>
    hostsOfScoped.slice(number * MAX_HOSTNAMES, (number + 1) * MAX_HOSTNAMES),
  );
  return [
    ...(open.length === 0 ? [] : [{ listeners: open, hostnames: hostsOfOpen }]),
    ...chunks.map(hostnames => ({
      listeners: scoped
        .filter(({ hosts }) => hosts.some(host => hostnames.includes(host)))
        .map(({ listener }) => listener),
      hostnames,
    })),
  ];
}

/** The hosts of VirtualServices with requests that a listener has, in the order of the VirtualServices. */
function hostsAt(
  { listener: { hostname = '*' }, namespaces }: TranslatedListener,
  bound: readonly ResolvedVirtualService[],
): readonly string[] {
  const hosts = bound
    .filter(({ namespace, http }) => http.length > 0 && namespaces.includes(namespace))
    .flatMap(vs => namesInCommon([{ host: hostname }], vs.hosts));
  return [...new Set(hosts)];
}

/**
 * The hostnames of listeners: without its own, external-dns publishes all of the Gateway with the settings of this route.
 *
 * @returns undefined where the route takes every hostname
 */
function hostnamesOf(listeners: readonly TranslatedListener[]): readonly string[] | undefined {
  const hostnames = [...new Set(listeners.map(({ listener }) => listener.hostname))];
  const named = hostnames.filter(hostname => hostname !== undefined);
  return named.length < hostnames.length || named.length > MAX_HOSTNAMES ? undefined : named;
}

/** httpsRedirect as routes: Envoy answers with 301 (require_tls). */
export function redirectOutputs(made: Output, redirects: readonly Redirect[]): readonly Output[] {
  const { namespace, metadata } = made.resource;
  const { annotations, labels: _labels, ...rest } = metadata;
  const local = ownValue(annotations, localConfig);
  return redirects.map(({ listeners, hostnames }, number): Output => {
    const spec: gateway.HTTPRoute = {
      parentRefs: listeners.map(({ listener }) => ({ name: metadata.name, sectionName: listener.name })),
      ...(hostnames === undefined ? {} : { hostnames: [...hostnames] }),
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
        },
      ],
    };
    const name = `${metadata.name}-https-redirect${number === 0 ? '' : `-${number + 1}`}`;
    const own = { ...rest, name, ...(local === undefined ? {} : { annotations: { [localConfig]: local } }) };
    return { resource: buildHTTPRoute({ namespace, metadata: own }, spec), home: made.home, origins: [] };
  });
}
