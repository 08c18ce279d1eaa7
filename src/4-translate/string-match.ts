import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { quoteMeta } from '../semantics/regex/quote.ts';
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
  const expression = (source: string): ValueCondition => ({
    type: 'RegularExpression',
    value: takesAll(context, what) ? source : inPrintableSigns(source),
  });
  const literal = (text: string) => quoteMeta(text).replaceAll(/ (?= |$)|^ /g, '[ ]');
  if (prefix !== undefined) return expression(`${literal(prefix)}.*`);
  const shape = regex === undefined ? undefined : shapeOfRegex(regex);
  const value = exact ?? (shape?.kind === 'exact' ? shape.value : undefined);
  if (value === '') return expression('^$');
  if (value !== undefined && (takesAll(context, what) || isInPrintableSigns(value)))
    return { type: 'Exact', value };
  if (exact !== undefined) return expression(literal(exact));
  return expression(regex === undefined || regex === '*' ? '.*' : regex);
}

/** The experimental CRD takes printable ASCII with single blanks inside as header values, expressions included. */
function takesAll({ facts }: EntryContext, what: 'header' | 'queryParam'): boolean {
  return what === 'queryParam' || facts.options.channel === 'standard';
}

function isInPrintableSigns(value: string): boolean {
  return /^[!-~]+([\t ]?[!-~]+)*$/.test(value);
}

/** @returns the same expression, with other signs by their number */
function inPrintableSigns(source: string): string {
  if (isInPrintableSigns(source)) return source;
  return source.replace(/(?<!\\)[^!-~]/gu, sign => `\\x{${sign.codePointAt(0)?.toString(16)}}`);
}
