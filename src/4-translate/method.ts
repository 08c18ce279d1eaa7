import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { matchesString, stringMatcher } from '../semantics/string-matcher.ts';
import type { EntryContext } from './context.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpmethod */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/**
 * Writes a condition on the method as the methods that meet it: a match for each.
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
  const named = methods.filter(candidate => matchesString(matcher, candidate));
  // A condition that made-up methods meet as well asks for nothing.
  if (named.length === methods.length && ['PURGE', 'X'].every(candidate => matchesString(matcher, candidate)))
    return [undefined];
  if (named.length > 0) return named;
  context.report('method-not-standard', place, {
    method: method.exact ?? method.prefix ?? method.regex ?? '',
  });
  return undefined;
}
