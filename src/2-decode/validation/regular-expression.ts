import { RE2JS } from 're2js';
import { byteLength } from '../../yaml/byte-length.ts';
import { hasPlaceholder } from './placeholder.ts';
import { plainRegularExpression } from './plain-regular-expression.ts';

/** In bytes: istiod refuses longer ones, since it cannot tell how large a program they become in Envoy. */
const LONGEST = 1024;

/**
 * re2js stands for the Go library of istiod and the RE2 of Envoy. It also refuses two groups of one name, which both take, and
 * `\\p{Letter}`, which Envoy refuses alone.
 *
 * @returns why istiod refuses a regular expression, undefined when it does not
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (validateStringRegexp)
 */
export function faultOfRegex(pattern: string): string | undefined {
  if (hasPlaceholder(pattern)) return undefined;
  if (pattern === '') return 'it is empty';
  if (byteLength(pattern) > LONGEST) return `it is longer than ${LONGEST} bytes`;
  if (plainRegularExpression(pattern) !== undefined) return undefined;
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${reason.replace(/^error parsing regexp: /, '')} (RE2 syntax)`;
  }
}
