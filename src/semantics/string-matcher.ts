import { RE2JS } from 're2js';
import { plainRegularExpression } from '../2-decode/validation/plain-regular-expression.ts';
import type * as istio from '../istio/index.ts';

/** How a header, a query parameter or a pseudo-header is compared. */
export type StringMatcher =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string; readonly test: (value: string) => boolean }
  | { readonly kind: 'present' };

/**
 * Compiles an RE2 expression that has to match a whole value, as Envoy's `safe_regex` does.
 *
 * @returns undefined when RE2 refuses the expression
 */
export function compileFullMatch(source: string): ((value: string) => boolean) | undefined {
  const plain = plainRegularExpression(source);
  if (plain !== undefined) return value => plain.test(value);
  try {
    const pattern = RE2JS.compile(source);
    return value => pattern.matches(value);
  } catch {
    return undefined;
  }
}

/** A matcher for an expression; one that RE2 refuses matches nothing, since Envoy would reject the configuration. */
export function regexMatcher(source: string): StringMatcher {
  return { kind: 'regex', source, test: whenAsked(source) };
}

/** Compiled when a value is first put to it: of most expressions only the text is of interest. */
export function whenAsked(source: string): (value: string) => boolean {
  let test: ((value: string) => boolean) | undefined;
  return value => {
    test ??= compileFullMatch(source) ?? (() => false);
    return test(value);
  };
}

/**
 * Reads a StringMatch of a header or a query parameter: nothing set, or the expression `*`, asks only for presence
 * (route.go, canBeConvertedToPresentMatch).
 */
export function stringMatcher(match: istio.StringMatch): StringMatcher {
  if (match.exact !== undefined) return { kind: 'exact', value: match.exact };
  if (match.prefix !== undefined) return { kind: 'prefix', value: match.prefix };
  if (match.regex === undefined || match.regex === '*') return { kind: 'present' };
  return regexMatcher(match.regex);
}

/** Whether a value that is there matches. */
export function matchesString(matcher: StringMatcher, value: string): boolean {
  switch (matcher.kind) {
    case 'exact':
      return value === matcher.value;
    case 'prefix':
      return value.startsWith(matcher.value);
    case 'regex':
      return matcher.test(value);
    case 'present':
      return true;
  }
}
