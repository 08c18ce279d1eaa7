import stringWidth from 'string-width';
import { isKustomizationFile } from '../1-read/manifests.ts';
import type { Diagnostic, Location } from '../diagnostics/diagnostic.ts';
import { REDACTED, redact } from '../suggest/credentials.ts';
import type { Palette } from './palette.ts';
import { type ShownLine, showLine } from './source-line.ts';
import { visible } from './visible.ts';

/** @returns the text of a file that was read, by its path */
export type TextOf = (path: string) => string | undefined;

/**
 * The lines that a diagnostic speaks of, its own and the related ones, each with its file and position above it and
 * a mark below it.
 */
export function codeFrame(diagnostic: Diagnostic, textOf: TextOf, palette: Palette): readonly string[] {
  const { location, related } = diagnostic;
  const lines = [location, ...related.map(({ location }) => location)].map(({ start }) => start.line);
  const margin = ' '.repeat(String(Math.max(...lines)).length);
  const paint = palette[diagnostic.severity];
  return [
    `${margin}${palette.faint('-->')} ${formatLocation(location)}`,
    ...excerpt(location, paint('^'), '', margin, textOf, palette),
    ...related.flatMap(({ message, location: other }) => [
      `${margin}${palette.faint(':::')} ${formatLocation(other)}`,
      ...excerpt(other, palette.info('-'), palette.info(message), margin, textOf, palette),
    ]),
  ];
}

/** @returns `file:line:column`, which terminals and editors can jump to */
export function formatLocation({ file, start }: Location): string {
  return `${visible(file)}:${start.line}:${start.column}`;
}

/** Whether a text is of a kind that people expect to see quoted: a file that was named by mistake is not. */
function isManifest(path: string, text: string): boolean {
  return isKustomizationFile(path) || /^[-\s"'{]*(?:apiVersion|kind)["']?\s*:/m.test(text);
}

/** The line before tells of a header what its value is. */
const KEYS_BEGIN = '-----BEGIN';

function withoutCredentials(
  text: string,
  range: { readonly start: number; readonly end: number },
): ShownLine {
  const shown = showLine(text, range);
  const start = text.lastIndexOf('\n', Math.max(0, range.start - 1)) + 1;
  const before = text.slice(text.lastIndexOf('\n', start - 2) + 1, start);
  const isInKey = text.lastIndexOf(KEYS_BEGIN, range.start) > text.lastIndexOf('-----END', range.start);
  const redacted = isInKey ? REDACTED : redact(`${before}${shown.text}`).slice(redact(before).length);
  if (redacted === shown.text) return shown;
  const indent = Math.min(shown.indent, redacted.length - redacted.trimStart().length);
  return { text: redacted, indent, width: Math.max(1, stringWidth(redacted.trimStart())) };
}

function excerpt(
  location: Location,
  mark: string,
  label: string,
  margin: string,
  textOf: TextOf,
  palette: Palette,
): readonly string[] {
  const text = textOf(location.file);
  const bar = palette.faint('|');
  if (text === undefined || text === '' || !isManifest(location.file, text))
    return label === '' ? [] : [`${margin} ${bar} ${label}`];
  const shown = withoutCredentials(text, location.range);
  const number = String(location.start.line).padStart(margin.length);
  const underline = `${' '.repeat(shown.indent)}${mark.repeat(shown.width)}`;
  return [
    `${margin} ${bar}`,
    `${palette.faint(number)} ${bar} ${shown.text}`.trimEnd(),
    `${margin} ${bar} ${underline}${label === '' ? '' : ` ${label}`}`,
  ];
}
