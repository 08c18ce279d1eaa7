import type { FoundSubset } from '../3-link/destination-rules.ts';
import { hasFieldPlaceholder } from '../3-link/host.ts';
import { findPort, findService, type MeshService, type Registry } from '../3-link/registry.ts';
import { policyForVersion } from '../3-link/version-policy.ts';
import { type Version, versionOf } from '../3-link/versions.ts';
import { resolveExportTo } from '../3-link/virtual-services.ts';
import type { Place, Related } from '../diagnostics/diagnostic.ts';
import { fieldOf, placeOf } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import { type EntryContext, isPortable } from './context.ts';

/**
 * Finds the backend for a destination: the Service itself, the Service of its subset, or the host of a ServiceEntry.
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
  const service = findBackendService(facts.registry, destination.host);
  const aliased = service?.externalName;
  const leadsNowhere = aliased !== undefined && findBackendService(facts.registry, aliased) === undefined;
  if (service === undefined || leadsNowhere) {
    report('destination-host-not-found', hostPlace, { host: aliased ?? destination.host });
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
      return version.service;
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
      declareNewClients(context, version.found, destination, place, related);
      return version.service;
    case 'new':
      declareNewClients(context, version.found, destination, place, related);
      return { ...version.root, name: version.name };
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
 * Without the DestinationRule there is no cluster for a subset; a Service is there for everybody.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, destinationRule
 */
function declareNewClients(
  { declare }: EntryContext,
  { rule }: FoundSubset,
  { host, subset = '' }: istio.Destination,
  place: Place,
  related: readonly Related[],
): void {
  const exportTo = resolveExportTo(rule.spec.exportTo, rule.namespace);
  if (exportTo.includes('*')) return;
  declare(
    'subset-not-exported',
    place,
    { rule: `${rule.namespace}/${rule.name}`, host, subset },
    {
      aspects: 'all',
      takes: () => true,
      isFrom: client => client !== undefined && client !== rule.namespace && !exportTo.includes(client),
    },
    related,
  );
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
  const { rule, index } = version.found;
  if (rule.source === undefined) return [];
  return [{ message: 'the subset is defined here', place: placeOf(rule, 'spec', 'subsets', index, 'name') }];
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
