import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import { exportToAnnotation } from './export-to.ts';
import { clusterDomain, lowerCaseHost, type ServiceName, serviceHost, serviceNameOf } from './host.ts';
import { serviceExportToOf } from './mesh-config.ts';
import { type Protocol, protocolOf } from './service-protocol.ts';

/** A host that istiod knows: a Service, or a host of a ServiceEntry. */
export interface MeshService {
  readonly kind: 'Service' | 'ServiceEntry';
  /** Full name in lower case; of a ServiceEntry possibly with a wildcard. */
  readonly host: string;
  readonly namespace: string;
  /** The namespace of the object; several hosts of one ServiceEntry share it. */
  readonly name: string;
  readonly ports: readonly MeshPort[];
  /** The pods' labels; undefined where nobody wrote them down. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** The namespaces whose proxies know it, `*` for all; undefined where neither it nor MeshConfig says, so that all do. */
  readonly exportTo?: readonly string[];
  readonly externalName?: string;
  /** Nobody showed us this Service; that it exists is an assumption. */
  readonly assumed: boolean;
  readonly resource?: Resource<'core.Service'> | Resource<'istio.ServiceEntry'>;
}

export interface MeshPort {
  readonly number: number;
  readonly name?: string;
  readonly protocol: Protocol;
  readonly appProtocol?: string;
  readonly targetPort: number | string;
}

/** All hosts istiod would know, as far as the input shows them. */
export interface Registry {
  readonly byHost: ReadonlyMap<string, MeshService>;
  /** Services and ServiceEntries of hosts that several of them have; no other hosts. */
  readonly ofSameHost: ReadonlyMap<string, readonly MeshService[]>;
  /** Hosts of ServiceEntries that begin with `*`. */
  readonly wildcards: readonly MeshService[];
  /** The port of Services that nobody showed us (`--default-port`). */
  readonly defaultPort: number | undefined;
  /** The exportTo of Services and ServiceEntries that have none (MeshConfig defaultServiceExportTo). */
  readonly exportTo: readonly string[] | undefined;
  /** Full names of Services that are known not to be there, so that none is assumed. */
  readonly absent: ReadonlySet<string>;
  /** Whether all clients know all hosts, those of assumed Services included: nothing says exportTo. */
  readonly isKnownToAll: boolean;
  /** Services that `findService` assumed so far: each host is asked for many times. */
  readonly assumed: Map<string, MeshService | undefined>;
}

/**
 * Gathers the Services and ServiceEntries of the input; of two with the same host the first counts.
 *
 * @param beside another registry of the same cluster: both assume the same Services
 */
export function buildRegistry(
  resources: readonly AnyResource[],
  defaultPort: number | undefined,
  absent: ReadonlySet<string> = new Set(),
  beside?: Registry,
): Registry {
  const byHost = new Map<string, MeshService>();
  const exportTo = serviceExportToOf(resources);
  const services = [
    ...resources.filter(isType('core.Service')).map(service => fromService(service, exportTo)),
    ...resources.filter(isType('istio.ServiceEntry')).flatMap(entry => fromServiceEntry(entry, exportTo)),
  ];
  const ofSameHost = new Map<string, readonly MeshService[]>();
  for (const service of services) {
    const first = byHost.get(service.host);
    if (first === undefined) byHost.set(service.host, service);
    else {
      const known = ofSameHost.get(service.host) ?? [first];
      if (!known.some(one => isSameObject(one, service))) ofSameHost.set(service.host, [...known, service]);
    }
  }
  const wildcards = services.filter(({ host }) => host.startsWith('*'));
  const isKnownToAll = exportTo === undefined && services.every(service => service.exportTo === undefined);
  const isAssumedAlike =
    beside !== undefined && beside.defaultPort === defaultPort && sameTexts(beside.exportTo, exportTo);
  const assumed = isAssumedAlike ? beside.assumed : new Map<string, MeshService | undefined>();
  return { byHost, ofSameHost, wildcards, defaultPort, exportTo, absent, isKnownToAll, assumed };
}

function sameTexts(a: ExportTo, b: ExportTo): boolean {
  return a === b || (a !== undefined && b !== undefined && a.join() === b.join());
}

/** Documents of one object are alternatives. */
function isSameObject(a: MeshService, b: MeshService): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

type ExportTo = readonly string[] | undefined;

function fromService(resource: Resource<'core.Service'>, byDefault: ExportTo): MeshService {
  const { spec } = resource;
  return {
    kind: 'Service',
    host: serviceHost(resource),
    namespace: resource.namespace,
    name: resource.name,
    ports: (spec.ports ?? []).map(port => ({
      number: port.port,
      ...(port.name === undefined ? {} : { name: port.name }),
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
      protocol: protocolOf(port.port, port.name, port.protocol, port.appProtocol),
      targetPort: port.targetPort ?? port.port,
    })),
    selector: spec.selector,
    labels: resource.metadata.labels ?? {},
    ...exportOf(
      resource.metadata.annotations?.[exportToAnnotation]?.split(',') ?? byDefault,
      resource.namespace,
    ),
    ...(spec.type === 'ExternalName' && spec.externalName !== undefined
      ? { externalName: spec.externalName }
      : {}),
    assumed: false,
    resource,
  };
}

function fromServiceEntry(
  resource: Resource<'istio.ServiceEntry'>,
  byDefault: ExportTo,
): readonly MeshService[] {
  const { spec } = resource;
  return spec.hosts.map(host => ({
    kind: 'ServiceEntry',
    host: lowerCaseHost(host),
    namespace: resource.namespace,
    name: resource.name,
    ports: (spec.ports ?? []).map(port => ({
      number: port.number,
      name: port.name,
      protocol: protocolOf(port.number, port.protocol ?? ''),
      targetPort: port.targetPort ?? port.number,
    })),
    selector: undefined,
    labels: resource.metadata.labels ?? {},
    ...exportOf((spec.exportTo ?? []).length === 0 ? byDefault : spec.exportTo, resource.namespace),
    assumed: false,
    resource,
  }));
}

/**
 * Nothing where nothing is written.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/kube/conversion.go, ConvertService
 */
function exportOf(written: ExportTo, namespace: string): { readonly exportTo?: readonly string[] } {
  if (written === undefined || written.length === 0) return {};
  return { exportTo: written.map(to => (to.trim() === '.' ? namespace : to.trim())) };
}

/**
 * Looks a full host name up.
 *
 * @returns what the input shows; else, for the name of a Service, one that is assumed to exist, whose ports are unknown
 * (or the one of `--default-port`); undefined for any other host, and for a Service that is known not to be there
 */
export function findService(registry: Registry, host: string): MeshService | undefined {
  const known =
    registry.byHost.get(host) ??
    registry.wildcards.find(({ host: wildcard }) => host.endsWith(wildcard.slice(1)));
  if (known !== undefined) return known;
  if (registry.absent.has(host)) return undefined;
  if (registry.assumed.has(host)) return registry.assumed.get(host);
  const name = serviceNameOf(host);
  const service = name === undefined ? undefined : assumeService(name, registry);
  registry.assumed.set(host, service);
  return service;
}

function assumeService(
  name: ServiceName,
  { defaultPort: port, exportTo }: Pick<Registry, 'defaultPort' | 'exportTo'>,
): MeshService {
  return {
    kind: 'Service',
    host: serviceHost(name),
    ...name,
    ports: port === undefined ? [] : [{ number: port, protocol: 'http', targetPort: port }],
    selector: undefined,
    labels: {},
    ...exportOf(exportTo, name.namespace),
    assumed: true,
  };
}

/** @returns the port with a number; an assumed Service has every port */
export function findPort(service: MeshService, number: number): MeshPort | undefined {
  const port = service.ports.find(candidate => candidate.number === number);
  if (port !== undefined || !service.assumed) return port;
  return { number, protocol: 'sniffed', targetPort: number };
}

/** Whether a host is of the form that only Services have. */
export function isClusterHost(host: string): boolean {
  return host.endsWith(`.svc.${clusterDomain}`);
}
