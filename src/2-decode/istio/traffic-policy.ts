import type * as istio from '../../istio/index.ts';
import type { Cursor } from '../cursor.ts';
import { boolean, checked, type Decoder, enumeration, list, number, string, uint32 } from '../decoder.ts';
import { carried, isWritten, object } from '../object.ts';
import { connectionPool } from './connection-pool.ts';
import { loadBalancer } from './load-balancer.ts';
import { outlierDetection } from './outlier-detection.ts';
import { port } from './values.ts';

const tls: Decoder<istio.ClientTLSSettings> = object<istio.ClientTLSSettings>({
  mode: enumeration('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
  clientCertificate: string,
  privateKey: string,
  caCertificates: string,
  credentialName: string,
  subjectAltNames: list(string),
  sni: string,
  insecureSkipVerify: boolean,
  caCrl: string,
});

const portLevelSettings: Decoder<istio.PortTrafficPolicy> = object<istio.PortTrafficPolicy>(
  {
    port: object<{ readonly number?: number }>({ number: uint32 }),
    loadBalancer,
    connectionPool,
    outlierDetection,
    tls,
  },
  {
    check(policy, at, node) {
      if (!isWritten(node, 'port')) at.report('field-missing', { field: 'port', object: at.name });
      checkNotEmpty(policy, ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'], at);
    },
  },
);

const tunnel = carried(
  { protocol: string, targetHost: string, targetPort: port },
  {
    check(_, at, node) {
      for (const field of ['targetHost', 'targetPort'])
        if (!isWritten(node, field)) at.report('field-missing', { field, object: at.name });
    },
  },
);

/**
 * How clients reach a host. What only Envoy's clusters depend on is checked and carried over.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#TrafficPolicy
 */
export const trafficPolicy: Decoder<istio.TrafficPolicy> = object<istio.TrafficPolicy>(
  {
    loadBalancer,
    connectionPool,
    outlierDetection,
    tls,
    portLevelSettings: list(portLevelSettings),
    tunnel,
    proxyProtocol: carried({ version: enumeration('V1', 'V2') }),
    retryBudget: carried({
      percent: checked(number, (value, at) => {
        if (value < 0 || value > 100) at.report('percentage-out-of-range', { value, range: '0 to 100' });
      }),
      budgetInterval: string,
      minRetryConcurrency: uint32,
    }),
  },
  {
    check(policy, at) {
      const fields = [
        'loadBalancer',
        'connectionPool',
        'outlierDetection',
        'tls',
        'portLevelSettings',
        'tunnel',
        'proxyProtocol',
        'retryBudget',
      ] as const;
      checkNotEmpty(policy, fields, at);
      if (policy.tunnel && policy.proxyProtocol)
        at.report('actions-conflict', { first: 'tunnel', second: 'proxyProtocol' });
    },
  },
);

function checkNotEmpty<T>(policy: T, fields: readonly (keyof T)[], at: Cursor): void {
  if (fields.every(field => policy[field] === undefined))
    at.report('traffic-policy-empty', { field: at.name });
}
