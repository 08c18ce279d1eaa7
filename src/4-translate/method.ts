import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { areDisjoint, languageOf } from '../semantics/regex/language.ts';
import { matchesString, type StringMatcher, stringMatcher } from '../semantics/string-matcher.ts';
import type { EntryContext } from './context.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpmethod */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/**
 * Writes a condition on the method as the methods that meet it: a match for each. A route knows no others, so that a
 * condition that others meet as well has no form, unless all do.
 *
 * @returns `[undefined]` for no condition, undefined, after a report, where there is no form
 */
export function translateMethod(
  context: EntryContext,
  method: istio.StringMatch | undefined,
  place: Place,
): readonly (string | undefined)[] | undefined {
  if (method === undefined) return [undefined];
  const matcher = stringMatcher(method);
  if (takesEveryMethod(matcher)) return [undefined];
  const named = methods.filter(candidate => matchesString(matcher, candidate));
  if (named.length > 0 && !takesOthers(matcher)) return named;
  context.report('method-not-standard', place, describeMethod(method));
  return undefined;
}

/** The methods that a condition matches, and how to write it for a route. */
function describeMethod({ exact, prefix, regex = '' }: istio.StringMatch): {
  readonly methods: string;
  readonly fix: string;
} {
  const capitals = exact?.toUpperCase() ?? '';
  if (exact !== undefined && methods.includes(capitals))
    return {
      methods: `method ${exact}`,
      fix: `Write ${capitals} if that is meant: methods are case-sensitive, so ${exact} matches no usual request today. Else delete this match.`,
    };
  if (exact !== undefined)
    return {
      methods: `method ${exact}`,
      fix: 'Match these requests by path or by a header instead of the method. Else keep the VirtualService.',
    };
  return {
    methods:
      prefix === undefined
        ? `methods by regular expression ${regex}`
        : `all methods that begin with ${prefix}`,
    fix: 'Write one match for each method that clients send, with `exact`. If they send methods that HTTPRoute does not allow, keep the VirtualService.',
  };
}

/** Every method there may be (RFC 9110, token). */
const anyMethod = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

function takesEveryMethod(matcher: StringMatcher): boolean {
  if (matcher.kind !== 'regex') return matcher.kind === 'present';
  return liesWithin(anyMethod, matcher.source) === true;
}

/** Whether methods that a route does not know meet a condition; what is not known counts as no, and the proof decides. */
function takesOthers(matcher: StringMatcher): boolean {
  if (matcher.kind !== 'regex') return matcher.kind === 'prefix';
  return liesWithin(matcher.source, methods.join('|')) === false;
}

/** Whether all that the first expression matches is matched by the second; undefined where that is not known. */
function liesWithin(first: string, second: string): boolean | undefined {
  const [a, b] = [languageOf(first), languageOf(second)];
  return a === undefined || b === undefined ? undefined : areDisjoint([a], [b]);
}
