import type { ValueCondition } from '../4-translate/entry.ts';
import { escapeLiteral } from '../semantics/regex/language.ts';
import type { Languages } from '../semantics/regex/languages.ts';

/** Tells whether two conditions on one header can hold together; what is not known counts as yes. */
export function valuesOverlap(a: ValueCondition, b: ValueCondition, languages: Languages): boolean {
  if (a.type === 'Exact') return admits(b, a.value, languages);
  if (b.type === 'Exact') return admits(a, b.value, languages);
  return a.value === b.value || languages.overlap(a.value, b.value, 'strings');
}

/** Tells whether every value that meets the first condition meets the second; what is not known counts as no. */
export function valuesImply(a: ValueCondition, b: ValueCondition, languages: Languages): boolean {
  if (a.type === 'Exact') return admits(b, a.value, languages);
  return languages.implies(a.value, b.type === 'Exact' ? escapeLiteral(b.value) : b.value, 'strings');
}

/** @returns a condition that holds when both hold, undefined where the Gateway API has none */
export function intersectValues(
  a: ValueCondition,
  b: ValueCondition,
  languages: Languages,
): ValueCondition | undefined {
  if (valuesImply(a, b, languages)) return a;
  return valuesImply(b, a, languages) ? b : undefined;
}

/** Tells whether a value meets a condition. */
function admits(condition: ValueCondition, value: string, languages: Languages): boolean {
  return condition.type === 'Exact' ? condition.value === value : languages.matches(condition.value, value);
}
