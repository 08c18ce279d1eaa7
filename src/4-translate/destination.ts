import { hasFieldPlaceholder } from '../3-link/host.ts';
import { findPort, findService, type MeshService, type Registry } from '../3-link/registry.ts';
import { ofNamespace } from '../3-link/same-host.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { unlikeIn } from '../3-link/subsets/inherited-by-versions.ts';
import { policyForVersion } from '../3-link/subsets/version-policy.ts';
import { coreService, type Version, versionOf } from '../3-link/subsets/versions.ts';
import type { Place, Related } from '../diagnostics/diagnostic.ts';
import { fieldOf } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { isNameOf } from '../semantics/asked-host.ts';
import { type EntryContext, isPortable } from './context.ts';
import { openSubset } from './placeholders.ts';
import {
  isNobodysFor,
  nameOf,
  relatedRule,
  relatedSubset,
  reportNotDefined,
  suitsClients,
} from './subset-clients.ts';

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
    report('host-placeholder', hostPlace, { host: destination.host });
    return undefined;
  }
  if (hasFieldPlaceholder(destination.subset ?? '')) {
    report('host-placeholder', fieldOf(place, 'subset'), { host: destination.subset ?? '' });
    return undefined;
  }
  const find = (host: string) =>
    ofNamespace(facts.registry, host, context.routeNamespace) ?? findBackendService(facts.registry, host);
  const named = find(destination.host);
  const aliased = named?.externalName;
  const service = aliased === undefined ? named : find(aliased);
  if (aliased !== undefined && service?.externalName !== undefined) {
    report('external-name-twice', hostPlace, { host: destination.host, target: service.host });
    return undefined;
  }
  if (service === undefined) {
    report('destination-host-not-found', hostPlace, { host: aliased ?? destination.host });
    return undefined;
  }
  if (aliased !== undefined && context.scope.kind === 'mesh' && context.scope.dataPlane === 'ambient') {
    report('external-name-at-waypoint', hostPlace, { host: destination.host, target: aliased });
    return undefined;
  }
  if (aliased !== undefined && named !== undefined) declareAlias(context, named, aliased, hostPlace);
  const port = portOf(context, service, destination, place);
  if (!destination.subset) {
    if (service.assumed) context.assume(service, hostPlace);
    return port === undefined ? undefined : backendRef(context, service, port, hostPlace);
  }
  const version = versionOf(facts, destination.host, destination.subset, vs.namespace);
  const name =
    version === undefined ? undefined : versionName(context, version, destination, fieldOf(place, 'subset'));
  if (name === undefined || port === undefined) return undefined;
  return backendRef(context, name, port, hostPlace);
}

/** A sidecar follows an ExternalName at the ports of its Service alone; the backend of a route is there at all of them. */
function declareAlias(
  { scope, declare }: EntryContext,
  named: MeshService,
  target: string,
  place: Place,
): void {
  if (scope.kind !== 'mesh' || scope.dataPlane !== 'sidecar') return;
  const ports = named.ports.map(({ number }) => number);
  declare(
    'external-name-comes-to-life',
    place,
    {
      host: named.host,
      ports:
        ports.length === 0 ? 'no port' : `only ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`,
      port: ports[0] ?? 'PORT',
      service: scope.service.host,
      target,
    },
    {
      aspects: 'all',
      takes: request => !ports.includes(request.port) && isNameOf(scope.service, request.host),
    },
  );
}

function isForSidecars(scope: EntryContext['scope']): boolean {
  return scope.kind === 'mesh' && scope.dataPlane === 'sidecar';
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
  { scope, report }: EntryContext,
  service: MeshService,
  destination: istio.Destination,
  place: Place,
): number | undefined {
  const own = destination.port?.number;
  const scopePort = scope.kind === 'mesh' ? scope.port?.number : scope.port;
  const sole = service.ports.length === 1 ? service.ports[0]?.number : undefined;
  const isParent = scope.kind === 'mesh' && scope.service.host === service.host;
  const listening = !service.assumed || isParent ? scopePort : undefined;
  const ofSidecar = isForSidecars(scope) ? scopePort : undefined;
  const number = own ?? ofSidecar ?? sole ?? listening;
  if (number === undefined) {
    report('destination-port-not-known', place, { host: service.host });
    return undefined;
  }
  if (findPort(service, number) !== undefined) return number;
  const ports = service.ports.map(port => port.number).join(', ') || 'none';
  const args = { host: service.host, port: number, ports };
  if (own === undefined && isForSidecars(scope)) report('destination-port-left-out', place, args);
  else if (own === undefined) report('destination-port-of-several', place, args);
  else report('destination-port-not-found', fieldOf(place, 'port', 'number'), args);
  return undefined;
}

/** Whoever calls the Service of a version by its own name gets the settings that it had none of, too. */
function declarePolicyAdded(
  { declare, report }: EntryContext,
  service: MeshService,
  subset: { readonly host: string; readonly subset: string },
  place: Place,
  related: readonly Related[],
): void {
  const args = { ...subset, service: service.name };
  if (service.ports.some(({ protocol }) => carriesHttp(protocol)))
    declare(
      'version-policy-added',
      place,
      args,
      {
        aspects: ['trafficPolicy', 'mirrors', 'retries'],
        takes: request => isNameOf(service, request.host),
        isAnywhere: true,
      },
      related,
    );
  else report('version-policy-added', place, args, related);
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
  const related = version.kind === 'not-found' ? [] : relatedSubset(version.found);
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
        { aspects: ['trafficPolicy', 'mirrors'], takes: () => true },
        related,
      );
      if (policyForVersion(context.facts, host, version, context.vs.namespace) !== undefined)
        declarePolicyAdded(context, version.service, { host, subset }, place, related);
      reportUnlike(context, version, place);
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
    case 'empty': {
      const text = version.found === undefined ? openSubset(version.rule, subset) : undefined;
      if (text !== undefined) {
        report('placeholder-unresolved', place, { field: 'subset', text }, relatedRule(version.rule));
        return undefined;
      }
      if (!isNobodysFor(context, version, subset, place)) return undefined;
      const args = { host: version.root.host, subset, service: version.name };
      if (version.found !== undefined) report('subset-without-endpoints', place, args, related);
      else
        report('subset-not-found', place, { ...args, rule: nameOf(version.rule) }, relatedRule(version.rule));
      return { ...version.root, kind: 'Service', name: version.name };
    }
    case 'not-found':
      reportNotDefined(context, version.service.host, subset, context.vs.namespace, place);
      return undefined;
    case 'alternative':
      report('subset-of-alternative', place, { rule: nameOf(version.found.rule), host, subset }, related);
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

const failureCodes = {
  'service-entry': 'subset-of-service-entry',
  'external-name': 'subset-of-service-entry',
  'no-selector': 'subset-without-selector',
  'labels-of-istio': 'subset-by-istio-labels',
  'written-by-controller': 'subset-written-by-controller',
  'service-written-by-controller': 'subset-of-written-service',
  'policy-without-labels': 'subset-policy-without-labels',
} as const;

function backendRef(
  context: EntryContext,
  service: Backend,
  port: number,
  place: Place,
): gateway.BackendObjectReference | undefined {
  const { facts, routeNamespace, report } = context;
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
  const alike = facts.registry.ofSameHost.get(service.host) ?? [service];
  if (!alike.some(({ namespace }) => namespace === routeNamespace)) {
    const serviceEntry = `${service.namespace}/${service.name}`;
    report('hostname-in-other-namespace', place, { serviceEntry, namespace: routeNamespace });
  }
  return { group: 'networking.istio.io', kind: 'Hostname', name: service.host, port };
}

/** Says where the Service that stands for a subset already is reached in another way than the one with the subset. */
function reportUnlike(
  { report }: EntryContext,
  { root, service }: Extract<Version, { readonly kind: 'existing' }>,
  place: Place,
): void {
  const [whole, version] = [coreService(root), coreService(service)];
  const fields = whole === undefined || version === undefined ? [] : unlikeIn(whole, version);
  if (fields.length === 0) return;
  report('version-service-differs', place, {
    service: service.name,
    root: root.name,
    fields: fields.join(', '),
  });
}
