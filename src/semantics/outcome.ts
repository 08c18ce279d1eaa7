import type { HeaderEffects } from './header-effect.ts';

/** Everything that happens to a request. Two outcomes are the same when all their aspects are. */
export type Outcome =
  /** The proxy knows the host, and no rule takes the request: 404. */
  | { readonly kind: 'no-route' }
  /** The proxy answers by itself. */
  | { readonly kind: 'response'; readonly status: number; readonly body: string }
  | Redirected
  | Forwarded
  /** An outcome that the specification does not promise; never equal to anything, not even to itself. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Redirected {
  readonly kind: 'redirect';
  readonly status: number;
  /** Undefined parts are those of the request. */
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  /** `keep`: the port of the request's Host; `default`: none is written. */
  readonly port: number | 'keep' | 'default';
  readonly path: string;
}

export interface Forwarded {
  readonly kind: 'forward';
  readonly destinations: readonly ChosenDestination[];
  readonly path: string;
  /** Canonical text of each mirror and its share, sorted. */
  readonly mirrors: readonly string[];
  /** The gateways that take what is mirrored, in the order of the mirrors' places; undefined where that was not asked. */
  readonly mirrorHops?: readonly MirrorHop[] | undefined;
  /** Milliseconds; 0 is no limit. */
  readonly timeout: number;
  readonly retries: string;
  readonly cors: string;
  readonly fault: string;
}

/** A mirror whose pods are those of a gateway that serves the mirrored host. */
export interface MirrorHop {
  /** Which pods, on which port; equal keys are the same place. */
  readonly backend: string;
  /** For people. */
  readonly label: string;
  /** The host that the gateway serves. */
  readonly nextHop: string;
}

/** A destination and the part of the requests it gets. */
export interface ChosenDestination {
  /** Which pods, on which port; equal keys are the same place. */
  readonly backend: string;
  /** For people. */
  readonly label: string;
  /** The share of `total`. */
  readonly weight: number;
  readonly total: number;
  /** The host sent upstream; undefined leaves the request's. */
  readonly authority: string | undefined;
  readonly requestHeaders: HeaderEffects;
  readonly responseHeaders: HeaderEffects;
  /** The cluster's settings, from the DestinationRule of the backend. */
  readonly trafficPolicy: string;
  /** The host that a gateway behind it serves, empty where none does; undefined where that was not asked. */
  readonly nextHop?: string | undefined;
}

/** The aspects in which two outcomes can differ. */
export type Aspect =
  | 'kind'
  | 'destinations'
  | 'path'
  | 'authority'
  | 'requestHeaders'
  | 'responseHeaders'
  | 'trafficPolicy'
  | 'nextHop'
  | 'tls'
  | 'mirrors'
  | 'timeout'
  | 'retries'
  | 'cors'
  | 'fault'
  | 'response'
  | 'redirect';

const sharedAspects = ['path', 'mirrors', 'timeout', 'retries', 'cors', 'fault'] as const;
const destinationAspects = [
  'authority',
  'requestHeaders',
  'responseHeaders',
  'trafficPolicy',
  'nextHop',
] as const;

/** @returns the aspects two outcomes differ in; empty when they are the same */
export function differingAspects(a: Outcome, b: Outcome): readonly Aspect[] {
  if (a.kind === 'unknown' || b.kind === 'unknown') return ['kind'];
  // Where no route matches, Envoy answers 404 without a body, too (router.cc, sendNoRouteReply).
  if (isNotFound(a) && isNotFound(b)) return [];
  if (a.kind !== b.kind) return ['kind'];
  if (a.kind === 'response' && b.kind === 'response') {
    return a.status === b.status && a.body === b.body ? [] : ['response'];
  }
  if (a.kind === 'redirect' && b.kind === 'redirect')
    return sameText(asAddress(a), asAddress(b)) ? [] : ['redirect'];
  if (a.kind === 'forward' && b.kind === 'forward') {
    return [
      ...differingDestinations(a, b),
      ...(mirrorHopsDiffer(a, b) ? (['nextHop'] as const) : []),
      ...sharedAspects.filter(
        aspect => !sameText(a[aspect], b[aspect]) && (aspect !== 'retries' || areTried(a) || areTried(b)),
      ),
    ];
  }
  return [];
}

function isNotFound(outcome: Outcome): boolean {
  return (
    outcome.kind === 'no-route' ||
    (outcome.kind === 'response' && outcome.status === 404 && outcome.body === '')
  );
}

/** Mirrors that differ themselves are told of as such. */
function mirrorHopsDiffer(a: Forwarded, b: Forwarded): boolean {
  if (a.mirrorHops === undefined || b.mirrorHops === undefined || !sameText(a.mirrors, b.mirrors))
    return false;
  const hopsOf = (hops: readonly MirrorHop[]) => hops.map(({ backend, nextHop }) => [backend, nextHop]);
  return !sameText(hopsOf(a.mirrorHops), hopsOf(b.mirrorHops));
}

/** Whether there is anybody to send to; else Envoy answers before it comes to retries (router.cc, decodeHeaders). */
function areTried({ destinations }: Forwarded): boolean {
  return destinations.length === 0 || destinations.some(({ backend }) => !backend.startsWith('missing'));
}

/** An address can be written in two ways: the port may be a part of the host, and the usual one may be left out. */
function asAddress({ host, port, ...rest }: Redirected): Redirected {
  const parts = port === 'default' ? /^([^:]+):(\d+)$/.exec(host ?? '') : null;
  const [name, written] = parts === null ? [host, port] : [parts[1], Number(parts[2])];
  const usual = rest.scheme === 'https' ? 443 : rest.scheme === 'http' ? 80 : undefined;
  return { ...rest, host: name, port: written === usual ? 'default' : written };
}

function differingDestinations(a: Forwarded, b: Forwarded): readonly Aspect[] {
  if (areAlike(a.destinations, b.destinations)) return [];
  if (!coversBackends(a, b) || !coversBackends(b, a)) return ['destinations'];
  if (!sameText(shares(a, []), shares(b, []))) return ['destinations'];
  const isAsked = [...a.destinations, ...b.destinations].every(({ nextHop }) => nextHop !== undefined);
  const aspects = destinationAspects.filter(aspect => aspect !== 'nextHop' || isAsked);
  const [one, other] = [a.destinations[0], b.destinations[0]];
  // One destination gets all there is.
  const isSole = a.destinations.length === 1 && b.destinations.length === 1;
  if (isSole && one !== undefined && other !== undefined && one.weight > 0 && other.weight > 0)
    return aspects.filter(aspect => !sameText([one[aspect]], [other[aspect]]));
  if (sameText(shares(a, aspects), shares(b, aspects))) return [];
  const single = aspects.filter(aspect => !sameText(shares(a, [aspect]), shares(b, [aspect])));
  return single.length > 0 ? single : ['requestHeaders'];
}

/** Whether every backend that gets requests of one gets some of another, too. */
function coversBackends(a: Forwarded, b: Forwarded): boolean {
  return b.destinations.every(
    one =>
      one.weight === 0 || a.destinations.some(({ backend, weight }) => backend === one.backend && weight > 0),
  );
}

/** Whether destinations are the same one by one, as they nearly always are. */
function areAlike(a: readonly ChosenDestination[], b: readonly ChosenDestination[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        one.backend === other.backend &&
        one.weight * other.total === other.weight * one.total &&
        one.authority === other.authority &&
        one.trafficPolicy === other.trafficPolicy &&
        (one.nextHop === other.nextHop || one.nextHop === undefined || other.nextHop === undefined) &&
        sameText(one.requestHeaders, other.requestHeaders) &&
        sameText(one.responseHeaders, other.responseHeaders)
      );
    })
  );
}

/** The share of the requests that each combination of backend and the named aspects gets, in lowest terms. */
function shares(
  { destinations }: Forwarded,
  aspects: readonly (typeof destinationAspects)[number][],
): readonly (readonly [string, string])[] {
  const weights = new Map<string, number>();
  let total = 0;
  for (const destination of destinations) {
    if (destination.weight === 0) continue;
    const key = JSON.stringify([destination.backend, ...aspects.map(aspect => destination[aspect])]);
    weights.set(key, (weights.get(key) ?? 0) + destination.weight);
    total += destination.weight;
  }
  return [...weights]
    .map(([key, weight]) => [key, inLowestTerms(weight, total)] as const)
    .sort(([x], [y]) => (x < y ? -1 : 1));
}

function inLowestTerms(part: number, whole: number): string {
  let [a, b] = [part, whole];
  while (b !== 0) [a, b] = [b, a % b];
  return `${part / a}/${whole / a}`;
}

function sameText(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}
