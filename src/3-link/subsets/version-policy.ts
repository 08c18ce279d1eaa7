import type * as istio from '../../istio/index.ts';
import { canonicalJson } from '../canonical.ts';
import type { Facts } from '../facts.ts';
import { serviceHost } from '../host.ts';
import { destinationRulesFor, type FoundSubset, rootPolicyOf } from './destination-rules.ts';
import { mergedPolicyOf } from './traffic-policy.ts';
import type { Version } from './versions.ts';

/** A Service of a version that can be written, is there, or is taken to be there. */
export type KnownVersion =
  | Extract<Version, { readonly kind: 'new' | 'existing' }>
  | (Extract<Version, { readonly kind: 'assumed' }> & { readonly found: FoundSubset });

/** Whether a version has a Service of its own, and a DestinationRule says what it is set to. */
export function isKnownVersion(version: Version | undefined): version is KnownVersion {
  if (version?.kind === 'assumed') return version.found !== undefined;
  return version?.kind === 'new' || version?.kind === 'existing';
}

/**
 * The settings that the Service of a version needs: clusters take their settings from the DestinationRule of the backend,
 * so that of a version says what the subset says over what the whole Service says.
 *
 * @param host the whole Service, by its full name
 * @param clientNamespace whose DestinationRules count: that of the VirtualService
 * @returns undefined where there is nothing to say, or a DestinationRule says something already; an empty policy where nothing
 * is set today, and a rule for a wildcard would take hold of the Service of the version
 */
export function policyForVersion(
  facts: Facts,
  host: string,
  version: KnownVersion,
  clientNamespace: string,
): istio.TrafficPolicy | undefined {
  const { root, found } = version;
  const rules = destinationRulesFor(facts.destinationRules, host, root.namespace, clientNamespace);
  const policy = mergedPolicyOf(rootPolicyOf(rules), found.subset.trafficPolicy);
  const fullName = serviceHost({ namespace: root.namespace, name: versionServiceName(version) });
  const own = destinationRulesFor(facts.destinationRules, fullName, root.namespace, clientNamespace);
  if (version.kind === 'existing' && own.length > 0) return undefined;
  // A wildcard may say the same of the new Service already.
  const inherited = mergedPolicyOf(rootPolicyOf(own), undefined) ?? {};
  return canonicalJson(inherited) === canonicalJson(policy ?? {}) ? undefined : (policy ?? {});
}

export function versionServiceName(version: KnownVersion): string {
  return version.kind === 'existing' ? version.service.name : version.name;
}
