import type * as istio from '../../istio/index.ts';
import type { FieldPath } from '../../yaml/source.ts';
import type { Facts } from '../facts.ts';
import { isIpAddress } from '../host.ts';
import type { MeshService } from '../registry.ts';
import { type DestinationRule, destinationRulesFor, findSubset } from './destination-rules.ts';

/** The TLS settings that a DestinationRule has for connections to a destination. */
export interface DestinationTLS {
  readonly rule: DestinationRule;
  /** The path of the settings, from the root of the DestinationRule. */
  readonly path: FieldPath;
  readonly tls: istio.ClientTLSSettings;
  /** Undefined for all ports that have none of their own. */
  readonly port: number | undefined;
}

/**
 * Finds the TLS settings for a destination: those of its subset, else those of the whole Service, for all ports and for
 * single ones.
 *
 * @param clientNamespace whose DestinationRules count: that of the VirtualService
 * @see istio.io/istio/pilot/pkg/networking/util/util.go, MergeTrafficPolicy
 */
export function destinationTLS(
  facts: Facts,
  service: Pick<MeshService, 'host' | 'namespace'>,
  subset: string | undefined,
  clientNamespace: string,
): readonly DestinationTLS[] {
  const rules = destinationRulesFor(facts.destinationRules, service.host, service.namespace, clientNamespace);
  const root = rules.find(rule => rule.spec.trafficPolicy !== undefined);
  const found = subset === undefined ? undefined : findSubset(rules, subset);
  const ofRoot =
    root === undefined ? [] : settingsOf(root, ['spec', 'trafficPolicy'], root.spec.trafficPolicy);
  const ofSubset =
    found === undefined
      ? []
      : settingsOf(found.rule, ['spec', 'subsets', found.index, 'trafficPolicy'], found.subset.trafficPolicy);
  const own = new Set(ofSubset.map(({ port }) => port));
  return [...ofSubset, ...ofRoot.filter(({ port }) => !own.has(port) && !own.has(undefined))];
}

function settingsOf(
  rule: DestinationRule,
  path: FieldPath,
  policy: istio.TrafficPolicy | undefined,
): readonly DestinationTLS[] {
  if (policy === undefined) return [];
  const whole: readonly DestinationTLS[] =
    policy.tls === undefined ? [] : [{ rule, path: [...path, 'tls'], tls: policy.tls, port: undefined }];
  const single = (policy.portLevelSettings ?? []).flatMap(
    ({ port, tls }, index): readonly DestinationTLS[] =>
      tls === undefined || port?.number === undefined
        ? []
        : [{ rule, path: [...path, 'portLevelSettings', index, 'tls'], tls, port: port.number }],
  );
  return [...whole, ...single];
}

/** The TLS settings that a BackendTLSPolicy can express. */
export type BackendTLS =
  /** Plain text, as it is without a policy. */
  | { readonly kind: 'none' }
  | { readonly kind: 'exact'; readonly hostname: string }
  | { readonly kind: 'impossible'; readonly reason: string };

/**
 * Finds the BackendTLSPolicy that asks for the same: the certificates of the system, the name that is sent as SNI and that
 * the certificate has to be for.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicyvalidation
 * @see istio.io/istio/pilot/pkg/networking/core/cluster_tls.go, buildUpstreamClusterTLSContext
 */
export function backendTLS(tls: istio.ClientTLSSettings): BackendTLS {
  const { mode = 'DISABLE', sni, subjectAltNames = [], caCertificates = '' } = tls;
  if (mode === 'DISABLE') return { kind: 'none' };
  if (mode === 'ISTIO_MUTUAL') return impossible('its certificates are those of the mesh');
  if (mode === 'MUTUAL') return impossible('clients show no certificate');
  if (tls.insecureSkipVerify === true) return impossible('certificates are always verified');
  if (tls.credentialName) return impossible('the CA has to be in a ConfigMap beside the Service');
  if (caCertificates !== '' && caCertificates !== 'system')
    return impossible('the CA is a file of the proxies, and has to be in a ConfigMap');
  if (tls.caCertCredentialName) return impossible('the CA has to be in a ConfigMap beside the Service');
  if (tls.caCrl) return impossible('there is no list of revoked certificates');
  if (!sni) return impossible('it needs a hostname, and there is no sni');
  if (isIpAddress(sni) || sni.includes('*')) return impossible(`${sni} is not a hostname`);
  if (subjectAltNames.some(name => name !== sni))
    return impossible('names beside the sni are not supported everywhere');
  return { kind: 'exact', hostname: sni.toLowerCase() };
}

function impossible(reason: string): BackendTLS {
  return { kind: 'impossible', reason };
}
