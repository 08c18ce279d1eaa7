import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { quoteMeta } from '../semantics/compile-entry.ts';
import { type EntryContext, isPortable } from './context.ts';
import type { ValueCondition } from './entry.ts';

/** The longest values the CRDs take. */
const maxLength = { header: 4096, queryParam: 1024 } as const;

/**
 * Writes a StringMatch on a header or a query parameter as a condition of a route, which knows exact values and regular
 * expressions only: a prefix is `v.*`, presence is `.*`, an empty value is `^$`.
 *
 * @returns undefined, after a report, where there is no form
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch
 */
export function translateStringMatch(
  context: EntryContext,
  match: istio.StringMatch,
  what: 'header' | 'queryParam',
  name: string,
  place: Place,
): ValueCondition | undefined {
  const condition = conditionOf(match);
  if (condition.value.length > maxLength[what]) {
    context.report('value-too-long', place, { limit: maxLength[what] });
    return undefined;
  }
  if (condition.type === 'Exact') return condition;
  const feature =
    what === 'header'
      ? `a regular expression on header ${name}`
      : `a regular expression on query parameter ${name}`;
  if (isPortable(context)) {
    context.report('not-portable', place, { feature });
    return undefined;
  }
  if (match.regex !== undefined && match.regex !== '*') {
    context.report(what === 'header' ? 'header-regex' : 'query-param-regex', place, { name });
  }
  return condition;
}

/** @see istio.io/istio/pilot/pkg/networking/core/route/route.go, translateHeaderMatch */
function conditionOf({ exact, prefix, regex }: istio.StringMatch): ValueCondition {
  if (exact !== undefined && exact !== '' && isPlainValue(exact)) return { type: 'Exact', value: exact };
  if (exact !== undefined)
    return { type: 'RegularExpression', value: exact === '' ? '^$' : quoteMeta(exact) };
  if (prefix !== undefined) return { type: 'RegularExpression', value: `${quoteMeta(prefix)}.*` };
  return { type: 'RegularExpression', value: regex === undefined || regex === '*' ? '.*' : regex };
}

/** What every channel's CRD takes as an exact header value: printable ASCII, single blanks inside. */
function isPlainValue(value: string): boolean {
  return /^[!-~]+([\t ]?[!-~]+)*$/.test(value);
}
