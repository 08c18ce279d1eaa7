import type { Table } from './decide.ts';
import type { Exploration } from './explore.ts';
import type { Rule } from './rule.ts';

/**
 * Whether two tables were compiled from the same rules, so that they ask the same of every request and only what they do
 * with it may differ, as of a route at a sidecar and at a waypoint.
 */
export function haveSameQuestions(one: Table, other: Table): boolean {
  return (
    one.rules.length === other.rules.length &&
    one.rules.every((rule, index) => isSameRule(rule, other.rules[index]))
  );
}

function isSameRule({ origin, action }: Rule, other: Rule | undefined): boolean {
  return (
    other !== undefined &&
    origin.resource === other.origin.resource &&
    origin.match === other.origin.match &&
    action.kind === other.action.kind &&
    origin.path.length === other.origin.path.length &&
    origin.path.every((step, index) => step === other.origin.path[index])
  );
}

/**
 * @param exploration of two tables
 * @param from the second of them
 * @param to a table with the same questions
 * @returns the same witnesses, with what the other table decides
 */
export function withOtherTable(exploration: Exploration, from: Table, to: Table): Exploration {
  const rules = new Map(from.rules.map((rule, index) => [rule, to.rules[index]]));
  return {
    ...exploration,
    witnesses: exploration.witnesses.map(({ probe, decisions: [first, second] }) => ({
      probe,
      decisions:
        first === undefined || second === undefined
          ? []
          : [first, { rule: second.rule && rules.get(second.rule) }],
    })),
  };
}
