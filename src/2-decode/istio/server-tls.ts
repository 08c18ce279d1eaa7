import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { boolean, checked, type Decoder, enumeration, list, string } from '../decoder.ts';
import { object } from '../object.ts';
import { protocolOf } from '../validation/server.ts';

const version = enumeration('TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3');

/** The schema takes one item or two. */
function oneOrTwo<T>(items: Decoder<T>): Decoder<readonly T[]> {
  return checked(list(items), (values, at) => {
    if (values.length < 1 || values.length > 2) at.report('certificates-not-one-or-two', { field: at.name });
  });
}

/** @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings */
export const serverTls: Decoder<istio.ServerTLSSettings> = object<istio.ServerTLSSettings>({
  httpsRedirect: boolean,
  mode: enumeration('PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL'),
  serverCertificate: string,
  privateKey: string,
  caCertificates: string,
  caCrl: string,
  credentialName: string,
  credentialNames: oneOrTwo(string),
  caCertCredentialName: string,
  tlsCertificates: oneOrTwo(
    object<istio.TLSCertificate>({ serverCertificate: string, privateKey: string, caCertificates: string }),
  ),
  subjectAltNames: list(string),
  verifyCertificateSpki: list(string),
  verifyCertificateHash: list(string),
  minProtocolVersion: version,
  maxProtocolVersion: version,
  cipherSuites: list(string),
  insecureSkipVerify: boolean,
  ecdhCurves: list(string),
  alpnProtocols: list(string),
});

/**
 * Reports TLS settings that do not go with each other or with the protocol of the port.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (validateServer, validateTLSOptions)
 */
export function checkServerTls({ port, tls }: istio.Server, at: Cursor): void {
  const family = protocolOf(port.protocol);
  const place = at.child('tls');
  if (tls === undefined) {
    if (family === 'tls') at.report('server-tls-missing', { protocol: port.protocol });
    return;
  }
  if (family === 'other' || (family === 'http' && !isRedirectOnly(tls)))
    place.report('server-tls-not-allowed', { protocol: port.protocol });
  const reason = faultOfTls(tls);
  if (reason !== undefined) place.report('tls-invalid', { reason });
}

/** Without a mode, TLS passes through. */
function isRedirectOnly({
  mode = 'PASSTHROUGH',
  caCertificates,
  privateKey,
  serverCertificate,
}: istio.ServerTLSSettings): boolean {
  return mode.endsWith('PASSTHROUGH') && !caCertificates && !privateKey && !serverCertificate;
}

function faultOfTls(tls: istio.ServerTLSSettings): string | undefined {
  const { mode = 'PASSTHROUGH', serverCertificate, privateKey, caCertificates, tlsCertificates = [] } = tls;
  const named = Boolean(tls.credentialName) || (tls.credentialNames ?? []).length > 0;
  if (mode === 'ISTIO_MUTUAL')
    return serverCertificate || privateKey || caCertificates || named || tlsCertificates.length > 0
      ? 'ISTIO_MUTUAL brings its own certificates, so none may be set'
      : undefined;
  const sources = [
    serverCertificate && privateKey,
    tls.credentialName,
    (tls.credentialNames ?? []).length > 0,
    tlsCertificates.length > 0,
  ].filter(Boolean);
  const bothNamed = tls.credentialName !== undefined && tls.credentialNames !== undefined;
  if (sources.length > 1 || bothNamed)
    return 'certificates come from one of `credentialName`, `credentialNames`, `tlsCertificates` and files, and here from more';
  if (mode.endsWith('PASSTHROUGH'))
    return tls.caCrl && tls.credentialName
      ? '`caCrl` belongs into the Secret that `credentialName` names'
      : undefined;
  if (named) return undefined;
  if (mode !== 'SIMPLE' && !caCertificates) return `${mode} needs \`caCertificates\` or a \`credentialName\``;
  if (mode === 'SIMPLE' && tls.caCrl) return '`caCrl` does not go with SIMPLE';
  const certificates = tlsCertificates.length > 0 ? tlsCertificates : [tls];
  return certificates.every(certificate => certificate.serverCertificate && certificate.privateKey)
    ? undefined
    : `${mode} needs a \`credentialName\`, or a \`serverCertificate\` and a \`privateKey\``;
}
