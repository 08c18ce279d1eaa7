import { type Deviation, isDeclared } from '../../src/semantics/deviation.ts';
import { explore } from '../../src/semantics/explore.ts';
import { differingAspects, type Outcome } from '../../src/semantics/outcome.ts';
import { type Request, requestFrom } from '../../src/semantics/request.ts';
import type { World } from '../../src/semantics/world.ts';
import { toEnvoyRequest } from '../envoy/request.ts';
import { toOutcome } from '../envoy/to-outcome.ts';
import { manifestsOf, resourcesOf, withoutObjects } from './cluster.ts';
import { asRequest, type ConnectionSpot, connectionSpots } from './connections.ts';
import type { Comparison, Disagreement } from './disagreement.ts';
import type { Judge, Rejection, RoutesAnswer } from './judge.ts';
import { oursAt } from './ours.ts';
import { isLookedAt, meshDeviations, pairsOf } from './pairs.ts';
import { type KnownProxy, type Missing, type Place, placesOf, proxiesOf } from './places.ts';
import { randomFrom } from './random.ts';
import { randomRequests } from './random-requests.ts';
import { type Converted, worldOf } from './scenario.ts';

/** What came of looking at one scenario. */
export interface Examination {
  readonly scenario: string;
  readonly counts: Readonly<Record<Comparison | 'places' | 'connections', number>>;
  readonly disagreements: readonly Disagreement[];
  readonly missing: readonly Missing[];
  /** Objects that an API server or istiod refuses. */
  readonly refused: { readonly before: readonly Rejection[]; readonly after: readonly Rejection[] };
  /** Whether both sides are one cluster each, so that they can be held against each other. */
  readonly isWhole: boolean;
  readonly before: Side;
  readonly after: Side;
}

/** How many requests are tried. */
export interface Effort {
  /** Witnesses are sought one by one up to so many, then drawn. */
  readonly witnesses: number;
  readonly random: number;
  readonly seed: number;
}

/** One side of a conversion, as we and as istiod see it. */
export interface Side {
  readonly world: World;
  readonly proxies: readonly KnownProxy[];
  readonly places: readonly Place[];
  readonly connections: readonly ConnectionSpot[];
  readonly missing: readonly Missing[];
  readonly refused: readonly Rejection[];
  /** By the id of the proxy. */
  readonly answers: RoutesAnswer['proxies'];
  /** What clusters are set to. */
  readonly settings: readonly string[];
}

/** Asks istiod about both sides of a conversion, and compares. */
export async function examine(converted: Converted, judge: Judge, effort: Effort): Promise<Examination> {
  const [before, after] = await Promise.all([
    lookAt(converted, 'before', judge),
    lookAt(converted, 'after', judge),
  ]);
  // What a cluster cannot hold was converted as if it could; what is written down twice, as two clusters.
  const isWhole =
    before.refused.length === 0 &&
    !converted.ambiguous &&
    // After stage 1a the new Gateways have no routes, and nobody is sent to them yet.
    converted.scenario.options.stage !== '1a';
  const pairs = isWhole ? pairsOf(converted, before, after) : [];
  const scenario = converted.scenario.name;
  const disagreements: Disagreement[] = [];
  const counts = { input: 0, output: 0, conversion: 0, places: 0, connections: 0 };
  const random = randomFrom(effort.seed);
  const note = (comparison: Comparison, place: Place, request: Request, left: Outcome, right: Outcome) => {
    const aspects = differingAspects(left, right);
    counts[comparison] += 1;
    if (aspects.length === 0) return;
    disagreements.push({ scenario, comparison, place: place.label, request, aspects, left, right });
  };
  const noteConnection = (
    comparison: Comparison,
    spot: ConnectionSpot,
    sni: string | undefined,
    left: Outcome,
    right: Outcome,
  ) => {
    const aspects = differingAspects(left, right);
    counts.connections += 1;
    const request = asRequest(spot, sni);
    if (aspects.length > 0)
      disagreements.push({ scenario, comparison, place: spot.label, request, aspects, left, right });
  };
  const partners = new Map(after.places.map(place => [place.label, place]));
  for (const place of before.places) {
    const partner = partners.get(place.label);
    partners.delete(place.label);
    for (const request of requestsFor(partner === undefined ? [place] : [place, partner], effort, random)) {
      note('input', place, request, oursAt(place.ours, request), theirsAt(before, place, request));
      if (partner !== undefined)
        note('output', partner, request, oursAt(partner.ours, request), theirsAt(after, partner, request));
    }
  }
  for (const place of partners.values()) {
    for (const request of requestsFor([place], effort, random))
      note('output', place, request, oursAt(place.ours, request), theirsAt(after, place, request));
  }
  for (const { left, right, deviations } of pairs) {
    for (const request of requestsFor([left, right], effort, random)) {
      const look = haveLikeClusters(left, right, request) ? theirsInFull : theirsAt;
      const outcomes = [look(before, left, request), look(after, right, request)] as const;
      if (isExpected(deviations, request, outcomes, clientOf(left))) counts.conversion += 1;
      else note('conversion', left, request, ...outcomes);
    }
  }
  for (const side of [before, after]) {
    const comparison = side === before ? 'input' : 'output';
    for (const spot of side.connections)
      for (const sni of spot.names) noteConnection(comparison, spot, sni, spot.ours(sni), spot.theirs(sni));
  }
  for (const [left, right] of isWhole ? connectionPairs(converted, before, after) : []) {
    const deviations = meshDeviations(converted, before, left.host);
    for (const sni of new Set([...left.names, ...right.names])) {
      const outcomes = [left.theirs(sni), right.theirs(sni)] as const;
      if (isExpected(deviations, asRequest(left, sni), outcomes, clientOf(left))) counts.connections += 1;
      else noteConnection('conversion', left, sni, ...outcomes);
    }
  }
  counts.places = before.places.length + partners.size;
  return {
    scenario,
    counts,
    disagreements,
    missing: [...before.missing, ...after.missing],
    refused: { before: before.refused, after: after.refused },
    isWhole,
    before,
    after,
  };
}

async function lookAt(converted: Converted, which: 'before' | 'after', judge: Judge): Promise<Side> {
  const whole = converted[which];
  const { proxies, answer } = await ask(
    judge,
    whole,
    proxiesOf(worldOf(whole), resourcesOf(whole)),
    converted.bundle,
  );
  const cluster = withoutObjects(whole, answer.rejected);
  const world = worldOf(cluster);
  const { places, missing } = placesOf(world, resourcesOf(cluster), proxies, answer.proxies);
  return {
    world,
    proxies,
    places,
    connections: connectionSpots(world, resourcesOf(cluster), proxies, answer.proxies),
    missing,
    refused: answer.rejected,
    answers: answer.proxies,
    settings: (answer.settings ?? []).map(settings => JSON.stringify(settings, withoutSuppliedPods)),
  };
}

/** Asks for the proxies of a cluster; a Gateway that the CRDs refuse is not in it, and has none. */
async function ask(
  judge: Judge,
  cluster: Converted['before'],
  proxies: ReturnType<typeof proxiesOf>,
  bundle: Converted['bundle'],
): Promise<{ readonly proxies: typeof proxies; readonly answer: RoutesAnswer }> {
  try {
    const requests = proxies.map(({ request }) => request);
    return { proxies, answer: await judge.routes(manifestsOf(cluster), requests, bundle) };
  } catch (error) {
    const absent =
      error instanceof Error ? /^proxy "(.*?)": no Gateway /.exec(error.message)?.[1] : undefined;
    const left = proxies.filter(({ request }) => request.id !== absent);
    if (left.length === proxies.length) throw error;
    return ask(judge, cluster, left, bundle);
  }
}

/** The pods that are supplied for a gateway have no service account, and are not there once it is gone. */
function withoutSuppliedPods(key: string, value: unknown): unknown {
  const names = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (key !== 'matchSubjectAltNames') return value;
  const own = names.filter(name => !/^\{"exact":"spiffe:[^"]*\/sa\/"\}$/.test(JSON.stringify(name)));
  return own.length === 0 ? undefined : own;
}

/** Connections inside the mesh go where they went, from whatever honoured the VirtualServices; a gateway may be another. */
function connectionPairs(
  converted: Converted,
  before: Side,
  after: Side,
): readonly (readonly [ConnectionSpot, ConnectionSpot])[] {
  const partners = new Map(after.connections.map(spot => [spot.label, spot]));
  return before.connections.flatMap(spot => {
    const { kind } = spot.proxy.request;
    const isSeen = kind !== 'gateway' && isLookedAt(converted, kind, spot.host);
    const partner = isSeen ? partners.get(spot.label) : undefined;
    return partner === undefined ? [] : [[spot, partner] as const];
  });
}

export function requestsFor(
  places: readonly Place[],
  { witnesses, random: count }: Effort,
  random: ReturnType<typeof randomFrom>,
): readonly Request[] {
  const [first] = places;
  if (first === undefined) return [];
  const explored = explore(
    places.map(({ ours }) => ours),
    witnesses,
    undefined,
    new Map([['scheme', first.address.scheme]]),
  );
  const mentions = places.flatMap(({ theirs, address }) => theirs.mentions(address.host));
  return [
    ...explored.witnesses.map(({ probe }) => requestFrom(probe, first.address)),
    ...(mentions.length === 0 ? [] : randomRequests(mentions, first.address, count, random)),
  ];
}

export function theirsAt({ world }: Side, { theirs, proxy }: Place, request: Request): Outcome {
  return toOutcome(
    theirs.verdict(toEnvoyRequest(request, proxy.request.kind)),
    world,
    proxy.request.namespace,
  );
}

/** A waypoint's clusters are made otherwise than a sidecar's, and those of Services that do not use it than of those that do. */
function haveLikeClusters(left: Place, right: Place, request: Request): boolean {
  if (left.proxy.request.kind !== right.proxy.request.kind) return false;
  const [one, other] = [left, right].map(place => directionsOf(place, request));
  return one === other;
}

function directionsOf({ theirs, proxy }: Place, request: Request): string {
  const verdict = theirs.verdict(toEnvoyRequest(request, proxy.request.kind));
  const clusters = verdict.kind === 'forward' ? verdict.clusters : [];
  return [...new Set(clusters.map(({ cluster }) => cluster.split('|')[0]))].sort().join();
}

/** The same, with what istiod sets the clusters to. */
function theirsInFull(
  { world, answers, settings }: Side,
  { theirs, proxy }: Place,
  request: Request,
): Outcome {
  const ofCluster = answers[proxy.request.id]?.settings ?? {};
  const settingsOf = (cluster: string) => settings[ofCluster[cluster] ?? -1] ?? '';
  return toOutcome(
    theirs.verdict(toEnvoyRequest(request, proxy.request.kind)),
    world,
    proxy.request.namespace,
    settingsOf,
  );
}

function isExpected(
  deviations: readonly Deviation[],
  request: Request,
  outcomes: readonly [Outcome, Outcome],
  client: string | undefined,
): boolean {
  const [before, after] = outcomes;
  const aspects = differingAspects(before, after);
  return isDeclared(deviations, { request, aspects, before, after, takenBy: undefined, client });
}

/** The namespace a request comes from, where that is known. */
function clientOf({ proxy: { request } }: Pick<Place, 'proxy'>): string | undefined {
  return request.kind === 'sidecar' ? request.namespace : undefined;
}
