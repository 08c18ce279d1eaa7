import type { Place } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { type EntryContext, isPortable } from './context.ts';
import type { ValueCondition } from './entry.ts';
import { translateStringMatch } from './string-match.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheadername */
const legalName = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/;

/** Headers that are no headers, and which field of the match says the same. */
export const pseudoHeaders = { ':method': 'method', ':authority': 'authority', ':scheme': 'scheme' } as const;

/** Most matches have none of a kind, and need no map of their own. */
export const noConditions: ReadonlyMap<string, ValueCondition> = new Map();

/**
 * Writes conditions on headers or query parameters; names of headers go to lower case, since they are compared so.
 *
 * @returns undefined, after reports, when one of them has no form
 */
export function translateConditions(
  context: EntryContext,
  conditions: Readonly<Record<string, istio.StringMatch>> | undefined,
  what: 'header' | 'queryParam',
  placeOf: (name: string) => Place,
): ReadonlyMap<string, ValueCondition> | undefined {
  if (conditions === undefined) return noConditions;
  const translated = new Map<string, ValueCondition>();
  let complete = true;
  for (const [name, match] of Object.entries(conditions ?? {})) {
    if (what === 'header' && Object.hasOwn(pseudoHeaders, name.toLowerCase())) continue;
    const condition = translateCondition(context, name, match, what, placeOf(name));
    const key = what === 'header' ? name.toLowerCase() : name;
    if (condition !== undefined && translated.has(key))
      context.report('header-twice', placeOf(name), { name: key });
    if (condition === undefined || translated.has(key)) complete = false;
    else translated.set(key, condition);
  }
  return complete ? translated : undefined;
}

function translateCondition(
  context: EntryContext,
  name: string,
  match: istio.StringMatch,
  what: 'header' | 'queryParam',
  place: Place,
): ValueCondition | undefined {
  if (what === 'header' && name.startsWith('@request.auth.claims')) {
    context.report('jwt-claim-header', place, { name });
    return undefined;
  }
  if (what === 'header' && name.startsWith(':')) {
    context.report('pseudo-header', place, { name });
    return undefined;
  }
  if (!legalName.test(name)) {
    context.report('name-not-legal', place, {
      what: what === 'header' ? 'header' : 'query parameter',
      name,
      reason: notAllowedIn(name),
    });
    return undefined;
  }
  const condition = translateStringMatch(context, match, what, name, place);
  if (condition?.type === 'RegularExpression')
    context.report('regex-match', place, {
      field: place.path.includes('withoutHeaders')
        ? `withoutHeaders ${name}`
        : what === 'header'
          ? `header ${name}`
          : `query parameter ${name}`,
      source: condition.value,
    });
  return condition;
}

/** The characters of a name that the CRD does not allow, or its length. */
function notAllowedIn(name: string): string {
  const characters = [...new Set(name.replaceAll(/[A-Za-z0-9!#$%&'*+\-.^_`|~]/g, ''))];
  if (characters.length > 0) return `\`${characters.join(' ')}\``;
  return name === '' ? 'no characters' : `${name.length} characters`;
}

/**
 * A condition on the authority: Envoy reads the header Host as `:authority`, with the port as it was sent.
 *
 * @returns the condition, or undefined after a report
 */
export function translateAuthority(
  context: EntryContext,
  authority: istio.StringMatch,
  place: Place,
): ValueCondition | undefined {
  if (isPortable(context)) {
    context.report('not-portable', place, { feature: 'a condition on the Host header' });
    return undefined;
  }
  const condition = translateStringMatch(context, authority, 'header', 'Host', place);
  if (condition !== undefined) context.report('authority-as-host-header', place, {});
  return condition;
}
