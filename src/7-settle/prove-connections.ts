import { hostsOverlap } from '../3-link/hostname.ts';
import type { ConnectionPlan } from '../4-translate/connections.ts';
import {
  type ConnectionPlace,
  type ConnectionRule,
  decideConnection,
  gatewayConnectionRules,
  meshConnectionRules,
} from '../semantics/connections.ts';
import { differingAspects, type Forwarded } from '../semantics/outcome.ts';
import { sampleOf } from '../semantics/vantages.ts';
import type { Sides } from './conversion-vantages.ts';

/** A connection that the two sides treat differently. */
export interface ConnectionDifference {
  /** `reviews.bookinfo:443 for a.example.com`. */
  readonly connection: string;
  readonly before: string;
  readonly after: string;
}

/** What came of trying connections on both sides. */
export interface ConnectionProof {
  readonly connections: number;
  readonly differences: readonly ConnectionDifference[];
}

/** Tries every port and every name that either side tells apart. */
export function proveConnections(sides: Sides, plans: readonly ConnectionPlan[]): ConnectionProof {
  const tried = new Set<string>();
  const differences: ConnectionDifference[] = [];
  let connections = 0;
  const compare = (where: string, before: readonly ConnectionRule[], after: readonly ConnectionRule[]) => {
    if (tried.has(where)) return;
    tried.add(where);
    for (const sni of namesOf([...before, ...after])) {
      connections += 1;
      const [old, now] = [decideConnection(before, sni), decideConnection(after, sni)];
      if (isSame(old, now)) continue;
      differences.push({
        connection: sni === undefined ? where : `${where} for ${sni}`,
        before: describe(old),
        after: describe(now),
      });
    }
  };
  for (const scope of plans.flatMap(plan => plan.scopes)) {
    if (scope.kind === 'mesh') {
      const { service, port } = scope;
      if (port === undefined) continue;
      for (const namespace of new Set([service.namespace, 'elsewhere'])) {
        const place: ConnectionPlace = { proxy: 'sidecar', namespace, labels: {} };
        const [before, after] = [sides.before, sides.after].map(world =>
          meshConnectionRules(world, place, service, port),
        );
        compare(
          `${service.name}.${service.namespace}:${port.number} from ${namespace}`,
          before ?? [],
          after ?? [],
        );
      }
      continue;
    }
    for (const server of scope.servers) {
      const listening = sides.after.gateways.proxies
        .filter(({ id }) => id === `gateway ${scope.target.namespace}/${scope.target.name}`)
        .flatMap(proxy => proxy.servers.map(candidate => ({ proxy, candidate })))
        .filter(
          ({ candidate }) =>
            candidate.port === server.port &&
            candidate.hosts.some(({ host }) => server.hosts.some(other => hostsOverlap(host, other.host))),
        );
      const before = gatewayConnectionRules(sides.before, server.resource.namespace, server);
      const after = listening.flatMap(({ proxy, candidate }) =>
        gatewayConnectionRules(sides.after, proxy.namespace, candidate),
      );
      compare(`gateway ${scope.gateway}:${server.port}`, before, after);
    }
  }
  return { connections, differences };
}

/** The names that rules mention, one inside each wildcard, one that nobody mentions, and none. */
function namesOf(rules: readonly ConnectionRule[]): readonly (string | undefined)[] {
  const mentioned = rules.flatMap(({ sniHosts }) => sniHosts ?? []);
  return [...new Set([...mentioned.map(sampleOf), 'unmentioned.example', undefined])];
}

function isSame(a: ConnectionRule | undefined, b: ConnectionRule | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return differingAspects(asOutcome(a), asOutcome(b)).length === 0;
}

function asOutcome({ destinations }: ConnectionRule): Forwarded {
  return {
    kind: 'forward',
    destinations,
    path: '',
    mirrors: [],
    timeout: 0,
    retries: '',
    cors: '',
    fault: '',
  };
}

function describe(rule: ConnectionRule | undefined): string {
  if (rule === undefined) return 'taken by no rule';
  const parts = rule.destinations.map(({ label, weight, total }) =>
    weight === total ? label : `${label} (${Math.round((100 * weight) / total)} %)`,
  );
  return `to ${parts.join(', ') || 'nobody'}`;
}
