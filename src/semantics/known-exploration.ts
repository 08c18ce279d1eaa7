import { type Budget, free, type RequestBudget } from '../budget.ts';
import type { Decision, Table } from './decide.ts';
import type { Exploration } from './explore.ts';
import type { Match } from './match.ts';
import type { Probe } from './request.ts';
import type { Rule } from './rule.ts';
import type { StringMatcher } from './string-matcher.ts';

/** Tables with more rules than these are hardly ever met twice, and what they ask is long to write down. */
const MAX_RULES = 24;

/** Explorations with more witnesses take more memory than they save time. */
const MAX_WITNESSES = 64;

/** An exploration whose decisions are the numbers of rules, one for each table; -1 where no rule takes the request. */
interface Numbered {
  readonly witnesses: readonly { readonly probe: Probe; readonly rules: readonly number[] }[];
}

/**
 * Explores tables, unless tables that ask the same were explored before: the path, the header and the method that rules ask for
 * are the same in many VirtualServices, though hosts, destinations and timeouts are not. A remembered exploration spends
 * what it took.
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
  const numbered = budget.effort('limitRequests').once(`exploration ${questions}`, ({ spend }) => {
    made = work({ spend: (_, amount) => spend(amount), effort: () => free });
    return numberedOf(made, tables);
  });
  if (made !== undefined) return made;
  // One with too many witnesses is not remembered, and its requests are counted already.
  return numbered === undefined ? work(undefined) : explorationOf(numbered, tables);
}

function numberedOf({ witnesses, sampled }: Exploration, tables: readonly Table[]): Numbered | undefined {
  if (sampled || witnesses.length > MAX_WITNESSES) return undefined;
  return {
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
 * @returns undefined where more decides: expressions have limits of their own, and who gets to a table depends on its host
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
      const action = match === undefined ? undefined : actionText(rule);
      if (action === undefined) return undefined;
      text += match + action;
    }
  }
  return text;
}

function matchText({ path, conditions, elsewhere }: Match): string | undefined {
  if (path.kind === 'regex') return undefined;
  let text = `;${elsewhere === undefined ? '' : '-'}${path.kind}${path.ignoreCase ? '~' : '='}${quoted(path.value)}`;
  for (const { dimension, matcher, invert } of conditions) {
    if (matcher.kind === 'regex' || dimension === 'authority') return undefined;
    text += `${invert ? '!' : '&'}${quoted(dimension)}${matcherText(matcher)}`;
  }
  return text;
}

function matcherText(matcher: Exclude<StringMatcher, { readonly kind: 'regex' }>): string {
  return matcher.kind === 'present' ? '*' : `${matcher.kind}${quoted(matcher.value)}`;
}

/** The part of an action that explorations read. */
function actionText({ action }: Rule): string | undefined {
  if (!('path' in action)) return '';
  if (action.path.kind === 'regex') return undefined;
  const path = action.path.kind === 'none' ? '' : action.path.kind === 'full' ? '>full' : '>path';
  return action.kind === 'redirect' && action.scheme === undefined ? `${path}>scheme` : path;
}

/** A text that ends where it says, whatever is in it. */
function quoted(text: string): string {
  return `${text.length}:${text}`;
}
