import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { quoteMeta } from '../semantics/compile-entry.ts';
import { shapeOfRegex } from '../semantics/regex/shape.ts';
import { type EntryContext, isPortable } from './context.ts';
import type { ValueCondition } from './entry.ts';

/** The longest values the CRDs take. */
const maxLength = { header: 4096, queryParam: 1024 } as const;

/**
 * Writes a StringMatch on a header or a query parameter as a condition of a route, which knows exact values and regular
 * expressions only: a prefix is `v.*`, presence is `.*`, an empty value is `^$`. An expression without operators is an
 * exact value.
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
  const condition = conditionOf(context, match, what);
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
  return condition;
}

/** @see istio.io/istio/pilot/pkg/networking/core/route/route.go, translateHeaderMatch */
function conditionOf(
  context: EntryContext,
  { exact, prefix, regex }: istio.StringMatch,
  what: 'header' | 'queryParam',
): ValueCondition {
  if (prefix !== undefined) return { type: 'RegularExpression', value: `${quoteMeta(prefix)}.*` };
  const shape = regex === undefined ? undefined : shapeOfRegex(regex);
  const value = exact ?? (shape?.kind === 'exact' ? shape.value : undefined);
  if (value === '') return { type: 'RegularExpression', value: '^$' };
  if (value !== undefined && isExactValue(context, value, what)) return { type: 'Exact', value };
  if (exact !== undefined) return { type: 'RegularExpression', value: quoteMeta(exact) };
  return { type: 'RegularExpression', value: regex === undefined || regex === '*' ? '.*' : regex };
}

/** The experimental CRD takes printable ASCII with single blanks inside as an exact header value. */
function isExactValue({ facts }: EntryContext, value: string, what: 'header' | 'queryParam'): boolean {
  const takesAll = what === 'queryParam' || facts.options.channel === 'standard';
  return takesAll || /^[!-~]+([\t ]?[!-~]+)*$/.test(value);
}
