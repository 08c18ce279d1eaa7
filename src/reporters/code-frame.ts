import stringWidth from 'string-width';
import { isKustomizationFile } from '../1-read/manifests.ts';
import type { Diagnostic, Location } from '../diagnostics/diagnostic.ts';
import type { Palette } from '../print/palette.ts';
import { visible } from '../print/visible.ts';
import { REDACTED, redact } from '../suggest/credentials.ts';
import { LONGEST_LINE, type ShownLine, showLine } from './source-line.ts';

/** @returns the text of a file that was read, by its path */
export type TextOf = (path: string) => string | undefined;

/**
 * Shows the lines that a diagnostic speaks of, its own and the related ones, each with its file and position above it and
 * a mark below it. Each file as a whole is looked at once.
 *
 * @param columns of the terminal: longer lines are cut, so that marks stay below what they mark
 */
export function codeFrames(
  textOf: TextOf,
  palette: Palette,
  columns = Number.POSITIVE_INFINITY,
): (diagnostic: Diagnostic) => readonly string[] {
  const known = new Map<string, QuotedFile | undefined>();
  const fileOf = (path: string) => {
    if (!known.has(path)) known.set(path, quotedFile(path, textOf(path)));
    return known.get(path);
  };
  return diagnostic => codeFrame(diagnostic, fileOf, palette, columns);
}

/** A file of which lines may be shown. */
interface QuotedFile {
  readonly text: string;
  /** Where each private key begins and ends, in their order. */
  readonly keys: readonly { readonly start: number; readonly end: number }[];
}

/** @returns undefined for what nobody expects to see quoted */
function quotedFile(path: string, text: string | undefined): QuotedFile | undefined {
  if (text === undefined || text === '' || !isManifest(path, text)) return undefined;
  const keys = [];
  for (let start = text.indexOf(KEYS_BEGIN); start !== -1; ) {
    const found = text.indexOf(KEYS_END, start);
    const end = found === -1 ? text.length : found;
    keys.push({ start, end });
    start = text.indexOf(KEYS_BEGIN, end);
  }
  return { text, keys };
}

function codeFrame(
  diagnostic: Diagnostic,
  fileOf: (path: string) => QuotedFile | undefined,
  palette: Palette,
  columns: number,
): readonly string[] {
  const { location, related } = diagnostic;
  const lines = [location, ...related.map(({ location }) => location)].map(({ start }) => start.line);
  const margin = ' '.repeat(String(Math.max(...lines)).length);
  const paint = palette[diagnostic.severity];
  // Number, bar, and a mark at each end of a cut line.
  const longest = Math.min(LONGEST_LINE, columns - margin.length - 5);
  return [
    `${margin}${palette.faint('-->')} ${formatLocation(location)}`,
    ...excerpt(location, paint('^'), '', margin, fileOf, palette, longest),
    ...related.flatMap(({ message, location: other }) => [
      `${margin}${palette.faint(':::')} ${formatLocation(other)}`,
      ...excerpt(other, palette.info('-'), palette.info(message), margin, fileOf, palette, longest),
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
const KEYS_END = '-----END';

function withoutCredentials(
  { text, keys }: QuotedFile,
  range: { readonly start: number; readonly end: number },
  longest: number,
): ShownLine {
  const shown = showLine(text, range, longest);
  const start = text.lastIndexOf('\n', Math.max(0, range.start - 1)) + 1;
  const before = text.slice(text.lastIndexOf('\n', start - 2) + 1, start);
  const isInKey = keys.some(key => key.start <= range.start && range.start < key.end);
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
  fileOf: (path: string) => QuotedFile | undefined,
  palette: Palette,
  longest: number,
): readonly string[] {
  const file = fileOf(location.file);
  const bar = palette.faint('|');
  if (file === undefined) return label === '' ? [] : [`${margin} ${bar} ${label}`];
  const shown = withoutCredentials(file, location.range, longest);
  const number = String(location.start.line).padStart(margin.length);
  const underline = `${' '.repeat(shown.indent)}${mark.repeat(shown.width)}`;
  return [
    `${margin} ${bar}`,
    `${palette.faint(number)} ${bar} ${shown.text}`.trimEnd(),
    `${margin} ${bar} ${underline}${label === '' ? '' : ` ${label}`}`,
  ];
}
