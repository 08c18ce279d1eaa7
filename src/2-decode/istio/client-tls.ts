import type * as istio from '../../istio/index.ts';
import { boolean, checked, type Decoder, enumeration, list, string } from '../decoder.ts';
import { object } from '../object.ts';

/** @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings */
export const clientTls: Decoder<istio.ClientTLSSettings> = checked(
  object<istio.ClientTLSSettings>({
    mode: enumeration('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
    clientCertificate: string,
    privateKey: string,
    caCertificates: string,
    credentialName: string,
    subjectAltNames: list(string),
    sni: string,
    insecureSkipVerify: boolean,
    caCrl: string,
    caCertCredentialName: string,
  }),
  (tls, at) => {
    const reason = faultOfTls(tls);
    if (reason !== undefined) at.report('tls-invalid', { reason });
  },
);

/** @see https://github.com/istio/istio/blob/master/pkg/config/validation/agent/validation.go (ValidateTLS) */
function faultOfTls(tls: istio.ClientTLSSettings): string | undefined {
  const { mode, credentialName, caCertificates, clientCertificate, privateKey, caCrl } = tls;
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return undefined;
  const named = mode === 'SIMPLE' && Boolean(credentialName);
  if (tls.insecureSkipVerify && (caCertificates || named || (tls.subjectAltNames ?? []).length > 0))
    return '`insecureSkipVerify` leaves nothing to verify the server by, and something is set for it';
  if (credentialName)
    return clientCertificate || caCertificates || privateKey || caCrl
      ? '`credentialName` replaces certificate files, and some are set'
      : undefined;
  if (mode === 'MUTUAL' && !(clientCertificate && privateKey))
    return 'MUTUAL needs a `credentialName`, or a `clientCertificate` and a `privateKey`';
  return undefined;
}
