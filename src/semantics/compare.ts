import type { Budget } from '../budget.ts';
import { type Action, changePath } from './action.ts';
import { type Decision, outcomeOf, type Table } from './decide.ts';
import { type Authorities, type Exploration, explore } from './explore.ts';
import { exploreOnce } from './known-exploration.ts';
import { type Aspect, differingAspects, type Outcome } from './outcome.ts';
import { type Address, type Probe, type Request, requestFrom } from './request.ts';
import type { Rule } from './rule.ts';

/** A request that two tables treat differently. */
export interface Difference {
  readonly request: Request;
  readonly before: DecidedOutcome;
  readonly after: DecidedOutcome;
  readonly aspects: readonly Aspect[];
}

export interface DecidedOutcome {
  readonly decision: Decision;
  /** At a listener that ends TLS, with what that asks and shows. */
  readonly outcome: Outcome & { readonly tls?: string | undefined };
}

export interface Comparison {
  /** How many witness requests went through both tables. */
  readonly requests: number;
  readonly sampled: boolean;
  readonly differences: readonly Difference[];
}

/**
 * Sends a witness of every region through two tables.
 *
 * @param address where the requests go; the host also stands in for an authority that nothing asks for
 * @param includes whether requests with another authority get to these tables, too
 */
export function compareTables(
  before: Table,
  after: Table,
  address: Address,
  includes?: Authorities['includes'],
): Comparison {
  return compareWitnesses(before, after, address, exploreTables(before, after, address, includes));
}

/** @returns a witness of every region that two tables tell apart */
export function exploreTables(
  before: Table,
  after: Table,
  address: Address,
  includes?: Authorities['includes'],
  budget?: Budget,
): Exploration {
  const authorities = includes === undefined ? undefined : { usual: address.host, includes };
  // The listener decides the scheme, whatever is asked of it, unless a proxy in front may say another.
  const isForwarded = [before, after].some(({ schemeFrom = 'listener' }) => schemeFrom !== 'listener');
  const known: Probe = isForwarded ? new Map() : new Map([['scheme', address.scheme]]);
  return exploreOnce([before, after], known, budget, spent =>
    explore([before, after], undefined, authorities, known, spent),
  );
}

/** Sends witnesses through two tables. */
export function compareWitnesses(
  before: Table,
  after: Table,
  address: Address,
  { witnesses, sampled }: Exploration,
): Comparison {
  const alike = new AlikeActions(before, after);
  const isOtherTls = before.tls !== undefined && after.tls !== undefined && before.tls !== after.tls;
  const differences = witnesses.flatMap(({ probe, decisions }, index): readonly Difference[] => {
    // The TLS of a listener is the same for every request: one of them shows it.
    const tls: readonly Aspect[] = isOtherTls && index === 0 ? ['tls'] : [];
    const [first, second] = decisions;
    if (first === undefined || second === undefined) return [];
    if (tls.length === 0 && alike.doSame(first, second, probe)) return [];
    const request = requestFrom(probe, address);
    const outcomes = [outcomeOf(before, first, request), outcomeOf(after, second, request)] as const;
    const aspects = [...alike.aspectsOf(first, second, outcomes), ...tls];
    if (aspects.length === 0) return [];
    return [
      {
        request,
        before: { decision: first, outcome: withTls(outcomes[0], before, tls) },
        after: { decision: second, outcome: withTls(outcomes[1], after, tls) },
        aspects,
      },
    ];
  });
  return { requests: witnesses.length, sampled, differences };
}

function withTls(outcome: Outcome, { tls }: Table, aspects: readonly Aspect[]): DecidedOutcome['outcome'] {
  return aspects.length === 0 ? outcome : { ...outcome, tls };
}

/** The common part of two rules: they do the same, or the same but for the path they send on. */
type Likeness = 'same' | 'same-but-for-path' | 'different';

/** Facts about two rules, of which one may be that no rule takes a request. */
interface Pair {
  likeness?: Likeness;
  /** The aspects in which requests differ that are sent on with one path, and with two. */
  alike?: readonly Aspect[];
  apart?: readonly Aspect[];
}

/** Most requests meet the same few pairs of rules; what these do is compared once. */
class AlikeActions {
  readonly #before: Table;
  readonly #after: Table;
  readonly #known = new Map<Rule | undefined, Map<Rule | undefined, Pair>>();

  constructor(before: Table, after: Table) {
    this.#before = before;
    this.#after = after;
  }

  /** @returns whether it is sure that a request ends alike; else its outcomes have to be compared */
  doSame({ rule: first }: Decision, { rule: second }: Decision, probe: Probe): boolean {
    const pair = this.#pairOf(first, second);
    pair.likeness ??= compareActions(actionOf(this.#before, first), actionOf(this.#after, second));
    if (pair.likeness !== 'same-but-for-path') return pair.likeness === 'same';
    const path = probe.get('path') ?? '/';
    return sentPath(first, path) === sentPath(second, path);
  }

  /** @returns the aspects in which the outcomes of two rules differ: of requests that are sent on, only the path is their own */
  aspectsOf(
    { rule: first }: Decision,
    { rule: second }: Decision,
    [one, other]: readonly [Outcome, Outcome],
  ): readonly Aspect[] {
    if (one.kind !== 'forward' || other.kind !== 'forward') return differingAspects(one, other);
    const pair = this.#pairOf(first, second);
    if (one.path === other.path) {
      pair.alike ??= differingAspects(one, other);
      return pair.alike;
    }
    pair.apart ??= differingAspects(one, other);
    return pair.apart;
  }

  #pairOf(first: Rule | undefined, second: Rule | undefined): Pair {
    const row = this.#known.get(first) ?? new Map<Rule | undefined, Pair>();
    this.#known.set(first, row);
    const known = row.get(second) ?? {};
    row.set(second, known);
    return known;
  }
}

function sentPath(rule: Rule | undefined, path: string): string {
  return rule?.action.kind === 'forward' ? changePath(rule.action.path, rule.match, path) : path;
}

function actionOf(table: Table, rule: Rule | undefined): Action | undefined {
  if (table.httpsRedirect) return undefined;
  return rule === undefined ? table.fallback : rule.action;
}

function compareActions(a: Action | undefined, b: Action | undefined): Likeness {
  if (a?.kind !== 'forward' || b?.kind !== 'forward') return 'different';
  if (differingAspects({ ...a, path: '' }, { ...b, path: '' }).length > 0) return 'different';
  return a.path.kind === 'none' && b.path.kind === 'none' ? 'same' : 'same-but-for-path';
}
