import type { ValueCondition } from '../4-translate/entry.ts';
import { escapeLiteral, intersect, isEmpty, languageOf, subtract } from '../semantics/regex/language.ts';
import { compileFullMatch } from '../semantics/string-matcher.ts';

/** Whether two conditions on one header can hold together; what is not known counts as yes. */
export function valuesOverlap(a: ValueCondition, b: ValueCondition): boolean {
  if (a.type === 'Exact') return admits(b, a.value);
  if (b.type === 'Exact') return admits(a, b.value);
  if (a.value === b.value) return true;
  const [x, y] = [languageOf(a.value), languageOf(b.value)];
  const common = x === undefined || y === undefined ? undefined : intersect(x, y);
  return common === undefined || !isEmpty(common);
}

/** Whether every value that meets the first condition meets the second; what is not known counts as no. */
export function valuesImply(a: ValueCondition, b: ValueCondition): boolean {
  if (a.type === 'Exact') return admits(b, a.value);
  if (a.value === b.value && b.type === 'RegularExpression') return true;
  const [x, y] = [languageOf(a.value), languageOf(b.type === 'Exact' ? escapeLiteral(b.value) : b.value)];
  const rest = x === undefined || y === undefined ? undefined : subtract(x, y);
  return rest !== undefined && isEmpty(rest);
}

/** @returns a condition that holds when both hold, undefined where the Gateway API has none */
export function intersectValues(a: ValueCondition, b: ValueCondition): ValueCondition | undefined {
  if (valuesImply(a, b)) return a;
  return valuesImply(b, a) ? b : undefined;
}

/** Whether a value meets a condition. */
export function admits(condition: ValueCondition, value: string): boolean {
  if (condition.type === 'Exact') return condition.value === value;
  return compileFullMatch(condition.value)?.(value) ?? false;
}
