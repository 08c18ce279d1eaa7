import type { Budget, RequestBudget } from '../budget.ts';
import type { PathChange } from './action.ts';
import type { Decision, Table } from './decide.ts';
import type { Exploration } from './explore.ts';
import type { Match } from './match.ts';
import type { Probe } from './request.ts';
import type { Rule } from './rule.ts';
import type { StringMatcher } from './string-matcher.ts';

/** Tables with more rules than these are hardly ever met twice, and what they ask is long to write down. */
const MAX_RULES = 24;

/** Questions that take more characters are hardly ever met twice either, and keep their memory. */
const MAX_CHARACTERS = 4_000;

/** Explorations with more witnesses take more memory than they save time. */
const MAX_WITNESSES = 64;

/** An exploration whose decisions are the numbers of rules, one for each table; -1 where no rule takes the request. */
interface Numbered {
  readonly witnesses: readonly { readonly probe: Probe; readonly rules: readonly number[] }[];
  /** The requests and the steps in automata that it took. */
  readonly requests: number;
  /** Undefined where no automaton was asked for. */
  readonly steps: number | undefined;
}

/**
 * Explores tables, unless tables that ask the same were explored before: the path, the header and the method that rules ask for
 * are the same in many VirtualServices, though hosts, destinations and timeouts are not. A remembered exploration spends
 * what it took; where there is not so much left, it is done again, to stop where it has to.
 *
 * @param known what all requests have in common
 * @param work explores these tables, and spends of the budget that it is given; depends on nothing but what `questionsOf` writes
 * down
 */
export function exploreOnce(
  tables: readonly Table[],
  known: Probe,
  budget: Budget | undefined,
  work: (budget: RequestBudget | undefined) => Exploration,
): Exploration {
  const questions = budget === undefined ? undefined : questionsOf(tables, known);
  if (budget === undefined || questions === undefined) return work(budget);
  let made: Exploration | undefined;
  const numbered = budget.uncounted.once(`exploration ${questions}`, (): Numbered | undefined => {
    let requests = 0;
    let steps: number | undefined;
    made = work({
      spend: (limit, amount) => {
        requests += amount;
        budget.spend(limit, amount);
      },
      effort: limit =>
        budget.effort(limit, taken => {
          steps = (steps ?? 0) + taken;
        }),
    });
    return numberedOf(made, tables, requests, steps);
  });
  if (made !== undefined) return made;
  if (
    numbered === undefined ||
    !budget.hasLeft('limitRequests', numbered.requests) ||
    !budget.hasLeft('limitAutomata', numbered.steps ?? 0)
  )
    return work(budget);
  budget.spend('limitRequests', numbered.requests);
  if (numbered.steps !== undefined) budget.spend('limitAutomata', numbered.steps);
  return explorationOf(numbered, tables);
}

function numberedOf(
  { witnesses, sampled }: Exploration,
  tables: readonly Table[],
  requests: number,
  steps: number | undefined,
): Numbered | undefined {
  if (sampled || witnesses.length > MAX_WITNESSES) return undefined;
  return {
    requests,
    steps,
    witnesses: witnesses.map(({ probe, decisions }) => ({
      probe,
      rules: decisions.map(({ rule }, index) =>
        rule === undefined ? -1 : (tables[index]?.rules.indexOf(rule) ?? -1),
      ),
    })),
  };
}

function explorationOf({ witnesses }: Numbered, tables: readonly Table[]): Exploration {
  const decided = tables.map(({ rules }) => rules.map((rule): Decision => ({ rule })));
  return {
    witnesses: witnesses.map(({ probe, rules }) => ({
      probe,
      decisions: rules.map((rule, index) => decided[index]?.[rule] ?? undecided),
    })),
    sampled: false,
  };
}

const undecided: Decision = { rule: undefined };

/**
 * Everything of some tables that decides which requests are tried and which rules take them (explore.ts): the matches, in order,
 * and of what rules do only whether it depends on the path or the scheme.
 *
 * @returns undefined where more decides, since who gets to a table depends on its host, and where it is too long to keep
 */
export function questionsOf(tables: readonly Table[], known: Probe): string | undefined {
  let text = '';
  for (const [dimension, value] of known)
    text += `${quoted(dimension)}=${value === null ? '' : quoted(value)}`;
  for (const { rules, httpsRedirect, schemeFrom } of tables) {
    if (rules.length > MAX_RULES) return undefined;
    text += httpsRedirect && schemeFrom === 'proxy' ? '|s' : '|';
    for (const rule of rules) {
      const match = matchText(rule.match);
      if (match === undefined) return undefined;
      text += match + actionText(rule);
    }
  }
  return text.length > MAX_CHARACTERS ? undefined : text;
}

function matchText({ path, conditions, elsewhere }: Match): string | undefined {
  const value = path.kind === 'regex' ? path.source : path.value;
  const isCaseless = path.kind !== 'regex' && path.ignoreCase;
  let text = `;${elsewhere === undefined ? '' : '-'}${path.kind}${isCaseless ? '~' : '='}${quoted(value)}`;
  for (const { dimension, matcher, invert } of conditions) {
    if (dimension === 'authority') return undefined;
    text += `${invert ? '!' : '&'}${quoted(dimension)}${matcherText(matcher)}`;
  }
  return text;
}

function matcherText(matcher: StringMatcher): string {
  if (matcher.kind === 'present') return '*';
  return `${matcher.kind}${quoted(matcher.kind === 'regex' ? matcher.source : matcher.value)}`;
}

/** The part of an action that explorations read. */
function actionText({ action }: Rule): string {
  if (!('path' in action)) return '';
  const path = changeText(action.path);
  return action.kind === 'redirect' && action.scheme === undefined ? `${path}>scheme` : path;
}

function changeText(change: PathChange): string {
  switch (change.kind) {
    case 'none':
      return '';
    case 'full':
      return '>full';
    case 'regex':
      return `>regex${quoted(change.pattern)}`;
    default:
      return '>path';
  }
}

/** A text that ends where it says, whatever is in it. */
function quoted(text: string): string {
  return `${text.length}:${text}`;
}
