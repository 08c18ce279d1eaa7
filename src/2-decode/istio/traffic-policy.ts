import type * as istio from '../../istio/index.ts';
import { fieldOf, type MappingNode, type YamlNode } from '../../yaml/yaml-node.ts';
import type { Cursor } from '../cursor.ts';
import { checked, type Decoder, enumeration, isNull, list, number, string, uint32 } from '../decoder.ts';
import { carried, isWritten, object } from '../object.ts';
import { faultOfDomain } from '../validation/domain-name.ts';
import { isIpAddress } from '../validation/ip-address.ts';
import { clientTls as tls } from './client-tls.ts';
import { connectionPool } from './connection-pool.ts';
import { loadBalancer } from './load-balancer.ts';
import { outlierDetection } from './outlier-detection.ts';
import { anyDuration, port } from './values.ts';

const portLevelSettings: Decoder<istio.PortTrafficPolicy> = object<istio.PortTrafficPolicy>(
  {
    port: object<{ readonly number?: number }>({ number: uint32 }),
    loadBalancer,
    connectionPool,
    outlierDetection,
    tls,
  },
  {
    check(_, at, node) {
      if (!isWritten(node, 'port')) at.report('field-missing', { field: 'port', object: at.name });
      checkNotEmpty(['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'], at, node);
    },
  },
);

const tunnel = carried(
  {
    protocol: checked(string, (protocol, at) => {
      if (!['', 'CONNECT', 'POST'].includes(protocol))
        at.report('value-not-allowed', { field: at.name, value: protocol, values: 'CONNECT, POST' });
    }),
    targetHost: checked(string, (host, at) => {
      const reason = isIpAddress(host) ? undefined : faultOfDomain(host);
      if (reason !== undefined) at.report('host-invalid', { host, reason });
    }),
    targetPort: port,
  },
  {
    check(_, at, node) {
      for (const field of ['targetHost', 'targetPort'])
        if (!isWritten(node, field)) at.report('field-missing', { field, object: at.name });
    },
  },
);

/**
 * How clients reach a host. Settings that only Envoy's clusters depend on are checked and carried over.
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
        if (value < 0 || value > 100)
          at.report('number-out-of-range', { field: at.name, value, range: '0 to 100' });
      }),
      budgetInterval: anyDuration,
      minRetryConcurrency: uint32,
    }),
  },
  {
    check(policy, at, node) {
      const fields = [
        'loadBalancer',
        'connectionPool',
        'outlierDetection',
        'tls',
        'portLevelSettings',
        'tunnel',
        'proxyProtocol',
        'retryBudget',
      ];
      checkNotEmpty(fields, at, node);
      if (policy.tunnel && policy.proxyProtocol)
        at.report('actions-conflict', { first: 'tunnel', second: 'proxyProtocol' });
    },
  },
);

function checkNotEmpty(fields: readonly string[], at: Cursor, node: MappingNode): void {
  if (!fields.some(field => isSet(fieldOf(node, field))))
    at.report('field-empty', { field: at.name, wanted: 'at least one setting' });
}

function isSet(node: YamlNode | undefined): boolean {
  return node !== undefined && !isNull(node) && !(node.kind === 'sequence' && node.items.length === 0);
}
