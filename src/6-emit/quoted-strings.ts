import type { QuoteStyle } from './scalar.ts';

// Longer ones are prose; escapes and quotes inside are for whoever prints to get right.
const quotedValue = /(?<=[\s:[{,-])(["'])([^"'\\\n]{1,200})\1(?=[ \t\r]*(?:$|[,\]}]|[ \t]#))/gm;

/**
 * @returns the strings that a text has in quotes wherever it has them, so that lines which say the same in the new
 * object stay the same to the byte
 */
export function quotedStrings(text: string): ReadonlyMap<string, QuoteStyle> {
  const found = new Map<string, QuoteStyle>();
  const mixed = new Set<string>();
  for (const [, quote, value = ''] of text.matchAll(quotedValue)) {
    const style = quote === '"' ? 'double' : 'single';
    if (mixed.has(value) || (found.get(value) ?? style) !== style) mixed.add(value);
    else found.set(value, style);
  }
  for (const value of found.keys())
    if (mixed.has(value) || isPlainSomewhere(text, value)) found.delete(value);
  return found;
}

function isPlainSomewhere(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const end = at + value.length;
    if (/[\s[{,]/.test(text[at - 1] ?? ' ') && /[\s\]},]/.test(text[end] ?? ' ') && !isComment(text, at))
      return true;
  }
  return false;
}

function isComment(text: string, offset: number): boolean {
  return /(?:^|\s)#/.test(text.slice(text.lastIndexOf('\n', offset) + 1, offset));
}
