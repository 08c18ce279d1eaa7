import type { GatewayServer } from '../3-link/gateway-servers.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { Options } from '../options.ts';

/**
 * Who sees to each TLS setting of a server; a field that is missing here does not compile.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings
 */
const fields: Readonly<
  Record<keyof istio.ServerTLSSettings, 'mode' | 'secret' | 'file' | 'option' | 'none'>
> = {
  httpsRedirect: 'mode',
  mode: 'mode',
  serverCertificate: 'file',
  privateKey: 'file',
  caCertificates: 'file',
  tlsCertificates: 'file',
  caCrl: 'none',
  credentialName: 'secret',
  credentialNames: 'secret',
  caCertCredentialName: 'secret',
  subjectAltNames: 'none',
  verifyCertificateSpki: 'none',
  verifyCertificateHash: 'none',
  minProtocolVersion: 'none',
  maxProtocolVersion: 'none',
  cipherSuites: 'option',
  insecureSkipVerify: 'none',
};

/** What servers of Envoy do without being told. */
const defaults: Readonly<Record<string, string>> = {
  minProtocolVersion: 'TLSV1_2',
  maxProtocolVersion: 'TLSV1_3',
};

/** Options of a listener that istiod knows (conversion.go, buildTLS). */
const terminateMode = 'gateway.istio.io/tls-terminate-mode';
const cipherSuites = 'gateway.istio.io/tls-cipher-suites';
const listenerProtocol = 'gateway.istio.io/listener-protocol';

type Tls = { readonly tls?: gateway.ListenerTLSConfig };

/**
 * Writes the TLS settings of a server.
 *
 * @returns undefined, after reports, where they have no form
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, buildTLS
 */
export function translateServerTls(
  server: istio.Server,
  known: GatewayServer | undefined,
  options: Options,
  namespace: string,
  report: Report,
  place: (...field: readonly string[]) => Place,
): Tls | undefined {
  const { tls } = server;
  if (known === undefined) return undefined;
  if (tls === undefined || known.protocol === 'http' || known.protocol === 'tcp') return {};
  if (!hasForms(tls, report, place)) return undefined;
  const mode = tls.mode ?? 'PASSTHROUGH';
  if (mode === 'PASSTHROUGH') return { tls: { mode: 'Passthrough' } };
  if (!isPortable(mode, options, report, place)) return undefined;
  if (mode === 'AUTO_PASSTHROUGH')
    return { tls: { mode: 'Passthrough', options: { [listenerProtocol]: 'auto-passthrough' } } };
  const secrets = tls.credentialNames ?? (tls.credentialName ? [tls.credentialName] : []);
  if (secrets.length === 0 && mode !== 'ISTIO_MUTUAL') {
    report('gateway-certificate-missing', place('tls'), { mode });
    return undefined;
  }
  for (const secret of secrets)
    report('gateway-secret', place('tls', tls.credentialName ? 'credentialName' : 'credentialNames'), {
      secret,
      namespace,
    });
  const listenerOptions = {
    ...(mode === 'SIMPLE' ? {} : { [terminateMode]: mode }),
    ...(tls.cipherSuites === undefined ? {} : { [cipherSuites]: tls.cipherSuites.join(',') }),
  };
  return {
    tls: {
      mode: 'Terminate',
      ...(secrets.length === 0 ? {} : { certificateRefs: secrets.map(name => ({ name })) }),
      ...(Object.keys(listenerOptions).length === 0 ? {} : { options: listenerOptions }),
    },
  };
}

function hasForms(
  tls: istio.ServerTLSSettings,
  report: Report,
  place: (...field: readonly string[]) => Place,
): boolean {
  let complete = true;
  for (const [field, form] of Object.entries(fields)) {
    const value = tls[field as keyof istio.ServerTLSSettings];
    if (
      value === undefined ||
      value === '' ||
      value === false ||
      defaults[field] === value ||
      value === 'TLS_AUTO'
    )
      continue;
    if (form === 'file') report('gateway-certificate-files', place('tls', field), {});
    else if (form === 'none' || field === 'caCertCredentialName')
      report('gateway-tls-field', place('tls', field), { field });
    else continue;
    complete = false;
  }
  return complete;
}

function isPortable(
  mode: NonNullable<istio.ServerTLSSettings['mode']>,
  { profile }: Options,
  report: Report,
  place: (...field: readonly string[]) => Place,
): boolean {
  if (profile === 'istio' || mode === 'SIMPLE') return true;
  report('gateway-tls-mode-not-portable', place('tls', 'mode'), { mode });
  return false;
}
