import { canonicalJson } from '../3-link/canonical.ts';
import {
  type DestinationRule,
  destinationRulesFor,
  type FoundSubset,
  findSubset,
  rootPolicyOf,
  rulesInAnyNamespace,
} from '../3-link/destination-rules.ts';
import { hasFieldPlaceholder } from '../3-link/host.ts';
import { findPort, findService, type MeshService, type Registry } from '../3-link/registry.ts';
import { waypointNamespace } from '../3-link/scopes.ts';
import { mergedPolicyOf } from '../3-link/traffic-policy.ts';
import { policyForVersion } from '../3-link/version-policy.ts';
import { type Version, versionOf } from '../3-link/versions.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { Place, Related } from '../diagnostics/diagnostic.ts';
import { fieldOf, placeOf } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { type EntryContext, isPortable } from './context.ts';

/**
 * Finds the backend for a destination: the Service itself, the Service of its subset, or the host of a ServiceEntry. A
 * Service of type ExternalName is another name for one of these, which sidecars and gateways follow, and waypoints do not.
 *
 * @returns undefined, after a report, where there is none
 */
export function translateDestination(
  context: EntryContext,
  destination: istio.Destination,
  place: Place,
): gateway.BackendObjectReference | undefined {
  const { facts, vs, report } = context;
  const hostPlace = fieldOf(place, 'host');
  if (hasFieldPlaceholder(destination.host)) {
    report('destination-host-placeholder', hostPlace, { host: destination.host });
    return undefined;
  }
  const named = findBackendService(facts.registry, destination.host);
  const aliased = named?.externalName;
  const service = aliased === undefined ? named : findBackendService(facts.registry, aliased);
  if (service === undefined || service.externalName !== undefined) {
    report('destination-host-not-found', hostPlace, { host: aliased ?? destination.host });
    return undefined;
  }
  if (aliased !== undefined && context.scope.kind === 'mesh' && facts.options.from === 'ambient') {
    report('external-name-at-waypoint', hostPlace, { host: destination.host, target: aliased });
    return undefined;
  }
  const port = portOf(context, service, destination, place);
  if (!destination.subset) {
    return port === undefined ? undefined : backendRef(context, service, port, hostPlace);
  }
  const version = versionOf(facts, destination.host, destination.subset, vs.namespace);
  const name =
    version === undefined ? undefined : versionName(context, version, destination, fieldOf(place, 'subset'));
  if (name === undefined || port === undefined) return undefined;
  return backendRef(context, name, port, hostPlace);
}

/** The hosts that a wildcard of a ServiceEntry covers are no backends: istiod has a cluster for the wildcard only. */
function findBackendService(registry: Registry, host: string): MeshService | undefined {
  const service = findService(registry, host);
  return service?.host.startsWith('*') && service.host !== host ? undefined : service;
}

type Backend = Pick<MeshService, 'kind' | 'host' | 'namespace' | 'name' | 'assumed'>;

/**
 * A destination without a port means the one the request came in by; waypoints and gateways prefer the only one of the
 * Service.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, GetDestinationCluster
 */
function portOf(
  { scope, facts, report }: EntryContext,
  service: MeshService,
  destination: istio.Destination,
  place: Place,
): number | undefined {
  const own = destination.port?.number;
  const scopePort = scope.kind === 'mesh' ? scope.port?.number : scope.port;
  const sole = service.ports.length === 1 ? service.ports[0]?.number : undefined;
  const isParent = scope.kind === 'mesh' && scope.service.host === service.host;
  const listening = !service.assumed || isParent ? scopePort : undefined;
  const ofSidecar = scope.kind === 'mesh' && facts.options.from === 'sidecar' ? scopePort : undefined;
  const number = own ?? ofSidecar ?? sole ?? listening;
  if (number === undefined) {
    report('destination-port-not-known', place, { host: service.host });
    return undefined;
  }
  if (findPort(service, number) !== undefined) return number;
  const ports = service.ports.map(port => port.number).join(', ') || 'none';
  const args = { host: service.host, port: number, ports };
  if (own === undefined) report('destination-port-left-out', place, args);
  else report('destination-port-not-found', fieldOf(place, 'port', 'number'), args);
  return undefined;
}

/** @returns the Service that stands for a subset, after a report where there is none */
function versionName(
  context: EntryContext,
  version: Version,
  destination: istio.Destination,
  place: Place,
): Backend | undefined {
  const { report } = context;
  const [host, subset] = [destination.host, destination.subset ?? ''];
  const related = relatedSubset(version);
  switch (version.kind) {
    case 'root':
      return suitsClients(context, version.service, version.found, subset, place, related)
        ? version.service
        : undefined;
    case 'existing':
      context.declare(
        'version-policy',
        place,
        { service: version.service.name, host, subset },
        { aspects: ['trafficPolicy'], takes: () => true },
        related,
      );
      if (policyForVersion(context.facts, host, version, context.vs.namespace) !== undefined)
        report('version-policy-added', place, { service: version.service.name, host, subset }, related);
      return suitsClients(context, version.root, version.found, subset, place, related)
        ? version.service
        : undefined;
    case 'new':
      return suitsClients(context, version.root, version.found, subset, place, related)
        ? { ...version.root, name: version.name }
        : undefined;
    case 'assumed': {
      const labels = Object.entries(version.found?.subset.labels ?? {}).map(
        ([key, value]) => `${key}: ${value}`,
      );
      const said = labels.length === 0 ? `the labels of subset ${subset}` : labels.join(', ');
      const args = { service: version.name, namespace: version.root.namespace, host, labels: said };
      report('service-assumed', place, args, related);
      return { ...version.root, name: version.name };
    }
    case 'not-found':
      report('subset-not-found', place, { host, subset });
      return undefined;
    case 'not-shown':
      report(
        'service-not-shown',
        place,
        { host, subset, service: `${version.service.name}-${subset}` },
        related,
      );
      return undefined;
    case 'unsupported':
      report(failureCodes[version.reason], place, { host, subset }, related);
      return undefined;
  }
}

/**
 * Clients have the DestinationRules of their own namespace for a host, or else those of the Service's. Without the subset
 * there is no cluster for it; the Service of a version is there for everybody, and for everybody the same.
 *
 * @returns whether no client has another subset by that name, after a report where one has
 * @see istio.io/istio/pilot/pkg/model/push_context.go, destinationRule
 */
function suitsClients(
  context: EntryContext,
  { host, namespace: home }: MeshService,
  found: FoundSubset,
  subset: string,
  place: Place,
  related: readonly Related[],
): boolean {
  const { facts, report, declare } = context;
  const seenFrom = (client: string) => {
    const rules = destinationRulesFor(facts.destinationRules, host, home, client);
    return { rules, found: findSubset(rules, subset) };
  };
  declare(
    'subset-not-exported',
    place,
    { rule: nameOf(found.rule), host, subset },
    {
      aspects: 'all',
      takes: () => true,
      isFrom: client => client !== undefined && seenFrom(client).found === undefined,
    },
    related,
  );
  const rival = conflictOf(seenFrom(context.vs.namespace).rules, subset);
  if (rival !== undefined) {
    const other = `${rival.namespace}/${rival.name}`;
    report('destination-rules-conflict', place, { rule: nameOf(found.rule), other, host }, related);
    return false;
  }
  const usual = settingsOf(seenFrom(context.vs.namespace).rules, subset);
  const isForSidecars = context.scope.kind === 'mesh' && facts.options.from === 'sidecar';
  for (const { client, rule, rules } of clientsWithOwnRules(context, host, home)) {
    const seen = findSubset(rules, subset);
    // Sidecars that have no such subset were told of above, unless it is some pods only.
    if (seen === undefined && isForSidecars && rule.spec.workloadSelector === undefined) continue;
    if (seen?.rule === found.rule || settingsOf(rules, subset) === usual) continue;
    const other: Related = {
      message: 'theirs',
      place: seen === undefined ? placeOf(rule, 'spec') : subsetPlace(seen),
    };
    const others = rule.source === undefined ? [] : [other];
    report('subset-of-clients', place, { client, rule: nameOf(rule), subset, host }, [...related, ...others]);
    return false;
  }
  return true;
}

/** What a client has for a subset, as text to compare. */
function settingsOf(rules: readonly DestinationRule[], subset: string): string {
  const { labels = {}, trafficPolicy } = findSubset(rules, subset)?.subset ?? {};
  return canonicalJson([labels, mergedPolicyOf(rootPolicyOf(rules), trafficPolicy) ?? {}]);
}

/** Of several DestinationRules for a host, the oldest has the say, and manifests seldom tell how old they are. */
function conflictOf(rules: readonly DestinationRule[], subset: string): DestinationRule | undefined {
  const usual = settingsOf(rules, subset);
  const isAged = rules.every(({ metadata }) => metadata.creationTimestamp !== undefined);
  if (isAged || rules.length < 2 || settingsOf(rules.toReversed(), subset) === usual) return undefined;
  return rules.at(-1);
}

interface ClientRules {
  /** Where the clients are, in words. */
  readonly client: string;
  readonly namespace: string;
  /** What decides for them. */
  readonly rule: DestinationRule;
  readonly rules: readonly DestinationRule[];
}

/** Whose proxies follow the VirtualService, and have DestinationRules for a Service that are not those of the others. */
function clientsWithOwnRules(
  { facts, vs, scope }: EntryContext,
  host: string,
  home: string,
): readonly ClientRules[] {
  const isAmbient = scope.kind === 'mesh' && facts.options.from === 'ambient';
  const follows = (client: string) => {
    if (scope.kind === 'gateway') return scope.gateway.startsWith(`${client}/`);
    if (isAmbient) return client === waypointNamespace(scope.waypoint, scope.service);
    if (scope.audience !== undefined) return client === scope.audience;
    return vs.exportTo.includes('*') || vs.exportTo.includes(client);
  };
  const all = rulesInAnyNamespace(facts.destinationRules, host);
  const named = all.flatMap(({ namespace, spec }) => [namespace, ...(spec.exportTo ?? [])]);
  const namespaces = new Set(named.filter(name => /^[a-z0-9]/.test(name)).sort(compareText));
  const usual = [...namespaces, elsewhere].flatMap((namespace): readonly ClientRules[] => {
    const rules = destinationRulesFor(facts.destinationRules, host, home, namespace);
    const client = namespace === elsewhere ? 'in other namespaces' : `in namespace ${namespace}`;
    return rules[0] === undefined ? [] : [{ client, namespace, rule: rules[0], rules }];
  });
  const selected = all.flatMap((rule): readonly ClientRules[] => {
    const labels = Object.entries(rule.spec.workloadSelector?.matchLabels ?? {});
    if (rule.spec.workloadSelector === undefined) return [];
    const said = labels.map(([key, value]) => `${key}=${value}`).join(' and ') || 'any labels';
    const client = `in namespace ${rule.namespace} with ${said}`;
    return [{ client, namespace: rule.namespace, rule, rules: [rule] }];
  });
  // A waypoint takes no rule with a workloadSelector.
  return [...usual, ...(isAmbient ? [] : selected)].filter(({ namespace }) => follows(namespace));
}

/** Stands for the namespaces that nobody names. */
const elsewhere = '';

function nameOf({ namespace, name }: DestinationRule): string {
  return `${namespace}/${name}`;
}

const failureCodes = {
  'service-entry': 'subset-of-service-entry',
  'external-name': 'subset-of-service-entry',
  'no-selector': 'subset-without-selector',
  'labels-of-istio': 'subset-by-istio-labels',
  'no-endpoints': 'subset-without-endpoints',
} as const;

function relatedSubset(version: Version): readonly Related[] {
  if (version.kind === 'not-found' || version.found === undefined) return [];
  if (version.found.rule.source === undefined) return [];
  return [{ message: 'the subset is defined here', place: subsetPlace(version.found) }];
}

function subsetPlace({ rule, index }: FoundSubset): Place {
  return placeOf(rule, 'spec', 'subsets', index, 'name');
}

function backendRef(
  context: EntryContext,
  service: Backend,
  port: number,
  place: Place,
): gateway.BackendObjectReference | undefined {
  const { routeNamespace, report } = context;
  if (service.kind === 'Service') {
    return {
      name: service.name,
      ...(service.namespace === routeNamespace ? {} : { namespace: service.namespace }),
      port,
    };
  }
  if (isPortable(context)) {
    report('not-portable', place, { feature: 'a backend of kind Hostname' });
    return undefined;
  }
  report('hostname-backend', place, { host: service.host });
  if (service.namespace !== routeNamespace) {
    const serviceEntry = `${service.namespace}/${service.name}`;
    report('hostname-in-other-namespace', place, { serviceEntry, namespace: routeNamespace });
  }
  return { group: 'networking.istio.io', kind: 'Hostname', name: service.host, port };
}
