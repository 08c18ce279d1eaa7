import { placeOf } from '../2-decode/place-of.ts';
import { nameKey } from '../2-decode/resource.ts';
import { includesNamespace } from '../3-link/export-to.ts';
import type { Facts } from '../3-link/facts.ts';
import { foreignPorts, isExported, nameAlone } from '../3-link/foreign-ports.ts';
import { isSubsetOfHost } from '../3-link/hostname.ts';
import { leadsTo } from '../3-link/other-names.ts';
import type { MeshService } from '../3-link/registry.ts';
import { type MeshHost, type MeshScope, meshServices, servicesUnder, sharesHost } from '../3-link/scopes.ts';
import { carriesHttp } from '../3-link/service-protocol.ts';
import { writtenVersions } from '../3-link/subsets/written-versions.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { isNameOf } from '../semantics/asked-host.ts';
import type { Deviation } from '../semantics/deviation.ts';
import { reportCapitalsInMesh } from './capitals.ts';
import { relatedTo } from './claims.ts';
import { reportServicePlaceholder } from './placeholders.ts';
import type { Translation } from './translation.ts';
import { reportContradiction } from './waypoint.ts';

/**
 * Says what is odd about a host of a VirtualService in the mesh, and declares the requests that sidecars match today by a name or a
 * port that the route has not.
 *
 * @param scopes where the VirtualService applies in the mesh
 */
export function reportMeshHost(
  translation: Translation,
  vs: ResolvedVirtualService,
  host: MeshHost,
  scopes: readonly MeshScope[],
): void {
  const { facts, report, declare } = translation;
  const place = placeOf(vs.resource, 'spec', 'hosts', host.index);
  switch (host.kind) {
    case 'inert': {
      const [name, namespace] = host.host.split('.');
      report('host-not-a-service', place, {
        host: host.host,
        suggestion: `${name}.${namespace}.svc.cluster.local`,
      });
      return;
    }
    case 'ip':
      report('host-is-an-address', place, { host: host.host });
      return;
    case 'unknown':
      if (isAlias(facts, vs, host.host)) {
        if (vs.http.some(speaksForMesh))
          declare(
            'host-of-gateways-in-the-mesh',
            place,
            { host: host.host },
            {
              aspects: 'all',
              takes: request => request.host === host.host,
              // Clients of gateways, whose namespace is not known, keep what they have.
              isFrom: client => client !== undefined,
              isAnywhere: true,
            },
          );
      } else report('host-not-in-registry', place, { host: host.host });
      return;
    case 'everything':
      // 2-decode has said so.
      return;
    case 'no-services':
      // Those that there are have closer objects.
      report(
        servicesUnder(facts, host.host).length === 0 ? 'host-without-services' : 'host-left-to-others',
        place,
        {
          host: host.host,
        },
      );
      return;
    case 'service': {
      for (const service of host.services) reportContradiction(facts, report, service, place);
      const written = vs.hosts[host.index] ?? '';
      reportCapitalsInMesh(translation, vs, written, host.services, place);
      if (written.startsWith('*') && !facts.registry.byHost.has(written)) {
        const services = host.services
          .filter(service => hasPortFor(vs, service))
          .map(({ host: name }) => name)
          .join(', ');
        const isAtSidecars = host.services.some(service => facts.dataPlanes.seenFrom(service) !== 'ambient');
        const unnamed =
          vs.http.length > 0 && isAtSidecars
            ? ' Today sidecars also match names without a Service, at port 80; the route does not.'
            : '';
        report('host-wildcard-expanded', place, { host: written, services, unnamed });
        declareWrittenVersions(translation, vs, written, place);
      }
      for (const service of host.services) {
        reportServicePlaceholder(vs, service, host.index, report);
        if (service.kind === 'ServiceEntry') reportServiceEntry({ facts, report }, service, place);
        const silent =
          service.ports.length > 0 && !service.ports.some(({ protocol }) => carriesHttp(protocol));
        if (silent && vs.http.length > 0) report('port-not-http', place, { service: service.host });
        if (vs.http.length > 0) {
          declareForeignPorts(translation, vs, service, scopes, place);
          declareHidden(translation, vs, service, scopes, place);
          reportAlias(translation, vs, service, place);
        }
        if (
          service.namespace !== vs.namespace &&
          scopes.some(scope => scope.service === service && scope.audience === undefined)
        ) {
          report('route-namespace-moved', place, { namespace: service.namespace, service: service.name });
        }
      }
    }
  }
}

/** Which of two VirtualServices has the names of a Service of type ExternalName is a matter of age, and routes are as old as each other. */
function reportAlias(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  service: MeshService,
  place: Place,
): void {
  if (facts.dataPlanes.seenFrom(service) === 'ambient') return;
  const named = leadsTo(facts.registry, service);
  if (named === undefined) return;
  const other = facts.virtualServices.find(
    candidate =>
      candidate !== vs &&
      candidate.http.length > 0 &&
      candidate.gateways.includes('mesh') &&
      candidate.hosts.some(host => isSubsetOfHost(named.host, host)),
  );
  if (other === undefined) return;
  report(
    'host-is-an-alias',
    place,
    { host: service.host, service: named.host, other: `${other.namespace}/${other.name}` },
    relatedTo(other),
  );
}

/** Declares the requests to the name of a Service that an earlier stage wrote for a subset: the wildcard covers it while it stays. */
function declareWrittenVersions(
  { facts, declare }: Translation,
  vs: ResolvedVirtualService,
  wildcard: string,
  place: Place,
): void {
  const written = writtenVersions(facts, vs);
  for (const service of servicesUnder(facts, wildcard)) {
    if (!written.has(service.host)) continue;
    declare(
      'version-under-wildcard',
      place,
      { service: service.host, host: wildcard },
      {
        aspects: 'all',
        from: nameKey(vs.resource),
        takes: ({ host }) => isNameOf(service, host),
        isAnywhere: true,
        connectsTo: host => host === service.host,
      },
    );
  }
}

/** Declares the requests to ports that a host does not have, which sidecars treat as the VirtualService says. */
function declareForeignPorts(
  { facts, declare }: Translation,
  vs: ResolvedVirtualService,
  service: MeshScope['service'],
  scopes: readonly MeshScope[],
  place: Place,
): void {
  if (!scopes.some(scope => scope.service === service)) return;
  for (const { number, of } of foreignPorts(facts.httpPorts, service, { ...vs, semantics: 'istio' })) {
    const deviation = atPort(service, number);
    if (number === 80) declare('port-80-of-others', place, { service: service.host }, deviation);
    else {
      const others = of.map(({ host }) => host).join(' and ');
      declare('port-of-another-host', place, { service: service.host, port: number, others }, deviation);
    }
  }
}

/** Requests to a Service at a port, wherever they are: an older VirtualService may have the routes of the host. */
function atPort(service: MeshScope['service'], number: number): Deviation {
  return {
    aspects: 'all',
    takes: ({ host, port }) => port === number && isNameOf(service, host),
    // Gateways may serve the same name.
    isFrom: client => client !== undefined,
    isAnywhere: true,
  };
}

/**
 * Declares the requests of clients that a Service is not exported to: a sidecar that does not know the Service treats its name as
 * the VirtualService says, at the ports of the other hosts and at port 80.
 */
function declareHidden(
  { facts, declare }: Translation,
  vs: ResolvedVirtualService,
  service: MeshScope['service'],
  scopes: readonly MeshScope[],
  place: Place,
): void {
  const { exportTo } = service;
  if (exportTo === undefined || exportTo.includes('*')) return;
  if (!scopes.some(scope => scope.service === service)) return;
  const others = facts.registry.ofSameHost.get(service.host) ?? [];
  for (const { number } of foreignPorts(facts.httpPorts, nameAlone(service), { ...vs, semantics: 'istio' }))
    declare(
      'service-not-exported',
      place,
      { service: service.host, port: number },
      {
        ...atPort(service, number),
        isFrom: client =>
          client !== undefined &&
          !exportTo.includes(client) &&
          !others.some(other => isExported(other, client)) &&
          includesNamespace(vs.exportTo, client),
      },
    );
}

/**
 * Whether a host is the name of a Service at a gateway, by which clients inside the mesh may call it, too: sidecars take it as a
 * host of port 80 without a Service.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, BuildSidecarVirtualHostWrapper
 */
function isAlias(facts: Facts, vs: ResolvedVirtualService, host: string): boolean {
  const isAtGateway = vs.gateways.some(gateway => {
    if (gateway === 'mesh') return false;
    const servers = facts.istioGateways.get(gateway)?.servers;
    return servers === undefined || servers.some(server => sharesHost(server, { ...vs, hosts: [host] }));
  });
  return isAtGateway && vs.http.length > 0 && meshServices(facts, vs).some(({ kind }) => kind === 'Service');
}

/** Whether entries of a VirtualService apply to some port of a Service, as far as its ports are known. */
function hasPortFor({ http, tls, tcp }: ResolvedVirtualService, { ports }: MeshScope['service']): boolean {
  const takes = (carries: boolean) => (carries ? http.length > 0 : tls.length + tcp.length > 0);
  return ports.length === 0 || ports.some(({ protocol }) => takes(carriesHttp(protocol)));
}

function speaksForMesh({ http: { match = [] } }: ResolvedVirtualService['http'][number]): boolean {
  return (
    match.length === 0 ||
    match.some(({ gateways = [] }) => gateways.length === 0 || gateways.includes('mesh'))
  );
}

function reportServiceEntry(
  { facts, report }: Pick<Translation, 'facts' | 'report'>,
  service: MeshScope['service'],
  place: ReturnType<typeof placeOf>,
): void {
  if (service.host.startsWith('*') && facts.dataPlanes.of(service) === 'sidecar') {
    report('wildcard-service-entry', place, { host: service.host });
  }
}
