import { hostAliases } from '../../../src/3-link/host-aliases.ts';
import type { Scope } from '../../../src/3-link/scopes.ts';
import { usedVersions } from '../../../src/6-emit/version-services.ts';
import type { SettledUnit } from '../../../src/7-settle/settlement.ts';
import type { Declaration } from '../../../src/7-settle/unit.ts';
import { type Change, type Deviation, isDeclared } from '../../../src/semantics/deviation.ts';
import type { Difference } from './compare.ts';
import type { ConvertedCluster } from './conversion.ts';
import type { Spot } from './spots.ts';
import type { State } from './whole-cluster.ts';

/** @returns whether a diagnostic of what is converted there says that a request inside the mesh changes in this way */
export function isDeclaredInMesh(
  converted: ConvertedCluster,
  difference: Difference,
  client: string | undefined,
): boolean {
  const { spot } = difference;
  const aliases = hostAliases(converted.settlements().flatMap(({ facts }) => facts.resources));
  const deviations = [
    ...deviationsOf(
      converted,
      scope => scope.kind === 'mesh' && isFor(scope, aliases.get(scope.service.host) ?? [], spot),
      true,
    ),
    ...saidOf(converted, spot),
  ];
  return isDeclared(deviations, changeOf(difference, client));
}

/** The same at the Gateways that take the place of Istio Gateways. */
export function isDeclaredAtGateway(
  converted: ConvertedCluster,
  difference: Difference,
  gateways: ReadonlySet<string>,
): boolean {
  const deviations = deviationsOf(
    converted,
    scope => scope.kind === 'gateway' && gateways.has(scope.replaced),
    false,
  );
  return isDeclared(deviations, changeOf(difference, undefined));
}

/** Envoy's tables do not tell of which entry a route is. */
function changeOf({ request, aspects, left, right }: Difference, client: string | undefined): Change {
  return { request, aspects, before: left, after: right, takenBy: undefined, client };
}

/** A route for a ServiceEntry is for all its hosts. A Service has the names of those of type ExternalName that lead to it, too. */
function isFor(
  scope: Extract<Scope, { kind: 'mesh' }>,
  aliases: readonly string[],
  { host, address }: Spot,
): boolean {
  const { service } = scope;
  const entry = service.resource?.type === 'istio.ServiceEntry' ? (service.resource.spec.hosts ?? []) : [];
  // A connection is told by its address alone.
  if (address !== undefined) return true;
  // Clients of a headless Service call its pods by names below its own (httproute.go, generateVirtualHostDomains).
  const isHeadless = service.resource?.type === 'core.Service' && service.resource.spec?.clusterIP === 'None';
  return [service.host, ...aliases, ...entry, ...(isHeadless ? [`*.${service.host}`] : [])].some(
    name => name === host || (name.startsWith('*') && host.endsWith(name.slice(1))),
  );
}

function unitsOf({ settlements }: ConvertedCluster): readonly SettledUnit[] {
  return settlements().flatMap(({ units }) => units.filter(({ held }) => !held));
}

/**
 * What was declared and said: a deviation that no diagnostic tells of is none. One that names its host and port by itself counts
 * where the VirtualService has no route, too: an older one of the host may have it.
 */
function deviationsOf(
  converted: ConvertedCluster,
  concerns: (scope: Scope) => boolean,
  isInMesh: boolean,
): readonly Deviation[] {
  return unitsOf(converted).flatMap(({ unit: { scopes, connections, declarations } }) => {
    const isConcerned = [...scopes, ...connections.flatMap(plan => plan.scopes)].some(concerns);
    return declarations
      .filter(({ deviation: { isAnywhere = false } }) => isConcerned || (isAnywhere && isInMesh))
      .filter(declaration => isSaid(converted, declaration))
      .map(({ deviation }) => deviation);
  });
}

function isSaid({ conversion }: ConvertedCluster, { code, place }: Declaration): boolean {
  return conversion.diagnostics.some(
    ({ code: said, resource }) =>
      said === code &&
      (place.resource === undefined ||
        (resource?.name === place.resource.name && resource.namespace === place.resource.namespace)),
  );
}

/** What is said of Services and hosts that no VirtualService names. */
function saidOf({ settlements }: ConvertedCluster, { host, port }: Spot): readonly Deviation[] {
  const all = { aspects: 'all', takes: () => true } as const;
  const settings = { aspects: ['trafficPolicy', 'mirrors'], takes: () => true } as const;
  return settlements().flatMap(({ facts, units }) =>
    units
      .filter(({ held }) => !held)
      .flatMap(({ unit }) => {
        const versions = new Set(
          usedVersions(facts, unit.vs).flatMap(({ version }) =>
            version.kind === 'existing' && version.service.host === host ? [version.service.name] : [],
          ),
        );
        return unit.findings.flatMap(({ code, args }): readonly Deviation[] => {
          const said: Readonly<Record<string, string | number>> = args;
          if (code === 'version-policy-added') return versions.has(String(said['service'])) ? [settings] : [];
          // Names without a Service have the wildcard at port 80, and no route.
          if (code === 'host-wildcard-expanded' && !facts.registry.byHost.has(host))
            return said['unnamed'] !== '' && port === 80 && host.endsWith(String(said['host']).slice(1))
              ? [all]
              : [];
          // A name that only gateways have: in the mesh its requests go where DNS says.
          if (code === 'host-of-gateways-in-the-mesh') return said['host'] === host ? [all] : [];
          if (code !== 'service-entry-hosts') return [];
          return String(said['hosts']).split(', ').includes(host) ? [all] : [];
        });
      }),
  );
}

/** Whether a state has some, and not all, of the routes of a host of which a diagnostic says that they are to be applied together. */
export function isAppliedInPart({ settlements }: ConvertedCluster, { host }: Spot, state: State): boolean {
  return settlements().some(({ units }) =>
    units.some(
      ({ unit, held }) =>
        !held &&
        unit.findings.some(({ code, args }) => {
          const said: Readonly<Record<string, string | number>> = args;
          if (code !== 'routes-together' || said['service'] !== host) return false;
          const names = String(said['routes']).split(', ');
          const there = names.map(name =>
            ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].some(kind =>
              state.has(`gateway.networking.k8s.io ${kind} ${name}`),
            ),
          );
          return there.includes(true) && there.includes(false);
        }),
    ),
  );
}
