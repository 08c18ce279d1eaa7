import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import type { Groups } from '../3-link/groups.ts';
import { reportLimit, withinLimits } from '../4-translate/limit.ts';
import type { Output } from '../6-emit/edit.ts';
import { LimitReached } from '../budget.ts';
import type { Proof } from '../conversion.ts';
import { holdsBack } from '../diagnostics/catalog.ts';
import type { Difference } from '../semantics/compare.ts';
import { describeRequest } from '../semantics/describe.ts';
import type { Deviation } from '../semantics/deviation.ts';
import type { Outcome } from '../semantics/outcome.ts';
import { borrowedHosts } from './borrowed-hosts.ts';
import { changesOf } from './changes.ts';
import { buildSides } from './conversion-vantages.ts';
import { type GroupUnits, reportStaying } from './hold-back-together.ts';
import { proofPlaces, translatedPlaces } from './proof-places.ts';
import { type ProofResult, prove } from './prove.ts';
import { type ConnectionProof, proveConnections } from './prove-connections.ts';
import { SampledRequests } from './sampled-requests.ts';
import { neededGateways, type SettledGateway } from './settle-gateways.ts';
import { neighboursOf, touchedBy } from './touched.ts';
import { type Declaration, isHeld, isReadNowhere, type Unit } from './unit.ts';
import { answeringFor, answeringForConnection } from './unproven/gateway-behind-route.ts';
import { reportUnprovenConnection, reportUnprovenGroup } from './unproven/report-unproven.ts';

/** How a unit was checked. */
export interface UnitProof {
  readonly proof: Proof;
  /** Says which differences were declared and seen; only the last proof of a unit counts. */
  readonly tell: () => void;
}

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
  const needed = neededGateways(facts, gateways, free);
  const changes = changesOf(facts, free, needed.keys());
  const sides = buildSides(
    facts,
    free.flatMap(({ plans }) => plans),
    free.flatMap(({ connections }) => connections),
    [...[...needed.values()].flat(), ...[...outputs.values()].flat()],
    changes,
  );
  const { places, connectionPlaces } = proofPlaces(facts, sides);
  const neighbours = neighboursOf(facts, changes.gone);
  const borrowedOf = borrowedHosts(sides, free);
  const translated = translatedPlaces(free, outputs);
  const proofs = new Map<Unit, UnitProof>();
  const borrowed: { readonly members: readonly Unit[]; readonly found: ProofResult['ofOthers'] }[] = [];
  const said = new Set<Deviation>();
  for (const { units } of grouped) {
    const members = units.filter(unit => !isHeld(unit));
    for (const _ of units) step();
    if (members.length === 0) continue;
    const declarations = members.flatMap(unit =>
      unit.declarations.map(declaration => ({ unit, declaration })),
    );
    const made = members.flatMap(unit => outputs.get(unit) ?? []);
    const touched = touchedBy(facts, changes, members, made, neighbours, borrowedOf);
    const deviations = declarations.map(({ declaration }) => declaration.deviation);
    const budget = facts.budget.forGroup();
    const samples = shown === 0 ? undefined : new SampledRequests();
    const result = withinLimits(() =>
      prove(places(touched, members), deviations, translated(members), budget, samples),
    );
    if (result instanceof LimitReached) {
      for (const { vs, report } of members) reportLimit(vs, result, report);
      continue;
    }
    const ofConnections = proveConnections(
      connectionPlaces(touched),
      members,
      deviations,
      translated(members).keysOf,
    );
    const [undeclared] = result.undeclared;
    const [connection] = ofConnections.differences;
    const requests = result.requests + ofConnections.connections;
    if (undeclared !== undefined) {
      const answering = answeringFor(facts, free, members, undeclared.difference);
      const silent = units.find(isReadNowhere);
      // Beside a VirtualService that nobody reads today, a difference without a reason of its own may be what it would do.
      const otherwise =
        silent === undefined ? undefined : (unit: Unit) => reportStaying(groups, unit, silent.vs);
      reportUnprovenGroup(facts, sides, answering, free, outputs, undeclared, otherwise);
    }
    if (connection !== undefined)
      for (const unit of answeringForConnection(facts, free, members, connection))
        reportUnprovenConnection(facts, sides, unit, outputs.get(unit) ?? [], connection);
    const seen = declarations.flatMap(({ unit, declaration }) => {
      const args = argsSeen(declaration, result, ofConnections);
      return args === undefined ? [] : [{ unit, declaration, args }];
    });
    for (const { declaration } of seen) said.add(declaration.deviation);
    borrowed.push({ members, found: result.ofOthers });
    for (const { unit, declaration, args } of seen)
      if (holdsBack(declaration.code)) reportSeen(unit, declaration, args);
    for (const unit of members) {
      const own = outputs.get(unit) ?? [];
      if (requests === 0 && made.length > 0)
        unit.report('nothing-tried', placeOf(unit.vs.resource, 'spec', 'hosts'), {});
      const proof: Proof = {
        requests,
        together: members.length,
        sampled: result.sampled,
        differences: new Set(
          unit.declarations.flatMap(({ deviation }) => [
            ...(result.declared.get(deviation) ?? []),
            ...(ofConnections.declared.get(deviation) ?? []),
          ]),
        ).size,
        declared: unit.declarations
          .filter(({ deviation }) => result.declared.has(deviation) || ofConnections.declared.has(deviation))
          .map(({ code, deviation: { aspects } }) => ({ code, aspects })),
        ...(samples && { shown: samples.of(unit.vs.resource, own, shown) }),
      };
      const tell = () => {
        if (result.sampled)
          unit.report('proof-sampled', placeOf(unit.vs.resource, 'spec', 'http'), {
            requests: result.requests,
          });
        for (const { unit: of, declaration, args } of seen)
          if (of === unit) reportSeen(unit, declaration, args);
      };
      proofs.set(unit, { proof, tell });
    }
  }
  // A difference that others declare is told of only where these see it in their own proofs. One request is example enough, as
  // for differences that nobody declared.
  for (const { members, found } of borrowed) {
    const untold = found.find(({ deviations }) => !deviations.some(deviation => said.has(deviation)));
    if (untold !== undefined) reportUnprovenGroup(facts, sides, members, free, outputs, untold);
  }
  return proofs;
}

/** @returns what a declaration is reported with, a request or connection that shows it among it; undefined where none does */
function argsSeen(
  { deviation, args }: Declaration,
  { examples }: ProofResult,
  { declared }: ConnectionProof,
): Declaration['args'] | undefined {
  const example = examples.get(deviation);
  const request =
    example === undefined ? [...(declared.get(deviation) ?? [])][0] : describeRequest(example.request);
  return request === undefined ? undefined : { ...args, request, ...pathsOf(example) };
}

function reportSeen(
  { report }: Unit,
  { code, place, related }: Declaration,
  args: Declaration['args'],
): void {
  report(code, place, args as never, related);
}

/** The paths that a backend gets of a request before and after. */
function pathsOf(example: Difference | undefined): { readonly oldPath: string; readonly newPath: string } {
  const path = (outcome: Outcome | undefined) => (outcome?.kind === 'forward' ? outcome.path : 'none');
  return { oldPath: path(example?.before.outcome), newPath: path(example?.after.outcome) };
}
