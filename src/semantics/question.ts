import type { Decision, Table } from './decide.ts';
import { evaluate } from './match.ts';
import type { Dimension, Probe } from './request.ts';
import type { Rule } from './rule.ts';
import { RuleIndex } from './rule-index.ts';

/** The answer of tables to a request of which not everything is known. */
export interface Answer {
  /** The next fact that is needed; undefined when every table has decided. */
  readonly asks: Dimension | undefined;
  /** The decisions of the tables that have decided. */
  readonly decisions: readonly Decision[];
  /** How many rules of the next table are known not to take the request: they need not be asked again. */
  readonly passed: number;
}

export const nothingAsked: Answer = { asks: undefined, decisions: [], passed: 0 };

/** Tables to be asked about many requests. */
export interface AskedTables {
  readonly tables: readonly Table[];
  readonly indices: readonly RuleIndex[];
}

export function askedTables(tables: readonly Table[]): AskedTables {
  return { tables, indices: tables.map(({ rules }) => new RuleIndex(rules)) };
}

/**
 * Puts a request to tables, one after the other.
 *
 * @param before what they said when less was known of it
 */
export function ask({ tables, indices }: AskedTables, probe: Probe, before: Answer = nothingAsked): Answer {
  const decisions = [...before.decisions];
  let passed = before.passed;
  for (let table = tables[decisions.length]; table !== undefined; table = tables[decisions.length]) {
    const { rules } = table;
    const index = indices[decisions.length];
    let taken: Rule | undefined;
    for (; passed < rules.length && taken === undefined; passed += 1) {
      passed = index?.next(passed, probe) ?? passed;
      const rule = rules[passed];
      const holds = rule !== undefined && evaluate(rule.match, probe);
      if (typeof holds === 'string') return { asks: holds, decisions, passed };
      if (holds) taken = rule;
    }
    decisions.push({ rule: taken });
    passed = 0;
  }
  return { asks: left(tables, decisions, probe), decisions, passed };
}

/** The facts of a request that the actions of its rules depend on. */
function left(tables: readonly Table[], decisions: readonly Decision[], probe: Probe): Dimension | undefined {
  if (!probe.has('path') && decisions.some(({ rule }) => rule !== undefined && changesPathOf(rule)))
    return 'path';
  if (probe.has('scheme')) return undefined;
  const keepsScheme =
    tables.some(({ httpsRedirect, schemeFrom }) => httpsRedirect && schemeFrom === 'proxy') ||
    decisions.some(({ rule }) => rule?.action.kind === 'redirect' && rule.action.scheme === undefined);
  return keepsScheme ? 'scheme' : undefined;
}

function changesPathOf({ action }: Rule): boolean {
  return 'path' in action && action.path.kind !== 'none';
}
