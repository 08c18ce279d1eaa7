import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import type { Groups } from '../3-link/groups.ts';
import { reportLimit, withinLimits } from '../4-translate/limit.ts';
import type { Output } from '../6-emit/edit.ts';
import { LimitReached } from '../budget.ts';
import type { Proof } from '../conversion.ts';
import type { Difference } from '../semantics/compare.ts';
import { describeRequest } from '../semantics/describe.ts';
import type { Deviation } from '../semantics/deviation.ts';
import type { Outcome } from '../semantics/outcome.ts';
import type { Touched } from '../semantics/places.ts';
import type { Sides } from './conversion-vantages.ts';
import type { ProofPlaces } from './proof-places.ts';
import { type ProofResult, prove, type Translated } from './prove.ts';
import { type ConnectionProof, proveConnections } from './prove-connections.ts';
import { SampledRequests } from './sampled-requests.ts';
import { type Declaration, isHeld, type Unit } from './unit.ts';

/** How a unit was checked. */
export interface UnitProof {
  readonly proof: Proof;
  /** Says which differences were declared and seen; only the last proof of a unit counts. */
  readonly tell: () => void;
}

/** The pieces with which all groups of a conversion are proven. */
export interface Proving {
  readonly facts: Facts;
  readonly groups: Groups;
  readonly free: readonly Unit[];
  readonly outputs: ReadonlyMap<Unit, readonly Output[]>;
  readonly sides: Sides;
  readonly places: ProofPlaces;
  readonly touchedBy: (members: readonly Unit[], made: readonly Output[]) => Touched;
  readonly translated: (members: readonly Unit[]) => Translated;
  readonly shown: number;
}

/** A group whose requests and connections went through both sides. */
export interface ProvenGroup {
  readonly members: readonly Unit[];
  /** Whether there is something of theirs to try. */
  readonly isWritten: boolean;
  readonly requests: ProofResult;
  readonly connections: ConnectionProof;
  /** The declared differences that some request or connection shows, with what they are reported with. */
  readonly seen: readonly SeenDeclaration[];
  readonly samples: SampledRequests | undefined;
}

export interface SeenDeclaration {
  readonly unit: Unit;
  readonly declaration: Declaration;
  readonly args: Declaration['args'];
}

/** @returns undefined where nothing of a group is converted, or its limits were reached, which is reported */
export function proveGroup(proving: Proving, units: readonly Unit[]): ProvenGroup | undefined {
  const members = units.filter(unit => !isHeld(unit));
  if (members.length === 0) return undefined;
  const { facts, places, translated } = proving;
  const declarations = members.flatMap(unit => unit.declarations.map(declaration => ({ unit, declaration })));
  const deviations = declarations.map(({ declaration }) => declaration.deviation);
  const made = members.flatMap(unit => proving.outputs.get(unit) ?? []);
  const touched = proving.touchedBy(members, made);
  const ofMembers = translated(members);
  const budget = facts.budget.forGroup();
  const samples = proving.shown === 0 ? undefined : new SampledRequests();
  const requests = withinLimits(() =>
    prove(places.places(touched, members), deviations, ofMembers, budget, samples),
  );
  if (requests instanceof LimitReached) {
    for (const { vs, report } of members) reportLimit(vs, requests, report);
    return undefined;
  }
  const connections = proveConnections(
    places.connectionPlaces(touched),
    members,
    deviations,
    ofMembers.keysOf,
  );
  const seen = declarations.flatMap(({ unit, declaration }): readonly SeenDeclaration[] => {
    const args = argsSeen(declaration, requests, connections);
    return args === undefined ? [] : [{ unit, declaration, args }];
  });
  return { members, isWritten: made.length > 0, requests, connections, seen, samples };
}

/** @returns how a unit of a proven group was checked, after a report where there was nothing to try */
export function proofOf({ outputs, shown }: Proving, unit: Unit, group: ProvenGroup): UnitProof {
  const { vs, report, declarations } = unit;
  const { members, requests, connections, seen, samples } = group;
  const tried = requests.requests + connections.connections;
  if (tried === 0 && group.isWritten) report('nothing-tried', placeOf(vs.resource, 'spec', 'hosts'), {});
  const shownOf = (deviation: Deviation) => [
    ...(requests.declared.get(deviation) ?? []),
    ...(connections.declared.get(deviation) ?? []),
  ];
  const proof: Proof = {
    requests: tried,
    together: members.length,
    sampled: requests.sampled,
    differences: new Set(declarations.flatMap(({ deviation }) => shownOf(deviation))).size,
    declared: declarations
      .filter(({ deviation }) => shownOf(deviation).length > 0)
      .map(({ code, deviation: { aspects } }) => ({ code, aspects })),
    ...(samples && { shown: samples.of(vs.resource, outputs.get(unit) ?? [], shown) }),
  };
  const tell = () => {
    if (requests.sampled)
      report('proof-sampled', placeOf(vs.resource, 'spec', 'http'), { requests: requests.requests });
    for (const one of seen) if (one.unit === unit) reportSeen(one);
  };
  return { proof, tell };
}

/** Says that a declared difference was seen. */
export function reportSeen({ unit, declaration: { code, place, related }, args }: SeenDeclaration): void {
  unit.report(code, place, args as never, related);
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

/** The paths that a backend gets of a request before and after. */
function pathsOf(example: Difference | undefined): { readonly oldPath: string; readonly newPath: string } {
  const path = (outcome: Outcome | undefined) => (outcome?.kind === 'forward' ? outcome.path : 'none');
  return { oldPath: path(example?.before.outcome), newPath: path(example?.after.outcome) };
}
