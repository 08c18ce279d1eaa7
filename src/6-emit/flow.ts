import { stringify } from 'yaml';

/** How values between brackets are laid out: JSON, or YAML that is written like it. */
export interface FlowStyle {
  /** Everything on one line when undefined. */
  readonly indent: string | undefined;
  /** Keys and strings have quotes, as in JSON. */
  readonly quoted: boolean;
  /** White space follows colons and commas. */
  readonly spaced: boolean;
}

/** @returns by how much a JSON text indents, if it does */
export function jsonIndentOf(text: string): string | undefined {
  return /^\uFEFF?\s*[{[]\s*\n([ \t]+)/.exec(text)?.[1];
}

/**
 * The layout of a value that is written between brackets.
 *
 * @param fileIndent by how much the file indents, as the value itself stands further right
 */
export function flowStyleOf(written: string, fileIndent: string | undefined): FlowStyle {
  const quoted = /^[\s[{]*"/.test(written);
  return {
    indent: quoted && written.includes('\n') ? (fileIndent ?? '  ') : undefined,
    quoted,
    spaced: !/":\S/.test(written),
  };
}

/**
 * Prints a value between brackets.
 *
 * @param margin what the line starts with that the value starts on
 */
export function printFlow(value: unknown, style: FlowStyle, margin: string, lineBreak: string): string {
  if (style.indent !== undefined)
    return JSON.stringify(value, null, style.indent).replaceAll('\n', `${lineBreak}${margin}`);
  if (style.quoted && !style.spaced) return JSON.stringify(value);
  const type = style.quoted ? 'QUOTE_DOUBLE' : 'PLAIN';
  return stringify(value, {
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    compat: 'yaml-1.1',
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
    defaultKeyType: type,
    defaultStringType: type,
    aliasDuplicateObjects: false,
  }).trimEnd();
}

/** Whether a text is one JSON object and nothing else, as a file that must not become more than one. */
export function isJsonObject(text: string): boolean {
  if (!/^\uFEFF?\s*\{/.test(text)) return false;
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}
