import { canonicalJson } from '../3-link/canonical.ts';
import type { Facts } from '../3-link/facts.ts';
import type { ServerProtocol } from '../3-link/gateways/gateway-server.ts';
import type { MeshService } from '../3-link/registry.ts';
import type { GatewayScope, MeshScope } from '../3-link/scopes.ts';
import { hostsOfPlan, type RoutePlan } from '../4-translate/virtual-service.ts';
import type * as gateway from '../gateway-api/index.ts';
import { usedVersions } from './version-services.ts';

/** The facts that decide where a route attaches. */
export type Attached = Pick<RoutePlan, 'namespace' | 'scopes'>;

/** The parents of one route. */
export interface Attachment {
  readonly parentRefs: readonly gateway.ParentReference[];
  readonly hostnames: readonly string[];
  readonly scopes: RoutePlan['scopes'];
}

/** The most parentRefs and hostnames of a route. */
const limits = { parentRefs: 32, hostnames: 16 } as const;

/** @returns what a plan attaches to: for one route, or for as many as the limits ask for */
export function attachmentsOf(facts: Facts, plan: RoutePlan): readonly Attachment[] {
  return scopeParts(facts, plan).flatMap(part => {
    const parentRefs = parentRefsOf(facts, part);
    return chunk(hostnamesOf(facts, part, parentRefs), limits.hostnames).map(hostnames => ({
      parentRefs,
      hostnames,
      scopes: part.scopes,
    }));
  });
}

/** A scope gives a Service and a waypoint at the most. */
function scopeParts(facts: Facts, plan: RoutePlan): readonly RoutePlan[] {
  return portParts(facts, plan).flatMap(part =>
    parentRefsOf(facts, part).length <= limits.parentRefs
      ? [part]
      : chunk(part.scopes, limits.parentRefs / 2).map(scopes => ({ ...part, scopes })),
  );
}

/** The standard CRD tells parentRefs to one Gateway apart by sectionName only, so that some ports of it ask for a route each. */
function portParts(facts: Facts, plan: RoutePlan): readonly RoutePlan[] {
  if (plan.kind !== 'gateway' || facts.options.channel !== 'standard') return [plan];
  const whole = parentRefsOf(facts, plan).filter(({ sectionName }) => sectionName === undefined);
  const named = new Set(whole.map(({ kind, namespace, name }) => canonicalJson([kind, namespace, name])));
  if (named.size === whole.length) return [plan];
  const ports = [...new Set(plan.scopes.map(({ port }) => canonicalJson(port)))];
  return ports.map(port => ({
    ...plan,
    scopes: plan.scopes.filter(scope => canonicalJson(scope.port) === port),
  }));
}

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  if (items.length <= size) return [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

/** @returns what a route attaches to: Services with their ports and waypoints, or Gateways */
export function parentRefsOf(facts: Facts, plan: Attached): readonly gateway.ParentReference[] {
  const parents =
    plan.scopes[0]?.kind === 'mesh'
      ? meshParents(
          facts,
          plan.scopes.filter(scope => scope.kind === 'mesh'),
          plan.namespace,
        )
      : gatewayParents(
          facts,
          plan,
          plan.scopes.filter(scope => scope.kind === 'gateway'),
        );
  return [...new Map(parents.map(parent => [canonicalJson(parent), parent])).values()];
}

/**
 * The Services first, each by its port, then the waypoints. istiod acts on the Service and ignores the waypoint's Gateway;
 * other implementations act on the Gateway.
 */
function meshParents(
  facts: Facts,
  scopes: readonly MeshScope[],
  namespace: string,
): readonly gateway.ParentReference[] {
  const { attach } = facts.options;
  const services = scopes.map(({ service, port }): gateway.ParentReference => {
    const several = scopes.filter(other => other.service === service).length > 1;
    return {
      ...(service.kind === 'Service'
        ? { group: '', kind: 'Service' }
        : { group: 'networking.istio.io', kind: 'ServiceEntry' }),
      name: service.name,
      ...(service.namespace === namespace ? {} : { namespace: service.namespace }),
      // The standard CRD tells parentRefs to one Service apart by sectionName only.
      ...(several && port?.name !== undefined ? { sectionName: port.name } : {}),
      ...(port === undefined ? {} : { port: port.number }),
    };
  });
  const waypoints = scopes.flatMap(({ waypoint, audience }): readonly gateway.ParentReference[] => {
    // A waypoint serves everybody: a route for some clients is none of its business.
    if (waypoint.kind !== 'found' || audience !== undefined) return [];
    const { namespace: of, name } = waypoint.waypoint;
    return [
      {
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        name,
        ...(of === namespace ? {} : { namespace: of }),
      },
    ];
  });
  if (attach === 'service' || waypoints.length === 0) return services;
  return attach === 'waypoint' ? waypoints : [...services, ...waypoints];
}

/** Whether a server looks into requests, or passes connections on. */
function opensRequests(protocol: ServerProtocol): boolean {
  return protocol === 'http' || protocol === 'https';
}

/** A Gateway as a whole where the route applies to all of its ports, else its ports one by one. */
function gatewayParents(
  facts: Facts,
  plan: Attached,
  scopes: readonly GatewayScope[],
): readonly gateway.ParentReference[] {
  return scopes.map(scope => {
    const { target } = scope;
    const known = facts.istioGateways.get(scope.replaced);
    const ports = new Set(
      known?.servers
        .filter(
          ({ protocol }) =>
            opensRequests(protocol) === scope.servers.some(server => opensRequests(server.protocol)),
        )
        .map(({ port }) => port),
    );
    const here = new Set(scopes.filter(other => other.replaced === scope.replaced).map(other => other.port));
    const everywhere = [...ports].every(port => here.has(port));
    const byPort =
      scope.port !== undefined && target.sectionName === undefined && (known === undefined || !everywhere);
    return {
      name: target.name,
      ...(target.namespace === plan.namespace ? {} : { namespace: target.namespace }),
      ...(target.sectionName === undefined ? {} : { sectionName: target.sectionName }),
      ...(byPort ? { port: scope.port } : {}),
    };
  });
}

/**
 * Services of versions, such as those that an earlier run wrote, are there for routes to refer to; only one that names
 * another waypoint than the Service of the subset counts as served by it.
 */
function versionsOf(facts: Facts, { vs }: RoutePlan): ReadonlySet<MeshService> {
  return new Set(
    usedVersions(facts, vs).flatMap(({ version }) => {
      if (version.kind !== 'existing' && version.kind !== 'empty') return [];
      const { root, service } = version;
      const own = service?.labels['istio.io/use-waypoint'];
      const isElsewhere = own !== undefined && own !== root.labels['istio.io/use-waypoint'];
      return service === undefined || isElsewhere ? [] : [service];
    }),
  );
}

/**
 * The hostnames of a route: those of the VirtualService at gateways. Inside the mesh a Service is enough; but a waypoint's
 * Gateway as a parent would take the requests for all of its Services, so that its route names its own.
 */
function hostnamesOf(
  facts: Facts,
  plan: RoutePlan,
  parentRefs: readonly gateway.ParentReference[],
): readonly string[] {
  const hosts = hostsOfPlan(plan);
  if (plan.kind === 'gateway') return hosts.includes('*') ? [] : [...new Set(hosts)];
  const waypoint = parentRefs.find(({ kind }) => kind === 'Gateway');
  if (waypoint === undefined) return [];
  const services = new Set(plan.scopes.filter(scope => scope.kind === 'mesh').map(({ service }) => service));
  const key = `${waypoint.namespace ?? plan.namespace}/${waypoint.name}`;
  const versions = versionsOf(facts, plan);
  const others = (facts.byWaypoint.get(key) ?? []).filter(
    service => !services.has(service) && !versions.has(service),
  );
  if (others.length === 0) return [];
  return [...services].flatMap(({ kind, name, namespace, host }) =>
    kind === 'Service' ? [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host] : [host],
  );
}
