/** The simpler form of a regular expression, where it has one. */
export type RegexShape =
  /** One string, and nothing else. */
  | { readonly kind: 'exact'; readonly value: string }
  /** Everything that begins with a string, possibly nothing but the string. */
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'other' };

/**
 * Recognises expressions that are a plain string, or a plain string and `.*`.
 *
 * @param source RE2, to be matched against a whole value; anchors at its ends say nothing new
 */
export function shapeOfRegex(source: string): RegexShape {
  const inner = withoutAnchors(source);
  if (inner === undefined) return { kind: 'other' };
  const isPrefix = inner.endsWith('.*') && !isEscaped(inner, inner.length - 2);
  const literal = literalOf(isPrefix ? inner.slice(0, -2) : inner);
  if (literal === undefined) return { kind: 'other' };
  return { kind: isPrefix ? 'prefix' : 'exact', value: literal };
}

/**
 * Drops anchors at the two ends, and empty groups, which change nothing in a full match.
 *
 * @returns undefined when an alternation at the top would make an anchor belong to one branch only
 */
export function withoutAnchors(source: string): string | undefined {
  const padded = source.replace(/(\(\?:\))+$/, '');
  const atStart = /^(\^|\\A)/.exec(padded)?.[0].length ?? 0;
  const atEnd = /\\z$/.test(padded)
    ? 2
    : padded.endsWith('$') && !isEscaped(padded, padded.length - 1)
      ? 1
      : 0;
  if (atStart + atEnd > 0 && hasTopLevelAlternation(padded)) return undefined;
  return padded.slice(atStart, padded.length - atEnd);
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function hasTopLevelAlternation(source: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index];
    if (character === '\\') index += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return true;
  }
  return false;
}

/** @returns the string an expression without operators stands for */
function literalOf(source: string): string | undefined {
  let literal = '';
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] ?? '';
    if (character === '\\') {
      const next = source[index + 1] ?? '';
      // Only punctuation stands for itself behind a backslash.
      if (!/[^\w\s]/.test(next)) return undefined;
      literal += next;
      index += 1;
    } else if (/[.*+?()|[\]{}^$]/.test(character)) {
      return undefined;
    } else {
      literal += character;
    }
  }
  return literal;
}

/** @returns the plain string that everything matched by an expression begins with; possibly empty */
export function literalPrefixOf(source: string): string {
  const inner = withoutAnchors(source);
  if (inner === undefined || inner.startsWith('(?') || hasTopLevelAlternation(inner)) return '';
  let prefix = '';
  for (let index = 0; index < inner.length; ) {
    const escaped = inner[index] === '\\';
    const character = inner[index + (escaped ? 1 : 0)] ?? '';
    if (escaped ? !/[^\w\s]/.test(character) : /[.*+?()|[\]{}^$]/.test(character)) break;
    const next = inner[index + (escaped ? 2 : 1)] ?? '';
    if (/[*?{]/.test(next)) break;
    prefix += character;
    index += escaped ? 2 : 1;
    if (next === '+') break;
  }
  return prefix;
}
