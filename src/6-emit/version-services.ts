import { buildDestinationRule, buildService } from '../2-decode/build-resource.ts';
import { nameKey } from '../2-decode/resource.ts';
import { makeName } from '../2-decode/valid-name.ts';
import type { Facts } from '../3-link/facts.ts';
import { carriedMetadata } from '../3-link/gitops/ownership.ts';
import { serviceHost } from '../3-link/host.ts';
import type { MeshService } from '../3-link/registry.ts';
import { backendsOf } from '../3-link/route-backends.ts';
import {
  type DestinationRule,
  destinationRulesFor,
  findSubset,
  rootPolicyOf,
} from '../3-link/subsets/destination-rules.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import {
  inheritedMetadata,
  inheritedPorts,
  inheritedSpec,
  without,
} from '../3-link/subsets/inherited-by-versions.ts';
import { mergedPolicyOf } from '../3-link/subsets/traffic-policy.ts';
import {
  isKnownVersion,
  type KnownVersion,
  policyForVersion,
  versionServiceName,
} from '../3-link/subsets/version-policy.ts';
import { coreService, type Version, versionOf } from '../3-link/subsets/versions.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { Source } from '../yaml/source.ts';
import type { Output } from './edit.ts';

type EmptyVersion = Extract<Version, { readonly kind: 'empty' }>;

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

/** @returns the name key of the Service that stands for a subset */
export function serviceKeyOf({ version }: UsedVersion): readonly string[] {
  const name =
    version.kind === 'empty'
      ? version.name
      : isKnownVersion(version)
        ? versionServiceName(version)
        : undefined;
  if (name === undefined || !('root' in version)) return [];
  return [nameKey({ type: 'core.Service', namespace: version.root.namespace, name })];
}

/**
 * Writes the Services for versions that have none yet, and the DestinationRules that carry over what their clusters are
 * set to. Each is written once, behind the first VirtualService that needs it; where several stages need it, behind the
 * DestinationRule that has the subset, unless that rule is only read or lies in another namespace than the Service.
 *
 * @param routes all that is written; a version that only dropped entries sent requests to needs nothing
 */
export function versionServices(
  facts: Facts,
  used: readonly UsedVersion[],
  routes: readonly Output[],
): readonly Output[] {
  const written = new Set<string>();
  const referenced = portsByBackend(routes);
  return used.flatMap(({ vs, host, subset, version }): readonly Output[] => {
    const home = vs.resource.source;
    if (home !== undefined && version.kind === 'empty')
      return emptyService({ vs, host, subset, version }, version, facts, home, written, referenced);
    if (home === undefined || !isKnownVersion(version)) return [];
    const name = versionServiceName(version);
    const key = `${version.root.namespace}/${name}`;
    if (written.has(key) || !referenced.has(key)) return [];
    written.add(key);
    const service = version.kind === 'new' ? [serviceOutput(version, vs, home)] : [];
    const made = [...service, ...policyOutput(facts, vs, host, version, home)];
    return made.map(output => besideRule(facts, output, version, subset));
  });
}

/** A Service that stands for a subset has its home where the subset is defined, and has the comments of the subset. */
function besideRule(facts: Facts, output: Output, { root, found }: KnownVersion, subset: string): Output {
  const { source, namespace, spec } = found.rule;
  if (source === undefined || !facts.inputs.has(found.rule) || namespace !== root.namespace) return output;
  const input = ['spec', 'subsets', (spec.subsets ?? []).findIndex(({ name }) => name === subset)];
  const origins =
    output.resource.type === 'core.Service'
      ? [
          { output: [], input },
          { output: ['metadata', 'name'], input: [...input, 'name'] },
          { output: ['spec', 'selector'], input: [...input, 'labels'] },
        ]
      : [{ output: ['spec', 'trafficPolicy'], input: [...input, 'trafficPolicy'] }];
  const service = nameKey({ type: 'core.Service', namespace: root.namespace, name: root.name });
  return { ...output, home: source, neededBy: { source: output.home, service }, origins };
}

function serviceOutput(
  version: Extract<Version, { readonly kind: 'new' }>,
  vs: ResolvedVirtualService,
  home: Source,
): Output {
  const { root, selector } = version;
  const service = coreService(root);
  const spec = service?.spec;
  const ports = inheritedPorts(service) ?? [];
  const headless = spec?.clusterIP === 'None' ? { clusterIP: 'None' } : {};
  const metadata = {
    ...metadataFor(version.name, root.namespace, vs, service?.metadata.namespace),
    ...inheritedMetadata(service),
  };
  const own = { ...headless, ...inheritedSpec(service), selector, ports };
  return {
    resource: buildService({ namespace: root.namespace, metadata }, own),
    home,
    origins: [],
  };
}

/** A Service that selects nobody stands for a subset that no pod is behind. */
function emptyService(
  used: UsedVersion,
  { root, name, service, rule }: EmptyVersion,
  facts: Facts,
  home: Source,
  written: Set<string>,
  referenced: ReadonlyMap<string, ReadonlySet<number>>,
): readonly Output[] {
  const { vs } = used;
  const key = `${root.namespace}/${name}`;
  const asked = [...(referenced.get(key) ?? [])];
  if (service !== undefined || written.has(key) || asked.length === 0) return [];
  written.add(key);
  const own = inheritedPorts(coreService(root));
  const metadata = {
    ...metadataFor(name, root.namespace, vs, coreService(root)?.metadata.namespace),
    ...inheritedMetadata(coreService(root)),
  };
  const spec = { ...inheritedSpec(coreService(root)), ports: own ?? portsNamed(asked.sort((a, b) => a - b)) };
  const policy = hashForOthers(facts, used, root);
  return [
    { resource: buildService({ namespace: root.namespace, metadata }, spec), home, origins: [] },
    ...(policy === undefined ? [] : [ruleOutput(facts, rule, root, name, policy, home)]),
  ];
}

/**
 * A route has the hashes of all its destinations together, so that one with nobody behind it bears on which pods of the
 * others are chosen.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, processWeightedDestination
 */
function hashForOthers(
  { destinationRules }: Facts,
  { vs, host, subset }: UsedVersion,
  { namespace }: MeshService,
): istio.TrafficPolicy | undefined {
  const isBesideOthers = vs.http.some(
    ({ http: { route = [] } }) =>
      route.length > 1 &&
      route.some(({ destination }) => destination.host === host && destination.subset === subset),
  );
  if (!isBesideOthers) return undefined;
  const seen = destinationRulesFor(destinationRules, host, namespace, vs.namespace);
  const policy = mergedPolicyOf(rootPolicyOf(seen), findSubset(seen, subset)?.subset.trafficPolicy);
  const settings = [policy, ...(policy?.portLevelSettings ?? [])];
  return settings.some(one => one?.loadBalancer?.consistentHash !== undefined) ? policy : undefined;
}

/** The Services that routes refer to, by `NAMESPACE/NAME`, and by which ports. */
function portsByBackend(routes: readonly Output[]): ReadonlyMap<string, ReadonlySet<number>> {
  const ports = new Map<string, Set<number>>();
  for (const { resource } of routes) {
    for (const { name, namespace = resource.namespace, port } of backendsOf(resource)) {
      const key = `${namespace}/${name}`;
      const known = ports.get(key) ?? new Set<number>();
      if (port !== undefined) known.add(port);
      ports.set(key, known);
    }
  }
  return ports;
}

/** One port may do without a name, several may not. */
function portsNamed(ports: readonly number[]): readonly gateway.ServicePort[] {
  return ports.map(port => (ports.length === 1 ? { port } : { name: `port-${port}`, port }));
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

function policyOutput(
  facts: Facts,
  vs: ResolvedVirtualService,
  host: string,
  version: KnownVersion,
  home: Source,
): readonly Output[] {
  const policy = policyForVersion(facts, host, version, vs.namespace);
  if (policy === undefined) return [];
  return [ruleOutput(facts, version.found.rule, version.root, versionServiceName(version), policy, home)];
}

/** A DestinationRule for the Service of a version, beside the one that has the subset. */
function ruleOutput(
  facts: Facts,
  rule: DestinationRule,
  root: MeshService,
  name: string,
  policy: istio.TrafficPolicy,
  home: Source,
): Output {
  const taken = (candidate: string) =>
    facts.byName.has(nameKey({ type: 'istio.DestinationRule', namespace: rule.namespace, name: candidate }));
  const metadata = {
    name: makeName([name], 'rfc1123-subdomain', taken),
    ...(rule.metadata.namespace === undefined ? {} : { namespace: rule.metadata.namespace }),
    ...carriedMetadata(rule.metadata),
  };
  const spec: istio.DestinationRule = {
    ...without(rule.spec, ruleFates, 'own'),
    host: rule.namespace === root.namespace ? name : serviceHost({ namespace: root.namespace, name }),
    ...(Object.keys(policy).length === 0 ? {} : { trafficPolicy: policy }),
  };
  const resource = buildDestinationRule({ namespace: rule.namespace, metadata }, rule.apiVersion, spec);
  return { resource, home, origins: [] };
}

/**
 * The fate of each field of a DestinationRule in one for a version; a field that is missing here does not compile, and one
 * that is newer than this program goes along as it is written. Rules for some clients only hold back.
 */
const ruleFates: Readonly<Record<keyof istio.DestinationRule, 'own' | 'carried'>> = {
  host: 'own',
  trafficPolicy: 'own',
  subsets: 'own',
  exportTo: 'carried',
  workloadSelector: 'own',
};
