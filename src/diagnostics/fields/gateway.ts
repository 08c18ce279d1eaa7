import type * as istio from '../../istio/index.ts';
import { converted, type FieldFates, refused } from './fate.ts';

/** The result for every field of an Istio Gateway. */
export const gatewayFields: FieldFates<istio.Gateway> = {
  selector: converted(
    '6-emit/gateways.ts',
    'gateway-new-deployment',
    'gateway-of-its-name',
    'gateway-exposure',
  ),
  servers: {
    port: {
      number: converted(
        '4-translate/server.ts',
        'gateway-port-left-out',
        'gateway-port-of-pods',
        'gateway-port-of-service',
        'gateway-port-may-be-of-pods',
        'gateway-ports-of-one-target',
      ),
      protocol: converted('4-translate/server.ts', 'gateway-udp'),
      name: converted('4-translate/server.ts'),
      // istiod refuses a Gateway with one.
      targetPort: refused('2-decode/istio/gateway.ts', 'target-port-on-gateway'),
    },
    bind: refused('4-translate/server.ts', 'gateway-server-field'),
    hosts: converted(
      '4-translate/server.ts',
      'gateway-host-is-an-address',
      'gateway-shared-host',
      'gateway-shared-address',
      'gateway-too-many-listeners',
    ),
    tls: {
      httpsRedirect: converted('6-emit/gateways.ts', 'https-redirect-behind-proxy'),
      mode: converted('4-translate/server-tls.ts', 'gateway-tls-mode-not-portable', 'gateway-tls-of-another'),
      serverCertificate: refused('4-translate/server-tls.ts', 'gateway-certificate-files'),
      privateKey: refused('4-translate/server-tls.ts', 'gateway-certificate-files'),
      caCertificates: refused('4-translate/server-tls.ts', 'gateway-certificate-files'),
      caCrl: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      credentialName: converted('4-translate/server-tls.ts', 'gateway-secret'),
      credentialNames: converted('4-translate/server-tls.ts'),
      caCertCredentialName: converted(
        '4-translate/server-tls.ts',
        'gateway-ca-certificate',
        'gateway-ca-certificate-per-port',
      ),
      tlsCertificates: refused('4-translate/server-tls.ts', 'gateway-certificate-files'),
      subjectAltNames: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      verifyCertificateSpki: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      verifyCertificateHash: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      minProtocolVersion: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      maxProtocolVersion: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      cipherSuites: converted('4-translate/server-tls.ts', 'not-portable'),
      insecureSkipVerify: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      ecdhCurves: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
      alpnProtocols: refused('4-translate/server-tls.ts', 'gateway-tls-field'),
    },
    defaultEndpoint: refused('4-translate/server.ts', 'gateway-server-field'),
    name: converted('4-translate/server.ts'),
  },
};
