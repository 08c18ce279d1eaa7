import { stringify } from 'yaml';

export type QuoteStyle = 'single' | 'double';

// Texts that both versions of YAML, and every loader in between, read as a string. The library decides about the rest, but
// it takes 20 µs for a string, and a large repository has millions.
const surelyPlain = /^(?:[A-Za-z_/][\w/.*-]*|\d+(?:ms|s|m|h))$/;
// ... but for these; `e1` is a number to the YAML 1.1 of our own library alone.
const otherwiseRead = /^(?:y|n|yes|no|on|off|true|false|null|e-?\d+)$/i;

// Flux, Helm and envsubst fill these in before anybody parses the file: only quotes keep what they put there a string.
const placeholder = /\$\{|\$\(|\{\{/;

// White space at the start of a block, or at the end of one of its lines, does not survive every writer and loader.
const fitForBlock = /^\S(?:(?![ \t\r]\n)[\s\S])*\S\n?$/;

/**
 * Writes a string as a YAML scalar, quoted only where YAML 1.1 or 1.2 would read something else, or may do so after
 * placeholders are filled in.
 *
 * @returns one line, or a block literal whose lines after the first are indented by two
 */
export function printString(text: string, quote: QuoteStyle): string {
  if (surelyPlain.test(text) && !otherwiseRead.test(text)) return text;
  // The group of every Service reference.
  if (text === '') return quote === 'single' ? "''" : '""';
  const quoted = text.includes('\n') ? !fitForBlock.test(text) : placeholder.test(text);
  const options = {
    compat: 'yaml-1.1',
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
    defaultKeyType: 'PLAIN',
    defaultStringType: !quoted ? 'PLAIN' : quote === 'single' ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE',
    // The library's null means: double quotes unless the string contains some.
    singleQuote: quote === 'single' ? true : null,
  } as const;
  return stringify({ k: text }, options).slice('k: '.length, -1);
}

/** Writes a key of a map, always on one line. */
export function printKey(text: string, quote: QuoteStyle): string {
  const printed = printString(text, quote);
  return printed.includes('\n') ? JSON.stringify(text) : printed;
}
