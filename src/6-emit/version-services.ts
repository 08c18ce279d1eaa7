import type { Source } from '../1-read/source.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { destinationRulesFor } from '../3-link/destination-rules.ts';
import type { Facts } from '../3-link/facts.ts';
import { mergedPolicyOf } from '../3-link/traffic-policy.ts';
import { coreService, type Version, versionOf } from '../3-link/versions.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { buildDestinationRule, buildService } from '../gateway-api/builders.ts';
import type * as gateway from '../gateway-api/index.ts';
import { makeName } from '../gateway-api/names.ts';
import type * as istio from '../istio/index.ts';
import type { Output } from './edit.ts';

/** A subset that converted entries refer to, and the Service that stands for it. */
export interface UsedVersion {
  readonly vs: ResolvedVirtualService;
  readonly host: string;
  readonly subset: string;
  readonly version: Version;
}

/** @returns the subsets that the http entries of a VirtualService send requests to, mirrors included */
export function usedVersions(facts: Facts, vs: ResolvedVirtualService): readonly UsedVersion[] {
  const seen = new Set<string>();
  return destinationsOf(vs).flatMap(({ host, subset }) => {
    if (!subset || seen.has(`${host} ${subset}`)) return [];
    seen.add(`${host} ${subset}`);
    const version = versionOf(facts, host, subset, vs.namespace);
    return version === undefined ? [] : [{ vs, host, subset, version }];
  });
}

/** @returns every destination of a VirtualService, of whatever protocol */
export function destinationsOf(vs: ResolvedVirtualService): readonly istio.Destination[] {
  const ofHttp = vs.http.flatMap(({ http }) => [
    ...(http.route ?? []).map(({ destination }) => destination),
    ...(http.mirror === undefined ? [] : [http.mirror]),
    ...(http.mirrors ?? []).map(({ destination }) => destination),
  ]);
  const ofConnections = [...vs.tls, ...vs.tcp].flatMap(entry =>
    (entry.route ?? []).map(({ destination }) => destination),
  );
  return [...ofHttp, ...ofConnections];
}

/**
 * Writes the Services for versions that have none yet, and the DestinationRules that carry over what their clusters are
 * set to. Each is written once, behind the first VirtualService that needs it.
 */
export function versionServices(facts: Facts, used: readonly UsedVersion[]): readonly Output[] {
  const written = new Set<string>();
  return used.flatMap(({ vs, host, version }): readonly Output[] => {
    const home = vs.resource.source;
    if (home === undefined || (version.kind !== 'new' && version.kind !== 'existing')) return [];
    const name = version.kind === 'new' ? version.name : version.service.name;
    const key = `${version.root.namespace}/${name}`;
    if (written.has(key)) return [];
    written.add(key);
    const service = version.kind === 'new' ? [serviceOutput(version, vs, home)] : [];
    return [...service, ...policyOutput(facts, vs, host, version, name, home)];
  });
}

function serviceOutput(
  version: Extract<Version, { readonly kind: 'new' }>,
  vs: ResolvedVirtualService,
  home: Source,
): Output {
  const { root, selector } = version;
  const spec = coreService(root)?.spec;
  const ports = (spec?.ports ?? []).map(({ nodePort: _nodePort, ...port }) => port);
  const headless = spec?.clusterIP === 'None' ? { clusterIP: 'None' } : {};
  const metadata = metadataFor(version.name, root.namespace, vs, coreService(root)?.metadata.namespace);
  return {
    resource: buildService({ namespace: root.namespace, metadata }, { ...headless, selector, ports }),
    home,
    origins: [],
  };
}

/** A namespace is written where the VirtualService or the Service it takes after has one, or where it is another. */
function metadataFor(
  name: string,
  namespace: string,
  vs: ResolvedVirtualService,
  written: string | undefined,
): gateway.ObjectMeta {
  const explicit = namespace === vs.namespace ? (vs.resource.metadata.namespace ?? written) : namespace;
  return { name, ...(explicit === undefined ? {} : { namespace: explicit }) };
}

/**
 * Clusters take their settings from the DestinationRule of the backend: that of a version says what the subset said over
 * what the whole Service says.
 */
function policyOutput(
  facts: Facts,
  vs: ResolvedVirtualService,
  host: string,
  version: Extract<Version, { readonly kind: 'new' | 'existing' }>,
  name: string,
  home: Source,
): readonly Output[] {
  const { root, found } = version;
  const rules = destinationRulesFor(facts.destinationRules, host, root.namespace, vs.namespace);
  const policy = mergedPolicyOf(
    rules.find(rule => rule.spec.trafficPolicy !== undefined)?.spec.trafficPolicy,
    found.subset.trafficPolicy,
  );
  if (policy === undefined) return [];
  const fullName = `${name}.${root.namespace}.svc.cluster.local`;
  const own = destinationRulesFor(facts.destinationRules, fullName, root.namespace, vs.namespace);
  if (version.kind === 'existing' && own.length > 0) return [];
  // A wildcard may say the same of the new Service already.
  const inherited = own.find(rule => rule.spec.trafficPolicy !== undefined)?.spec.trafficPolicy;
  if (canonicalJson(mergedPolicyOf(inherited, undefined)) === canonicalJson(policy)) return [];
  const { rule } = found;
  const taken = (candidate: string) =>
    facts.resources.some(
      ({ type, namespace, name: other }) =>
        type === 'istio.DestinationRule' && namespace === rule.namespace && other === candidate,
    );
  const metadata = {
    name: makeName([name], 'rfc1123-subdomain', taken),
    ...(rule.metadata.namespace === undefined ? {} : { namespace: rule.metadata.namespace }),
  };
  const spec: istio.DestinationRule = {
    host: rule.namespace === root.namespace ? name : fullName,
    trafficPolicy: policy,
    ...(rule.spec.exportTo === undefined ? {} : { exportTo: rule.spec.exportTo }),
  };
  const resource = buildDestinationRule({ namespace: rule.namespace, metadata }, rule.apiVersion, spec);
  return [{ resource, home, origins: [] }];
}
