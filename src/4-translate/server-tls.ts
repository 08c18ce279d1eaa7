import type { GatewayServer } from '../3-link/gateways/gateway-server.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { Options } from '../options.ts';

/**
 * The function that translates each TLS setting of a server; a field that is missing here does not compile.
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
  ecdhCurves: 'none',
  alpnProtocols: 'none',
};

/** The defaults of Envoy's servers. */
const defaults: Readonly<Record<string, string>> = {
  minProtocolVersion: 'TLSV1_2',
  maxProtocolVersion: 'TLSV1_3',
};

/** Options of a listener that istiod knows (conversion.go, buildTLS). */
const terminateMode = 'gateway.istio.io/tls-terminate-mode';
const cipherSuites = 'gateway.istio.io/tls-cipher-suites';
const listenerProtocol = 'gateway.istio.io/listener-protocol';

/** The result for the TLS settings of a server. */
export interface TranslatedTls {
  readonly tls?: gateway.ListenerTLSConfig;
  /** The Secret with which clients are verified; that is said once for each port. */
  readonly caCertificateRef?: gateway.SecretObjectReference;
}

/** Where Secrets are, seen from the Gateway. */
export interface Secrets {
  /** The namespace of the Gateway that is written. */
  readonly gatewayNamespace: string;
  /** The namespace of the pods that read them today; undefined when it is not known. */
  readonly podsNamespace: string | undefined;
}

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
  secrets: Secrets,
  report: Report,
  place: (...field: readonly string[]) => Place,
): TranslatedTls | undefined {
  const { tls } = server;
  if (known === undefined) return undefined;
  if (tls === undefined || known.protocol === 'http' || known.protocol === 'tcp') return {};
  if (!hasForms(tls, options, report, place)) return undefined;
  const mode = tls.mode ?? 'PASSTHROUGH';
  if (mode === 'PASSTHROUGH') return { tls: { mode: 'Passthrough' } };
  if (!isPortable(tls, options, report, place)) return undefined;
  if (mode === 'AUTO_PASSTHROUGH')
    return { tls: { mode: 'Passthrough', options: { [listenerProtocol]: 'auto-passthrough' } } };
  const names = tls.credentialNames ?? (tls.credentialName ? [tls.credentialName] : []);
  const refTo = (name: string, field: string): gateway.SecretObjectReference => {
    const { gatewayNamespace, podsNamespace } = secrets;
    if (podsNamespace === undefined)
      report('gateway-secret', place('tls', field), { secret: name, namespace: gatewayNamespace });
    return podsNamespace === undefined || podsNamespace === gatewayNamespace
      ? { name }
      : { name, namespace: podsNamespace };
  };
  const ca = tls.caCertCredentialName;
  // With a Secret of its own, verifying clients is a matter of the port; istiod takes the mode from the option, too.
  const modeOption = mode === 'SIMPLE' || (mode === 'MUTUAL' && ca) ? {} : { [terminateMode]: mode };
  const listenerOptions = {
    ...modeOption,
    ...(tls.cipherSuites === undefined ? {} : { [cipherSuites]: tls.cipherSuites.join(',') }),
  };
  const field = tls.credentialName ? 'credentialName' : 'credentialNames';
  return {
    tls: {
      mode: 'Terminate',
      ...(names.length === 0 ? {} : { certificateRefs: names.map(name => refTo(name, field)) }),
      ...(Object.keys(listenerOptions).length === 0 ? {} : { options: listenerOptions }),
    },
    ...(ca ? { caCertificateRef: { group: '', kind: 'Secret', ...refTo(ca, 'caCertCredentialName') } } : {}),
  };
}

function hasForms(
  tls: istio.ServerTLSSettings,
  options: Options,
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
    else if (form === 'none') report('gateway-tls-field', place('tls', field), { field });
    else if (field === 'caCertCredentialName' && !isVerifiable(tls, options))
      report('gateway-ca-certificate', place('tls', field), { mode: tls.mode ?? 'PASSTHROUGH' });
    else continue;
    complete = false;
  }
  return complete;
}

/**
 * Whether a Secret with which clients are verified has a form: from 1.5 on, for modes that verify them.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#frontendtlsvalidation
 */
function isVerifiable({ mode }: istio.ServerTLSSettings, { gatewayApi }: Options): boolean {
  return gatewayApi !== '1.4' && (mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL');
}

function isPortable(
  { mode = 'PASSTHROUGH', caCertCredentialName, cipherSuites: ciphers }: istio.ServerTLSSettings,
  { profile }: Options,
  report: Report,
  place: (...field: readonly string[]) => Place,
): boolean {
  if (profile === 'istio') return true;
  if (ciphers !== undefined) {
    report('not-portable', place('tls', 'cipherSuites'), { feature: 'a choice of cipher suites' });
    return false;
  }
  if (mode === 'SIMPLE' || (mode === 'MUTUAL' && caCertCredentialName)) return true;
  report('gateway-tls-mode-not-portable', place('tls', 'mode'), { mode });
  return false;
}
