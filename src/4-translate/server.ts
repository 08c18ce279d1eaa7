import { placeOf } from '../2-decode/place-of.ts';
import { isValidName, makeName } from '../2-decode/valid-name.ts';
import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import { isIpAddress, withoutPlaceholders } from '../3-link/host.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { Options } from '../options.ts';
import { admittedNamespaces, type Speaker } from './admitted-namespaces.ts';
import { type Secrets, translateServerTls } from './server-tls.ts';

/** A listener, and the server and the host it came from. */
export interface TranslatedListener {
  readonly listener: gateway.Listener;
  readonly server: number;
  /** Requests that arrive here go to https. */
  readonly httpsRedirect: boolean;
  /** The namespaces whose VirtualServices have a say for the host; `*` is all of them. */
  readonly namespaces: readonly string[];
  /** The Secret with which clients of its port are verified. */
  readonly caCertificateRef?: gateway.SecretObjectReference;
}

/**
 * The function that translates each field of a server; a field that is missing here does not compile.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#Server
 */
const fields: Readonly<Record<keyof istio.Server, 'listener' | 'tls' | 'none'>> = {
  port: 'listener',
  hosts: 'listener',
  name: 'listener',
  tls: 'tls',
  bind: 'none',
  defaultEndpoint: 'none',
};

const protocols = { http: 'HTTP', https: 'HTTPS', tls: 'TLS', tcp: 'TCP' } as const;

/** The state of a server without a field. @see istio.io/api/networking/v1alpha3/gateway.proto, Server */
const withoutField = {
  bind: 'the port is open on all addresses of the pods',
  defaultEndpoint: 'requests go where the VirtualServices say, as istiod has it today',
} as const;

/**
 * Writes the servers of an Istio Gateway as listeners: one for each port, protocol and host.
 *
 * @param speakers the VirtualServices of the Istio Gateway
 * @returns undefined, after reports, where a server has no form
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, buildListener
 */
export function translateServers(
  resource: GatewayServer['resource'] & { readonly type: 'istio.Gateway' },
  servers: readonly GatewayServer[],
  options: Options,
  secrets: Secrets,
  speakers: () => readonly Speaker[],
  report: Report,
): readonly TranslatedListener[] | undefined {
  const listeners: TranslatedListener[] = [];
  let complete = true;
  for (const [index, server] of (resource.spec.servers ?? []).entries()) {
    const known = servers[index];
    const place = (...field: readonly (string | number)[]): Place =>
      placeOf(resource, 'spec', 'servers', index, ...field);
    for (const field of ['bind', 'defaultEndpoint'] as const) {
      if (!server[field] || fields[field] !== 'none') continue;
      report('gateway-server-field', place(field), { field, effect: withoutField[field] });
      complete = false;
    }
    if (server.port.protocol.toUpperCase() === 'UDP') {
      report('gateway-udp', place('port', 'protocol'), {});
      complete = false;
      continue;
    }
    const tls = translateServerTls(server, known, options, secrets, report, place);
    if (tls === undefined || known === undefined) {
      complete = false;
      continue;
    }
    const { caCertificateRef, ...listenerTls } = tls;
    const rival = listeners.find(({ listener: { port, protocol }, caCertificateRef: other }) => {
      const isTls = protocol === 'HTTPS' || protocol === 'TLS';
      return port === known.port && isTls && other?.name !== caCertificateRef?.name;
    });
    if (rival !== undefined && known.protocol !== 'http') {
      report('gateway-ca-certificate-per-port', place('tls'), { port: known.port });
      complete = false;
      continue;
    }
    for (const [position, host] of uniqueHosts(known)) {
      if (isIpAddress(host) || !isHostname(host)) {
        report('gateway-host-is-an-address', place('hosts', position), { host });
        complete = false;
        continue;
      }
      const namespaces = admittedNamespaces(servers, known, host, speakers);
      listeners.push({
        server: index,
        httpsRedirect: known.httpsRedirect,
        namespaces,
        ...(caCertificateRef === undefined ? {} : { caCertificateRef }),
        listener: {
          name: '',
          ...(host === '*' || known.protocol === 'tcp' ? {} : { hostname: host }),
          port: known.port,
          protocol: protocols[known.protocol],
          ...listenerTls,
          allowedRoutes: known.httpsRedirect
            ? { namespaces: { from: 'Same' } }
            : allowedRoutes(namespaces, secrets.gatewayNamespace),
        },
      });
    }
  }
  if (!complete) return undefined;
  return withNames(mergeListeners(listeners), resource.spec.servers ?? []);
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#hostname */
function isHostname(host: string): boolean {
  return host === '*' || isValidName(withoutPlaceholders(host).replace(/^\*\./, ''), 'rfc1123-subdomain');
}

/** The hosts of a server, each with the position of its first mention. */
function uniqueHosts({ hosts }: GatewayServer): readonly (readonly [number, string])[] {
  const seen = new Map<string, number>();
  for (const [index, { host }] of hosts.entries()) if (!seen.has(host)) seen.set(host, index);
  return [...seen].map(([host, index]) => [index, host]);
}

const nameLabel = 'kubernetes.io/metadata.name';

/** Routes of every namespace that the server admits for a host; the CRD's default would be the Gateway's own only. */
function allowedRoutes(namespaces: readonly string[], own: string): gateway.AllowedRoutes {
  if (namespaces.includes('*')) return { namespaces: { from: 'All' } };
  const [only] = namespaces;
  if (namespaces.length === 1 && only === own) return { namespaces: { from: 'Same' } };
  const selector =
    namespaces.length === 1 && only !== undefined
      ? { matchLabels: { [nameLabel]: only } }
      : { matchExpressions: [{ key: nameLabel, operator: 'In', values: namespaces }] };
  return { namespaces: { from: 'Selector', selector } };
}

/** Two servers for one port, protocol and host: the first has it, as in istiod. */
function mergeListeners(listeners: readonly TranslatedListener[]): readonly TranslatedListener[] {
  const byKey = new Map<string, TranslatedListener>();
  for (const translated of listeners) {
    const { port, protocol, hostname } = translated.listener;
    const key = `${port}/${protocol}/${hostname ?? ''}`;
    if (!byKey.has(key)) byKey.set(key, translated);
  }
  return [...byKey.values()];
}

/**
 * A listener is called as its server or port is. Where that does not tell it apart, the first label of its host follows,
 * as in `https-shop`, else the whole host, else the port.
 */
function withNames(
  listeners: readonly TranslatedListener[],
  servers: readonly istio.Server[],
): readonly TranslatedListener[] {
  const bases = listeners.map(({ server, listener }) => baseName(servers[server], listener));
  const shortNames = listeners.map(({ listener }, index) => `${bases[index]}-${firstLabel(listener)}`);
  const taken = new Set<string>();
  return listeners.map((translated, index) => {
    const { listener } = translated;
    const base = bases[index] ?? '';
    const short = shortNames[index] ?? '';
    const isAlone = listeners.filter(other => other.server === translated.server).length === 1;
    const whole = listener.hostname?.replace('*', 'wildcard').replaceAll('.', '-');
    const wishes = [
      ...(isAlone || listener.hostname === undefined ? [base] : []),
      ...(shortNames.filter(name => name === short).length === 1 && !bases.includes(short) ? [short] : []),
      ...(whole === undefined ? [] : [`${base}-${whole}`]),
      `${base}-${listener.port}`,
    ];
    const free = wishes.find(name => isValidName(name, 'rfc1123-subdomain') && !taken.has(name));
    const parts = [base, ...(whole === undefined ? [] : [whole])];
    const name = free ?? makeName(parts, 'rfc1123-subdomain', candidate => taken.has(candidate));
    taken.add(name);
    return { ...translated, listener: { ...listener, name } };
  });
}

function baseName(server: istio.Server | undefined, { protocol }: gateway.Listener): string {
  return (server?.port.name || server?.name || protocol).toLowerCase().replace(/[^a-z0-9-]+/g, '-');
}

/** `shop` of shop.example.com, `wildcard` of *.example.com, and of every host. */
function firstLabel({ hostname = '*' }: gateway.Listener): string {
  return (hostname.split('.')[0] ?? '').replace('*', 'wildcard');
}
