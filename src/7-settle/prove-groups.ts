import type { Facts } from '../3-link/facts.ts';
import type { Groups } from '../3-link/groups.ts';
import type { Output } from '../6-emit/edit.ts';
import { holdsBack } from '../diagnostics/catalog.ts';
import { borrowedHosts } from './borrowed-hosts.ts';
import { changesOf } from './changes.ts';
import { buildSides } from './conversion-vantages.ts';
import { type GroupUnits, reportStaying } from './hold-back-together.ts';
import { proofPlaces, translatedPlaces } from './proof-places.ts';
import {
  type ProvenGroup,
  type Proving,
  proofOf,
  proveGroup,
  reportSeen,
  type UnitProof,
} from './prove-group.ts';
import { neededGateways, type SettledGateway } from './settle-gateways.ts';
import { neighboursOf, touchedBy } from './touched.ts';
import { isReadNowhere, type Unit } from './unit.ts';
import { answeringFor, answeringForConnection } from './unproven/gateway-behind-route.ts';
import { reportUnprovenConnection, reportUnprovenGroup } from './unproven/report-unproven.ts';

/**
 * Compares both sides at every place that the conversion of a group touches, group by group. A difference that nobody declared is
 * reported at once, and holds back.
 *
 * @param free all units that are converted
 * @param outputs what each of them writes
 * @param step called for each unit
 * @param shown how many of the requests that prove a VirtualService are kept
 * @returns how each unit was checked; those whose limits were reached are left out
 */
export function proveGroups(
  facts: Facts,
  groups: Groups,
  free: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
  grouped: readonly GroupUnits[],
  gateways: readonly SettledGateway[],
  step: () => void,
  shown: number,
): ReadonlyMap<Unit, UnitProof> {
  const proving = provingOf(facts, groups, free, outputs, gateways, shown);
  const proofs = new Map<Unit, UnitProof>();
  const proven: ProvenGroup[] = [];
  for (const { units } of grouped) {
    for (const _ of units) step();
    const group = proveGroup(proving, units);
    if (group === undefined) continue;
    reportDifferences(proving, units, group);
    for (const unit of group.members) proofs.set(unit, proofOf(proving, unit, group));
    proven.push(group);
  }
  reportBorrowed(proving, proven);
  return proofs;
}

function provingOf(
  facts: Facts,
  groups: Groups,
  free: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
  gateways: readonly SettledGateway[],
  shown: number,
): Proving {
  const needed = neededGateways(facts, gateways, free);
  const changes = changesOf(facts, free, needed.keys());
  const sides = buildSides(
    facts,
    free.flatMap(({ plans }) => plans),
    free.flatMap(({ connections }) => connections),
    [...[...needed.values()].flat(), ...[...outputs.values()].flat()],
    changes,
  );
  const neighbours = neighboursOf(facts, changes.gone);
  const borrowedOf = borrowedHosts(sides, free);
  return {
    facts,
    groups,
    free,
    outputs,
    sides,
    places: proofPlaces(facts, sides),
    touchedBy: (members, made) => touchedBy(facts, changes, members, made, neighbours, borrowedOf),
    translated: translatedPlaces(free, outputs),
    shown,
  };
}

/** Reports the first difference of a group that nobody declared, and those declared ones that hold back. */
function reportDifferences(
  { facts, groups, free, outputs, sides }: Proving,
  units: readonly Unit[],
  { members, requests, connections, seen }: ProvenGroup,
): void {
  const [undeclared] = requests.undeclared;
  if (undeclared !== undefined) {
    const answering = answeringFor(facts, free, members, undeclared.difference);
    const silent = units.find(isReadNowhere);
    // Beside a VirtualService that nobody reads today, a difference without a reason of its own may be what it would do.
    const otherwise =
      silent === undefined ? undefined : (unit: Unit) => reportStaying(groups, unit, silent.vs);
    reportUnprovenGroup(facts, sides, answering, free, outputs, undeclared, otherwise);
  }
  const [connection] = connections.differences;
  if (connection !== undefined)
    for (const unit of answeringForConnection(facts, free, members, connection))
      reportUnprovenConnection(facts, sides, unit, outputs.get(unit) ?? [], connection);
  for (const one of seen) if (holdsBack(one.declaration.code)) reportSeen(one);
}

/**
 * A difference that others declare is told of only where these see it in their own proofs. One request is example enough, as for
 * differences that nobody declared.
 */
function reportBorrowed({ facts, free, outputs, sides }: Proving, groups: readonly ProvenGroup[]): void {
  const said = new Set(groups.flatMap(({ seen }) => seen.map(({ declaration }) => declaration.deviation)));
  for (const { members, requests } of groups) {
    const untold = requests.ofOthers.find(
      ({ deviations }) => !deviations.some(deviation => said.has(deviation)),
    );
    if (untold !== undefined) reportUnprovenGroup(facts, sides, members, free, outputs, untold);
  }
}
