/** The text in place of a value that looks like a credential. */
export const REDACTED = '[redacted]';

/** Tokens that can be told by their form, whoever issued them. */
const tokens: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{15,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bsk_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bnpm_[A-Za-z0-9]{36}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
  /(?<=:\/\/[^\s/@:]{1,99}:)[^\s/@]+(?=@)/g,
  /(?<=\b(?:Bearer|Basic) )[A-Za-z0-9+/_.~-]{8,}={0,2}/gi,
];

/** Names of fields and headers whose values are credentials. */
const secretName =
  '(?:proxy-)?authorization|(?:x-)?api[-_]?key|(?:x-)?(?:auth|access|secret|session|csrf|vault)[-_]?(?:token|key)|(?:[\\w-]{0,80}[-_])?(?:password|passwd|secret|token|credentials?|api[-_]?key)';

/**
 * `x-api-key: VALUE`, also in JSON and quoted. The name is part of the match: looking back for it from every character
 * of a run of spaces would take the square of its length.
 */
const named = new RegExp(
  `((?:^|[\\s{,"'-])["']?(?:${secretName})["']?[ \\t]*:[ \\t]+(?![ \\t]))(?![|>&*{\\[]|["']?[ \\t]*\\r?$)("(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\n]|'')*'|(?:\\$\\{[^}\\n]*\\}|[^\\s,}#])(?:\\$\\{[^}\\n]*\\}|[^\\n,}])*)`,
  'gim',
);

/** A header as the Gateway API writes it: the name on one line, the value on the next. */
const header = new RegExp(
  `(name:[ \\t]+["']?(?:${secretName})["']?[ \\t]*\\r?\\n[-+ \\t]*value:[ \\t]+)([^\\s][^\\n]*)`,
  'gim',
);

/** A text for a value to be filled in later, or one that says only which kind of value it is. */
const harmless =
  /^["']?(?:\$\{[^}]*\}|\$\([^)]*\)|\{\{.*\}\}|<[^>]*>|\*+|\[redacted\]|true|false|null|Bearer|Basic|.{0,3})["']?$/i;

/**
 * Takes what looks like a credential out of a text that others will read: tokens by their form, values by the name of
 * their field or header. Placeholders stay.
 */
export function redact(text: string): string {
  const withoutTokens = tokens.reduce((rest, token) => rest.replaceAll(token, REDACTED), text);
  const keepHarmless = (_: string, name: string, value: string): string =>
    name + (harmless.test(value.trim()) ? value : REDACTED);
  return withoutTokens.replaceAll(named, keepHarmless).replaceAll(header, keepHarmless);
}

/** Whether a text has something that looks like a credential. */
export function hasCredentials(text: string): boolean {
  return redact(text) !== text;
}
