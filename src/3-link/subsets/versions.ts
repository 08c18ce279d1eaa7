import type { Resource } from '../../2-decode/resource.ts';
import { subsetServiceName } from '../../2-decode/valid-name.ts';
import { type Facts, selectorKey } from '../facts.ts';
import { serviceHost } from '../host.ts';
import { areSelected, contradicts } from '../labels.ts';
import { findService, type MeshService } from '../registry.ts';
import {
  type DestinationRule,
  destinationRulesFor,
  type FoundSubset,
  findSubset,
  isNamedBy,
  rulesInAnyNamespace,
} from './destination-rules.ts';

/** The Service that stands for a subset, since a route cannot name subsets. */
export type Version =
  /** The subset has no labels: it is the whole Service. */
  | { readonly kind: 'root'; readonly service: MeshService; readonly found: FoundSubset }
  /** A Service with the same pods is there already. */
  | {
      readonly kind: 'existing';
      readonly service: MeshService;
      readonly root: MeshService;
      readonly found: FoundSubset;
    }
  | {
      readonly kind: 'new';
      readonly name: string;
      readonly root: MeshService;
      readonly selector: Labels;
      readonly found: FoundSubset;
    }
  /** Nobody showed us the root Service, so that the version's Service can only be named. */
  | {
      readonly kind: 'assumed';
      readonly name: string;
      readonly root: MeshService;
      readonly found: FoundSubset | undefined;
    }
  /** No pod is behind the subset, so that its Service has none either: istiod has no cluster for it, or an empty one. */
  | {
      readonly kind: 'empty';
      readonly name: string;
      readonly root: MeshService;
      /** The Service that an earlier run wrote. */
      readonly service: MeshService | undefined;
      /** The DestinationRule that has no such subset, or one whose labels no pod of the Service can have. */
      readonly rule: DestinationRule;
      readonly found: FoundSubset | undefined;
    }
  /** No DestinationRule names the host. */
  | { readonly kind: 'not-found'; readonly service: MeshService }
  /** Another document of the DestinationRule has the subset, and which of them is in the cluster is not known. */
  | { readonly kind: 'alternative'; readonly service: MeshService; readonly found: FoundSubset }
  | { readonly kind: 'not-shown'; readonly service: MeshService; readonly found: FoundSubset | undefined }
  | {
      readonly kind: 'unsupported';
      readonly reason: VersionFailure;
      readonly service: MeshService;
      readonly found: FoundSubset | undefined;
    };

export type Labels = Readonly<Record<string, string>>;

/** Why a subset has no Service of its own. */
export type VersionFailure =
  | 'service-entry'
  | 'external-name'
  | 'no-selector'
  | 'labels-of-istio'
  | 'policy-without-labels'
  /** A controller writes the labels of the subset, so that those of the manifest say nothing. */
  | 'written-by-controller'
  /** A controller writes the selector of the Service. */
  | 'service-written-by-controller';

/**
 * Labels that istiod adds to endpoints, which pods do not have.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/util/label/label.go
 */
const istioLabels: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
  'topology.istio.io/cluster',
  'topology.istio.io/network',
  'kubernetes.io/hostname',
  'istio.io/cluster',
  'security.istio.io/tlsMode',
]);

/**
 * Finds the Service for a subset of a host.
 *
 * @param clientNamespace whose DestinationRules count: that of the VirtualService
 */
export function versionOf(
  facts: Facts,
  host: string,
  subset: string,
  clientNamespace: string,
): Version | undefined {
  const service = findService(facts.registry, host);
  if (service === undefined) return undefined;
  const rules = destinationRulesFor(facts.destinationRules, service.host, service.namespace, clientNamespace);
  const found = findSubset(rules, subset);
  const [rule] = rules;
  if (found === undefined && rule !== undefined && isNamedBy(rules, service.host))
    return undefinedVersion(facts, service, subset, rule);
  if (service.assumed) return assumedVersion(facts, service, subset, found);
  if (found === undefined) return { kind: 'not-found', service };
  if (facts.controllers.destinationRules.has(`${found.rule.namespace}/${found.rule.name}`))
    return { kind: 'unsupported', reason: 'written-by-controller', service, found };
  const labels = found.subset.labels ?? {};
  const isRoot = Object.keys(labels).length === 0;
  if (isRoot && found.subset.trafficPolicy === undefined) return { kind: 'root', service, found };
  if (isWritten(facts, service))
    return { kind: 'unsupported', reason: 'service-written-by-controller', service, found };
  const reason = failureOf(service, labels);
  if (reason !== undefined) return { kind: 'unsupported', reason, service, found };
  if (contradicts(service.selector, labels)) return emptyVersion(facts, service, subset, found.rule, found);
  const selector = { ...service.selector, ...labels };
  const candidates = (facts.bySelector.get(selectorKey(service.namespace, selector)) ?? []).filter(
    candidate => candidate !== service && offersPortsOf(candidate, service) && !isWritten(facts, candidate),
  );
  // Several subsets can have the same pods, and then each has the Service that an earlier run wrote for it.
  const usual = candidates.length > 1 ? subsetServiceName(service.name, subset) : undefined;
  const existing = candidates.find(({ name }) => name === usual) ?? candidates[0];
  if (existing !== undefined) return { kind: 'existing', service: existing, root: service, found };
  const name = subsetServiceName(service.name, subset, taken => isTaken(facts, service, taken));
  return { kind: 'new', name, root: service, selector, found };
}

/** Whether a controller writes the selector of a Service, which then stands for no fixed pods. */
function isWritten({ controllers }: Facts, { namespace, name }: MeshService): boolean {
  return controllers.services.has(`${namespace}/${name}`);
}

/** Without the root Service, a Service by the usual name with the subset's labels will do, or has to be assumed. */
function assumedVersion(
  facts: Facts,
  root: MeshService,
  subset: string,
  found: FoundSubset | undefined,
): Version {
  const isRoot = found !== undefined && Object.keys(found.subset.labels ?? {}).length === 0;
  if (isRoot && found.subset.trafficPolicy === undefined) return { kind: 'root', service: root, found };
  const name = subsetServiceName(root.name, subset);
  const candidate = findService(facts.registry, serviceHost({ namespace: root.namespace, name }));
  if (
    candidate !== undefined &&
    !candidate.assumed &&
    !isWritten(facts, candidate) &&
    found !== undefined &&
    areSelected(candidate.selector, found.subset.labels)
  ) {
    return { kind: 'existing', service: candidate, root, found };
  }
  // Its pods are those of the whole Service, which nothing but its selector tells.
  if (isRoot) return { kind: 'unsupported', reason: 'policy-without-labels', service: root, found };
  if (facts.options.defaultPort === undefined) return { kind: 'not-shown', service: root, found };
  return { kind: 'assumed', name, root, found };
}

/** The DestinationRules of a host are there, and have no subset of that name. */
function undefinedVersion(
  facts: Facts,
  service: MeshService,
  subset: string,
  rule: DestinationRule,
): Version {
  const elsewhere = findSubset(rulesInAnyNamespace(facts.alternativeRules, service.host), subset);
  if (elsewhere !== undefined) return { kind: 'alternative', service, found: elsewhere };
  const reason = foreignTo(service);
  if (reason !== undefined) return { kind: 'unsupported', reason, service, found: undefined };
  return emptyVersion(facts, service, subset, rule, undefined);
}

/** A Service that selects no pods by one of the names that conversions give is the one that an earlier run wrote. */
function emptyVersion(
  facts: Facts,
  root: MeshService,
  subset: string,
  rule: DestinationRule,
  found: FoundSubset | undefined,
): Version {
  const there = emptyServiceNames(root, subset).flatMap(
    name => facts.registry.byHost.get(serviceHost({ namespace: root.namespace, name })) ?? [],
  );
  const service = there.find(one => selectsNobody(one) && offersPortsOf(one, root) && !isWritten(facts, one));
  if (service !== undefined) return { kind: 'empty', name: service.name, root, service, rule, found };
  const name = subsetServiceName(root.name, subset, taken => isTaken(facts, root, taken));
  return { kind: 'empty', name, root, service: undefined, rule, found };
}

/** @returns what the Service of a subset is called, and what where that name is taken */
export function emptyServiceNames(
  { name: root }: Pick<MeshService, 'name'>,
  subset: string,
): readonly string[] {
  const usual = subsetServiceName(root, subset);
  return [usual, subsetServiceName(root, subset, name => name === usual)];
}

/** Whether a Service has no selector; those who stand behind it are written down one by one, if there are any. */
export function selectsNobody({ kind, selector, externalName, assumed }: MeshService): boolean {
  const isPlain = kind === 'Service' && externalName === undefined && !assumed;
  return isPlain && Object.keys(selector ?? {}).length === 0;
}

function foreignTo({ kind, externalName }: MeshService): 'service-entry' | 'external-name' | undefined {
  if (kind === 'ServiceEntry') return 'service-entry';
  return externalName === undefined ? undefined : 'external-name';
}

function failureOf(service: MeshService, labels: Labels): VersionFailure | undefined {
  const foreign = foreignTo(service);
  if (foreign !== undefined) return foreign;
  if (service.selector === undefined || Object.keys(service.selector).length === 0) return 'no-selector';
  if (Object.keys(labels).some(label => istioLabels.has(label))) return 'labels-of-istio';
  return undefined;
}

/** Whether a Service leads to the same target on every port of another. */
function offersPortsOf(candidate: MeshService, root: MeshService): boolean {
  return root.ports.every(port =>
    candidate.ports.some(
      ({ number, targetPort }) => number === port.number && targetPort === port.targetPort,
    ),
  );
}

/**
 * Whether another Service has a name, or may have it, since a DestinationRule or a VirtualService is for it, or the Service of
 * another's subset would have it, as `a-b` of `c` and `a` of `b-c`.
 */
function isTaken(
  { registry, destinationRules, meshClaims }: Facts,
  root: MeshService,
  name: string,
): boolean {
  const { namespace } = root;
  const taken = serviceHost({ namespace, name });
  if (registry.byHost.has(taken) || destinationRules.byHost.has(taken) || meshClaims.has(taken)) return true;
  const dashes = [...name.matchAll(/-/g)].map(({ index }) => index);
  return dashes.some(at => {
    const host = serviceHost({ namespace, name: name.slice(0, at) });
    if (host === root.host || !registry.byHost.has(host)) return false;
    return findSubset(rulesInAnyNamespace(destinationRules, host), name.slice(at + 1)) !== undefined;
  });
}

/** The core Service behind a mesh service, where it was shown. */
export function coreService(service: MeshService): Resource<'core.Service'> | undefined {
  return service.resource?.type === 'core.Service' ? service.resource : undefined;
}
