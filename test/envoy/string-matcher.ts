import type { Fields } from './fields.ts';
import { fullMatch } from './regex.ts';

export type TextTest = (text: string) => boolean;

export interface StringMatcher {
  readonly test: TextTest;
  /** What is compared with, or the expression. */
  readonly value: string;
  readonly isRegex: boolean;
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/type/matcher/v3/string.proto */
export function readStringMatcher(fields: Fields): StringMatcher {
  const ignoreCase = fields.flag('ignoreCase') ?? false;
  const normal = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const compare = (wanted: string, test: (text: string, wanted: string) => boolean): StringMatcher => {
    const normalized = normal(wanted);
    return { test: text => test(normal(text), normalized), value: wanted, isRegex: false };
  };
  const exact = fields.text('exact');
  if (exact !== undefined) return compare(exact, (text, wanted) => text === wanted);
  const prefix = fields.text('prefix');
  if (prefix !== undefined) return compare(prefix, (text, wanted) => text.startsWith(wanted));
  const suffix = fields.text('suffix');
  if (suffix !== undefined) return compare(suffix, (text, wanted) => text.endsWith(wanted));
  const contains = fields.text('contains');
  if (contains !== undefined) return compare(contains, (text, wanted) => text.includes(wanted));
  const regex = fields.message('safeRegex', readRegex);
  if (regex !== undefined) return { test: fullMatch(regex), value: regex, isRegex: true };
  throw new Error('a string matcher without a pattern');
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/type/matcher/v3/regex.proto */
export function readRegex(fields: Fields): string {
  fields.ignore('googleRe2');
  return fields.text('regex') ?? '';
}
