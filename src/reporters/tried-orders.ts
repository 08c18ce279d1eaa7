import type { AnyResource } from '../2-decode/resource.ts';
import { Components } from '../3-link/components.ts';
import { groupBy, groupByEach } from '../3-link/group-by.ts';
import { differingAspects, type Outcome } from '../semantics/outcome.ts';
import type { Arrival, Sort } from './arrivals.ts';

/** VirtualServices that have a say about the same requests, in the order in which they go. */
export type Turns = readonly AnyResource[];

/** With more VirtualServices the orders are not tried; the first one that changes nothing goes next. */
const mostTried = 10;

/** A sort of requests that some would say is the same costs less than all that are sure to change. */
const sure = 10_000;

/** Nobody asks old pods any more when the first one goes. Inside the mesh clients do, so that one sort there counts as many. */
const inMesh = 10_000;

/**
 * The order in which VirtualServices that have a say about the same arrivals are deleted so that in each state between, every
 * request and connection ends as before or as with all of them gone; where there is none, one that changes the fewest sorts.
 *
 * @param probes where several have a say
 * @param going in an order that holds where nothing else matters
 */
export function triedOrders(probes: readonly Probe[], going: readonly AnyResource[]): readonly Turns[] {
  const at = groupByEach(probes, ({ going: own }) => new Set(own));
  return sharing(probes, going).map(members => {
    const costOf = (gone: ReadonlySet<AnyResource>, last: AnyResource) =>
      (at.get(last) ?? []).reduce((sum, probe) => sum + probe.costOf(gone), 0);
    return members.length > mostTried ? oneByOne(members, costOf) : cheapest(members, costOf);
  });
}

/** Sorts of requests that are treated neither as before nor as in the end, from one deletion on until another. */
export interface Interval {
  readonly at: Arrival['at'];
  readonly from: AnyResource;
  /** The one with which it ends. */
  readonly to: AnyResource;
  readonly sorts: readonly Sort[];
}

/**
 * Goes through deletions one by one.
 *
 * @param order of all that go
 * @returns the sorts of requests and connections that change on the way, by the deletions between which they do
 */
export function changesOnTheWay(
  probes: readonly Probe[],
  order: readonly AnyResource[],
): readonly Interval[] {
  const found = probes.flatMap(probe => {
    const { at, sorts: sortsOf } = probe.arrival;
    const own = order.filter(resource => probe.going.includes(resource));
    const gone = new Set<AnyResource>();
    const open = new Map<number, AnyResource>();
    const intervals: (Omit<Interval, 'sorts'> & { readonly sort: Sort })[] = [];
    const sorts = sortsOf();
    for (const resource of own) {
      gone.add(resource);
      const changed = new Set(probe.changedIn(gone));
      for (const [index, sort] of sorts.entries()) {
        const from = open.get(index);
        if (changed.has(index)) open.set(index, from ?? resource);
        else if (from !== undefined) {
          intervals.push({ at, from, to: resource, sort });
          open.delete(index);
        }
      }
    }
    return intervals;
  });
  const positions = new Map(order.map((resource, position) => [resource, position]));
  const merged = groupBy(found, ({ at, from, to }) => `${at} ${positions.get(from)} ${positions.get(to)}`);
  return [...merged.values()]
    .flatMap(own => {
      const sorts = own.map(({ sort }) => sort);
      return own.slice(0, 1).map(({ at, from, to }) => ({ at, from, to, sorts }));
    })
    .toSorted(
      (a, b) =>
        (positions.get(a.from) ?? 0) - (positions.get(b.from) ?? 0) ||
        (positions.get(a.to) ?? 0) - (positions.get(b.to) ?? 0),
    );
}

/** VirtualServices that go and have an arrival in common, directly or by way of others; one alone has nothing to wait for. */
function sharing(probes: readonly Probe[], going: readonly AnyResource[]): readonly Turns[] {
  const positions = new Map(going.map((resource, position) => [resource, position]));
  const components = new Components(going.length);
  for (const probe of probes) {
    const [first, ...rest] = probe.going.flatMap(resource => positions.get(resource) ?? []);
    if (first !== undefined) for (const other of rest) components.join(first, other);
  }
  const groups = groupBy(going, resource => components.rootOf(positions.get(resource) ?? 0));
  return [...groups.values()].filter(group => group.length > 1);
}

/** An arrival, with what is known of the states between. */
export interface Probe {
  readonly arrival: Arrival;
  /** Those that go. */
  readonly going: readonly AnyResource[];
  /** @returns the places of the sorts that are treated neither as before nor as in the end */
  readonly changedIn: (gone: ReadonlySet<AnyResource>) => readonly number[];
  readonly costOf: (gone: ReadonlySet<AnyResource>) => number;
}

/** @param going all that go */
export function probesOf(arrivals: readonly Arrival[], going: readonly AnyResource[]): readonly Probe[] {
  const leaving = new Set(going);
  return arrivals.map(arrival => probeOf(arrival, leaving));
}

function probeOf(arrival: Arrival, leaving: ReadonlySet<AnyResource>): Probe {
  const { at, virtualServices, before: first, outcomes } = arrival;
  const going = virtualServices.filter(resource => leaving.has(resource));
  let ends: readonly [readonly Outcome[], readonly Outcome[]] | undefined;
  const known = new Map<string, { readonly changed: readonly number[]; readonly cost: number }>();
  const look = (gone: ReadonlySet<AnyResource>) => {
    const key = going.map(resource => Number(gone.has(resource))).join('');
    const found = known.get(key);
    if (found !== undefined) return found;
    ends ??= [first(), outcomes(resource => !leaving.has(resource))];
    const [before, after] = ends;
    const now = outcomes(resource => !gone.has(resource));
    const changed = now.flatMap((outcome, index) => {
      const both = [before[index] ?? outcome, after[index] ?? outcome];
      if (both.some(end => isSame(outcome, end))) return [];
      // A destination without a port may be the same as with one: an order in which nothing else changes is better.
      return [{ index, cost: both.some(end => isSame(withoutPorts(outcome), withoutPorts(end))) ? 1 : sure }];
    });
    const result = {
      changed: changed.map(({ index }) => index),
      cost: changed.reduce((sum, { cost }) => sum + cost, 0) * (at === 'mesh' ? inMesh : 1),
    };
    known.set(key, result);
    return result;
  };
  return { arrival, going, changedIn: gone => look(gone).changed, costOf: gone => look(gone).cost };
}

function isSame(a: Outcome, b: Outcome): boolean {
  return a === b || differingAspects(a, b).length === 0;
}

function withoutPorts(outcome: Outcome): Outcome {
  if (outcome.kind !== 'forward') return outcome;
  const destinations = outcome.destinations.map(one => ({ ...one, backend: one.label.replace(/:\d+/, '') }));
  return { ...outcome, destinations };
}

type Cost = (gone: ReadonlySet<AnyResource>, last: AnyResource) => number;

/** A way to the state in which some are gone. */
interface Way {
  readonly cost: number;
  readonly gone: ReadonlySet<AnyResource>;
}

/** Tries all orders; a set of them counts by what the states on the cheapest way to it cost. */
function cheapest(members: Turns, costOf: Cost): Turns {
  let ways: readonly Way[] = [{ cost: 0, gone: new Set() }];
  for (let count = 0; count < members.length; count += 1) {
    const best = new Map<string, Way>();
    for (const way of ways)
      for (const next of members.filter(member => !way.gone.has(member))) {
        const gone = new Set([...way.gone, next]);
        const cost = way.cost + costOf(gone, next);
        const key = members.map(member => Number(gone.has(member))).join('');
        const known = best.get(key);
        if (known === undefined || cost < known.cost) best.set(key, { cost, gone });
      }
    ways = [...best.values()];
  }
  return [...(ways[0]?.gone ?? members)];
}

/** The first one that changes nothing goes next, else the one that changes least. */
function oneByOne(members: Turns, costOf: Cost): Turns {
  const gone = new Set<AnyResource>();
  const left = [...members];
  while (left.length > 0) {
    let best = { place: 0, cost: Number.POSITIVE_INFINITY };
    for (const [place, resource] of left.entries()) {
      gone.add(resource);
      const cost = costOf(gone, resource);
      gone.delete(resource);
      if (cost < best.cost) best = { place, cost };
      if (cost === 0) break;
    }
    for (const resource of left.splice(best.place, 1)) gone.add(resource);
  }
  return [...gone];
}
