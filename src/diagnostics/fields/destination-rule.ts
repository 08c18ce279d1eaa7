import type * as istio from '../../istio/index.ts';
import { converted, type FieldFates, kept } from './fate.ts';

/** Clusters take these from the DestinationRule of their Service, which stays, or gets one of its own. */
const portFields: FieldFates<Omit<istio.TrafficPolicy, 'portLevelSettings'>> = {
  loadBalancer: kept('3-link/subsets/traffic-policy.ts', 'traffic-policy-not-portable'),
  connectionPool: kept('3-link/subsets/traffic-policy.ts', 'traffic-policy-not-portable'),
  outlierDetection: kept('3-link/subsets/traffic-policy.ts', 'traffic-policy-not-portable'),
  tls: {
    mode: kept('4-translate/traffic-policy.ts', 'tls-mode-at-waypoint', 'tls-not-portable'),
    clientCertificate: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    privateKey: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    caCertificates: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    credentialName: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    subjectAltNames: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    sni: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    insecureSkipVerify: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    caCrl: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
    caCertCredentialName: kept('3-link/subsets/backend-tls.ts', 'tls-not-portable'),
  },
  tunnel: kept('3-link/subsets/traffic-policy.ts', 'traffic-policy-not-portable'),
  proxyProtocol: kept('3-link/subsets/traffic-policy.ts', 'traffic-policy-not-portable'),
  retryBudget: kept('3-link/subsets/traffic-policy.ts', 'traffic-policy-not-portable'),
};

const trafficPolicy: FieldFates<istio.TrafficPolicy> = {
  ...portFields,
  portLevelSettings: {
    port: kept('3-link/subsets/traffic-policy.ts'),
    loadBalancer: kept('3-link/subsets/traffic-policy.ts', 'traffic-policy-not-portable'),
    connectionPool: portFields.connectionPool,
    outlierDetection: portFields.outlierDetection,
    tls: portFields.tls,
  },
};

/** The result for every field of a DestinationRule. */
export const destinationRuleFields: FieldFates<istio.DestinationRule> = {
  host: kept('3-link/subsets/destination-rules.ts'),
  trafficPolicy,
  subsets: {
    name: converted('3-link/subsets/versions.ts', 'subset-unused'),
    labels: converted('3-link/subsets/versions.ts'),
    trafficPolicy,
  },
  exportTo: kept('6-emit/version-services.ts'),
  workloadSelector: kept('4-translate/traffic-policy.ts', 'workload-selector-at-waypoint'),
};
