import { canonicalJson } from '../3-link/canonical.ts';
import { type GatewayServer, listenerOf } from '../3-link/gateways/gateway-server.ts';
import type * as istio from '../istio/index.ts';

/** The TLS that a listener asks of clients and shows them, in terms that both APIs have. */
interface ListenerTls {
  readonly mode: string;
  /** Names of Secrets; where they are is told when a Gateway is converted. */
  readonly certificates: readonly string[];
  /** The Secret with which clients are verified, where it is not that of the certificate. */
  readonly clientCA: string | undefined;
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly cipherSuites: readonly string[];
  /** Settings that only one API has, as they are written. */
  readonly others: Readonly<Record<string, unknown>>;
}

const option = {
  mode: 'gateway.istio.io/tls-terminate-mode',
  cipherSuites: 'gateway.istio.io/tls-cipher-suites',
  minVersion: 'gateway.istio.io/tls-min-protocol-version',
  maxVersion: 'gateway.istio.io/tls-max-protocol-version',
} as const;

/**
 * The TLS settings of a server that ends TLS, as text to compare.
 *
 * @returns undefined for one that does not, or of which nobody knows, since it stands in for one not found in the input
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, buildTLS
 */
export function listenerTls(server: GatewayServer): string | undefined {
  if (server.passthrough || server.protocol === 'http') return undefined;
  const tls = server.resource.type === 'istio.Gateway' ? tlsOfServer(server) : tlsOfListener(server);
  return tls === undefined ? undefined : canonicalJson(tls);
}

/**
 * The same for connections, whose proxies may pass TLS on, or get none.
 *
 * @returns undefined where nobody knows, as of a Gateway without a file
 */
export function connectionTls(server: GatewayServer): string | undefined {
  const ended = listenerTls(server);
  if (ended !== undefined || server.resource.source === undefined) return ended;
  if (server.passthrough) return canonicalJson(without('PASSTHROUGH'));
  return server.protocol === 'tcp' ? canonicalJson(without('none')) : undefined;
}

/** No settings but a mode. */
function without(mode: string): ListenerTls {
  return {
    mode,
    certificates: [],
    clientCA: undefined,
    minVersion: 'TLSV1_2',
    maxVersion: 'TLSV1_3',
    cipherSuites: [],
    others: {},
  };
}

function tlsOfServer({ resource, index }: GatewayServer): ListenerTls | undefined {
  if (resource.type !== 'istio.Gateway' || 'stand-in' in (resource.spec.selector ?? {})) return undefined;
  const tls: istio.ServerTLSSettings | undefined = resource.spec.servers?.[index]?.tls;
  if (tls?.mode === undefined) return undefined;
  const {
    httpsRedirect: _redirect,
    mode,
    credentialName,
    credentialNames,
    caCertCredentialName,
    minProtocolVersion,
    maxProtocolVersion,
    cipherSuites = [],
    ...others
  } = tls;
  return {
    mode,
    certificates: credentialNames ?? (credentialName ? [credentialName] : []),
    clientCA: caCertCredentialName || undefined,
    minVersion: version(minProtocolVersion) ?? 'TLSV1_2',
    maxVersion: version(maxProtocolVersion) ?? 'TLSV1_3',
    cipherSuites,
    others,
  };
}

function version(written: string | undefined): string | undefined {
  return written === '' || written === 'TLS_AUTO' ? undefined : written;
}

function tlsOfListener(server: GatewayServer): ListenerTls | undefined {
  const { resource } = server;
  const listener = listenerOf(server);
  if (resource.type !== 'gateway.Gateway' || listener?.tls === undefined) return undefined;
  const { mode: _mode, certificateRefs = [], options = {}, ...others } = listener.tls;
  const { default: usual, perPort = [] } = resource.spec.tls?.frontend ?? { default: {} };
  const { validation } = perPort.find(({ port }) => port === listener.port)?.tls ?? usual;
  const verifying = validation?.mode === 'AllowInsecureFallback' ? 'OPTIONAL_MUTUAL' : 'MUTUAL';
  const suites = options[option.cipherSuites];
  return {
    mode: options[option.mode] ?? (validation === undefined ? 'SIMPLE' : verifying),
    certificates: certificateRefs.map(({ name }) => name),
    clientCA: validation?.caCertificateRefs.map(({ name }) => name).join(',') || undefined,
    minVersion: options[option.minVersion] ?? 'TLSV1_2',
    maxVersion: options[option.maxVersion] ?? 'TLSV1_3',
    cipherSuites: suites === undefined ? [] : suites.split(','),
    others,
  };
}

/** Writes TLS settings in a few words. */
export function describeTls(text: string | undefined): string {
  if (text === undefined) return 'TLS that is not known';
  const { mode, certificates, clientCA, minVersion, maxVersion, cipherSuites, others } = JSON.parse(
    text,
  ) as ListenerTls;
  if (mode === 'none') return 'no TLS';
  if (mode === 'PASSTHROUGH') return 'TLS that is passed on';
  const parts = [
    `mode ${mode}`,
    certificates.length === 0 ? 'no certificate' : `certificate ${certificates.join(' and ')}`,
    ...(clientCA === undefined ? [] : [`client CA ${clientCA}`]),
    ...(minVersion === 'TLSV1_2' && maxVersion === 'TLSV1_3' ? [] : [`${minVersion} to ${maxVersion}`]),
    ...(cipherSuites.length === 0 ? [] : [`cipher suites ${cipherSuites.join(', ')}`]),
    ...(Object.keys(others).length === 0 ? [] : [canonicalJson(others)]),
  ];
  return `TLS with ${parts.join(', ')}`;
}
