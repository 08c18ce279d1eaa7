import { isSubsetOfHost, mostSpecificHost } from '../../../src/3-link/hostname.ts';
import { cutOverSteps } from '../../../src/reporters/cut-over.ts';
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

/** The Gateways that clients of some Pods are sent to. */
export interface Successors {
  /** Those with Pods of their own. */
  readonly successors: readonly (Successor & { readonly seen: Seen })[];
  /** The Istio Gateways whose place is taken, also on the same Pods, as `NAMESPACE/NAME`. */
  readonly keys: ReadonlySet<string>;
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
      scope.kind === 'gateway' && own.has(scope.replaced)
        ? [{ from: scope.replaced, to: `${scope.target.namespace}/${scope.target.name}` }]
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
 * Clients of a host are sent to one place, by its name: where the plan says that the host moves, to a Gateway that takes the place of
 * the Pods, else to the Pods that answered. There has to be done what was done, and no Gateway that has routes for a host may answer
 * otherwise than the Pods did.
 */
export function compareGateways(
  converted: ConvertedCluster,
  before: Seen,
  after: Seen | undefined,
  { successors, keys }: Successors,
  memory: Memory,
  labels: Readonly<Record<string, string>>,
): readonly Difference[] {
  const undeclared = (spot: Spot, right: Seen) =>
    compareAt(spot, before, right, memory).filter(
      difference => !isDeclaredAtGateway(converted, difference, keys),
    );
  const moves = movesOf(converted, labels);
  const isTlsTold = toldTls(converted, keys);
  const isRedirectTold = toldRedirect(converted, keys);
  const spots = spotsOf('gateway', [before, ...successors.map(({ seen }) => seen)]);
  return spots.flatMap(spot => {
    const isMoving = moves(spot);
    const stay = after === undefined ? [] : [undeclared(spot, after)];
    const moved = successors.map(({ seen }) => [
      ...undeclared(spot, seen),
      ...(isTlsTold(spot) ? [] : tlsDifference(spot, before, seen)),
    ]);
    const wrong = successors.flatMap(({ seen, from }, index) =>
      !isMoving && servesNothing(spot, seen)
        ? []
        : (moved[index] ?? []).filter(
            difference => difference.right.kind !== 'no-route' && !isRedirectTold(from, difference),
          ),
    );
    const candidates = isMoving ? moved : stay;
    if (candidates.some(differences => differences.length === 0)) return wrong;
    return candidates.toSorted((a, b) => a.length - b.length)[0] ?? [];
  });
}

/** Before the hosts of which the plan says that their clients move, and that they stay: at the Pods that others leave, or at others. */
const moving = /^# Hosts that move: (?<hosts>.*)$/;
const staying =
  /^# Hosts that stay at (?:the old pods|the pods of Istio Gateway (?<gateway>[^: ]+)): (?<hosts>.*)$/;

/** @returns whether the plan sends the clients of a host at Pods to another Gateway: by the closest name that it says something of */
function movesOf(
  { conversion, before }: ConvertedCluster,
  labels: Readonly<Record<string, string>>,
): (spot: Spot) => boolean {
  const commands = cutOverSteps(conversion).flatMap(step => step.commands);
  const own = new Set(gatewaysOn(before, labels));
  const listed = (title: RegExp) =>
    commands.flatMap(command => {
      const { gateway, hosts = '' } = title.exec(command)?.groups ?? {};
      if (gateway !== undefined && !own.has(gateway)) return [];
      return hosts.split(', ').flatMap(host => host.replaceAll("'", '') || []);
    });
  const [going, left] = [listed(moving), listed(staying)];
  const all = new Set([...going, ...left]);
  return ({ scheme, host, port }) => {
    // A TCPRoute takes connections with TLS as well.
    const isConnection = scheme === 'tcp' || scheme === 'tls';
    if (isConnection && going.includes(`port ${port}`)) return true;
    if (scheme === 'tcp') return false;
    const closest = mostSpecificHost(host, all);
    return closest !== undefined && going.includes(closest) && !left.includes(closest);
  };
}

/** Whether a Gateway has no route for a host at all. */
function servesNothing(spot: Spot, seen: Seen): boolean {
  const found = find(seen, spot);
  return witnessesFor(spot, [found]).every(request => found.outcome(request).kind === 'no-route');
}

const otherTls = /^clients of (?<hosts>.*) on port (?<port>\d+) get the TLS settings of this Gateway /;

/** @returns whether a diagnostic of one of some Gateways tells of other TLS for a host and port */
function toldTls({ conversion }: ConvertedCluster, gateways: ReadonlySet<string>): (spot: Spot) => boolean {
  const told = conversion.diagnostics.flatMap(({ code, message, resource }) => {
    if (code !== 'gateway-tls-of-another' || !gateways.has(`${resource?.namespace}/${resource?.name}`))
      return [];
    const { hosts = '', port } = otherTls.exec(message)?.groups ?? {};
    return hosts.split(', ').map(host => ({ host, port: Number(port) }));
  });
  return ({ host, port }) => told.some(one => one.port === port && isSubsetOfHost(host, one.host));
}

const redirecting =
  /; Istio Gateway (?<gateway>\S+) will redirect requests for (?<hosts>.*?) on port (?<port>\d+) to https/g;

/** @returns whether a diagnostic tells that a Gateway in the place of another Istio Gateway redirects a host to https */
function toldRedirect(
  { conversion }: ConvertedCluster,
  gateways: ReadonlySet<string>,
): (from: string, difference: Difference) => boolean {
  const told = conversion.diagnostics.flatMap(({ code, message, resource }) => {
    if (code !== 'gateway-shared-host' || !gateways.has(`${resource?.namespace}/${resource?.name}`))
      return [];
    return [...message.matchAll(redirecting)].flatMap(({ groups }) => {
      const { gateway, hosts = '', port } = groups ?? {};
      return hosts.split(', ').map(host => ({ gateway, host, port: Number(port) }));
    });
  });
  return (from, { spot, right }) =>
    right.kind === 'redirect' &&
    right.scheme === 'https' &&
    told.some(
      ({ gateway, host, port }) => gateway === from && port === spot.port && isSubsetOfHost(spot.host, host),
    );
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
