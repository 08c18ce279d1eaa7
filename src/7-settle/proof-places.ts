import type { Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupByEach } from '../3-link/group-by.ts';
import { findService } from '../3-link/registry.ts';
import type { Scope } from '../3-link/scopes.ts';
import type { Output } from '../6-emit/edit.ts';
import { type ConnectionVantage, connectionPlacesBetween } from '../semantics/connection-vantages.ts';
import { entryKey, keysOfEntry } from '../semantics/deviation.ts';
import { type Places, placesBetween, type Touched } from '../semantics/places.ts';
import type { Vantage } from '../semantics/vantage.ts';
import { remember } from '../yaml/remember.ts';
import { proxyKeysOf, type Sides } from './conversion-vantages.ts';
import type { Translated } from './prove.ts';
import { attachedScopes, type Unit } from './unit.ts';

/** Where a group has to look the same on both sides. */
export interface ProofPlaces {
  readonly places: (touched: Touched, members: readonly Unit[]) => Iterable<Vantage>;
  readonly connectionPlaces: (touched: Touched) => readonly ConnectionVantage[];
}

/** Where the members of a group have to look the same on both sides: the same places as those of `verify`. */
export function proofPlaces(
  { registry, dataPlanes }: Facts,
  { before, after, gatewayMap, isStandIn }: Sides,
): ProofPlaces {
  const fromOf = (host: string) => {
    const service = findService(registry, host);
    return service === undefined ? 'sidecar' : dataPlanes.seenFrom(service);
  };
  const outlook = { gatewayMap, fromOf, isStandIn, moves: true };
  const places: Places = placesBetween(before, after, outlook);
  const connections = connectionPlacesBetween(before, after, outlook);
  const ofRequests = function* (touched: Touched, members: readonly Unit[]) {
    const audiences = new Set(attachedScopes(members).flatMap(({ scope }) => audienceKey(scope)));
    // Routes for some clients only are for their sidecars: it was said that waypoints do not honour them.
    for (const place of places.touchedBy(touched)) {
      const { moves, client, host } = place;
      if (!moves || !audiences.has(`${host} ${client ?? ''}`)) yield place;
    }
  };
  return { places: ofRequests, connectionPlaces: connections.touchedBy };
}

function audienceKey(scope: Scope): readonly string[] {
  if (scope.kind !== 'mesh' || scope.audience === undefined) return [];
  return [`${scope.service.host} ${scope.audience}`];
}

/**
 * Finds out for which places units make routes, and what they declare there: of a place that a group shares with others,
 * which is so where an older VirtualService has a host to itself, their declarations count, too.
 */
export function translatedPlaces(
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): (members: readonly Unit[]) => Translated {
  const byPlace = groupByEach(
    units,
    unit => new Set(attachedScopes([unit]).flatMap(({ scope }) => keysOf(scope))),
  );
  const keysOfRule = keysOfRules(units, outputs);
  return members => {
    const own = new Set(members);
    const at = (vantage: Vantage) =>
      (vantage.gateways?.map(key => `gateway ${key}`) ?? [`mesh ${vantage.host}`]).flatMap(
        key => byPlace.get(key) ?? [],
      );
    return {
      isOwn: vantage => at(vantage).some(unit => own.has(unit)),
      ofOthers: vantage =>
        at(vantage)
          .filter(unit => !own.has(unit))
          .flatMap(({ declarations }) => declarations.map(({ deviation }) => deviation)),
      keysOf: keysOfRule,
    };
  };
}

/** Finds the entries that rules of routes are made of; a rule of a VirtualService is one itself. */
function keysOfRules(
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): Translated['keysOf'] {
  let made: ReadonlyMap<string, readonly string[]> | undefined;
  // One rule takes many requests.
  return remember(origin => {
    made ??= new Map(
      units.flatMap(unit => (outputs.get(unit) ?? []).flatMap(output => keysMade(unit.vs.resource, output))),
    );
    return made.get(entryKey(origin)) ?? keysOfEntry(origin);
  });
}

/** The parts of an output, each with what it was made of. */
function keysMade(
  own: Resource,
  { resource, origins }: Output,
): readonly (readonly [string, readonly string[]])[] {
  return origins.map(({ output, input, delegate }) => {
    const root = { resource: own, path: input };
    const entry = delegate === undefined ? root : { ...delegate, root };
    return [entryKey({ resource, path: output }), keysOfEntry(entry)];
  });
}

function keysOf(scope: Scope): readonly string[] {
  if (scope.kind === 'mesh') return [`mesh ${scope.service.host}`];
  return [scope.replaced, ...proxyKeysOf(scope.target)].map(key => `gateway ${key}`);
}
