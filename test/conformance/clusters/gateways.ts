import { gatewayChain } from '../../envoy/proxy-tables.ts';
import type { Manifest } from '../generate/clusters/layout.ts';
import { compareAt, type Difference, type Memory } from './compare.ts';
import type { ConvertedCluster } from './conversion.ts';
import { isDeclaredAtGateway } from './declared.ts';
import { spotsOf } from './enumerate.ts';
import type { Seen } from './seen.ts';
import { find, type Spot } from './spots.ts';
import type { State } from './whole-cluster.ts';
import { witnessesFor } from './witnesses.ts';

/** A Gateway that takes the place of an Istio Gateway. */
export interface Successor {
  /** `NAMESPACE/NAME` of the Istio Gateway. */
  readonly from: string;
  /** `NAMESPACE/NAME` of the Gateway of the Gateway API. */
  readonly to: string;
}

/** @returns the Gateways that clients of Pods are sent to by a conversion */
export function successorsOf(
  { settlements, before }: ConvertedCluster,
  labels: Readonly<Record<string, string>>,
): readonly Successor[] {
  const own = new Set(gatewaysOn(before, labels));
  const found = settlements()
    .flatMap(({ units }) => units.filter(({ held }) => !held))
    .flatMap(({ unit }) => [...unit.scopes, ...unit.connections.flatMap(plan => plan.scopes)])
    .flatMap(scope =>
      scope.kind === 'gateway' && own.has(scope.gateway)
        ? [{ from: scope.gateway, to: `${scope.target.namespace}/${scope.target.name}` }]
        : [],
    );
  return [...new Map(found.map(successor => [JSON.stringify(successor), successor])).values()];
}

/** `NAMESPACE/NAME` of the Istio Gateways that select Pods. */
function gatewaysOn(state: State, labels: Readonly<Record<string, string>>): readonly string[] {
  return [...state].flatMap(([key, manifest]) => {
    const { selector = {} } = (manifest['spec'] ?? {}) as {
      readonly selector?: Readonly<Record<string, string>>;
    };
    const isGateway = key.startsWith('networking.istio.io Gateway ');
    const selects = Object.entries(selector).every(([name, value]) => labels[name] === value);
    return isGateway && selects ? [key.split(' ')[2] ?? ''] : [];
  });
}

/**
 * Clients of a host are sent to one place, by its name: the Pods that answered, or a Gateway that takes their place. One of
 * these has to do what was done, and no new Gateway may answer otherwise than the Pods did.
 */
export function compareGateways(
  converted: ConvertedCluster,
  before: Seen,
  after: Seen | undefined,
  successors: readonly (Successor & { readonly seen: Seen })[],
  memory: Memory,
): readonly Difference[] {
  const keys = new Set(successors.map(({ from }) => from));
  const undeclared = (spot: Spot, right: Seen) =>
    compareAt(spot, before, right, memory).filter(
      difference => !isDeclaredAtGateway(converted, difference, keys),
    );
  const spots = spotsOf('gateway', [before, ...successors.map(({ seen }) => seen)]);
  return spots.flatMap(spot => {
    const stay = after === undefined ? [] : [undeclared(spot, after)];
    const moves = successors.map(({ seen }) => [
      ...undeclared(spot, seen),
      ...tlsDifference(spot, before, seen),
    ]);
    const wrong = successors.flatMap(({ seen }, index) =>
      servesNothing(spot, seen) ? [] : (moves[index] ?? []).filter(({ right }) => right.kind !== 'no-route'),
    );
    const candidates = [...stay, ...moves];
    if (candidates.some(differences => differences.length === 0)) return wrong;
    return candidates.toSorted((a, b) => a.length - b.length)[0] ?? [];
  });
}

/** Whether a Gateway has no route for a host at all: nobody sends its clients there, whatever its listener asks of them. */
function servesNothing(spot: Spot, seen: Seen): boolean {
  const found = find(seen, spot);
  return witnessesFor(spot, [found]).every(request => found.outcome(request).kind === 'no-route');
}

/** What a listener asks of clients and how it speaks to them; which Secret it shows is named otherwise. */
function tlsDifference(spot: Spot, before: Seen, after: Seen): readonly Difference[] {
  if (spot.scheme !== 'https') return [];
  const [left, right] = [before, after].map(
    ({ answer }) => gatewayChain(answer, spot.port, 'https', spot.host)?.tls,
  );
  if (left === undefined || right === undefined || settingsOf(left) === settingsOf(right)) return [];
  const response = (tls: unknown) => ({ kind: 'response', status: 0, body: settingsOf(tls) }) as const;
  const request = {
    scheme: 'https',
    host: spot.host,
    port: spot.port,
    method: 'TLS',
    path: '',
    headers: {},
    queryParams: {},
  } as const;
  return [{ spot, request, aspects: ['response'], left: response(left), right: response(right) }];
}

function settingsOf(tls: unknown): string {
  const { requireClientCertificate, commonTlsContext } = tls as {
    readonly requireClientCertificate?: boolean;
    readonly commonTlsContext?: Manifest;
  };
  const { alpnProtocols, tlsParams } = commonTlsContext ?? {};
  return JSON.stringify([requireClientCertificate ?? false, alpnProtocols, tlsParams]);
}
