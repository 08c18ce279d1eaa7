import type { Diagnostic, Location } from '../diagnostics/diagnostic.ts';
import type { Palette } from './palette.ts';
import { showLine } from './source-line.ts';
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
  if (text === undefined || text === '') return label === '' ? [] : [`${margin} ${bar} ${label}`];
  const shown = showLine(text, location.range);
  const number = String(location.start.line).padStart(margin.length);
  const underline = `${' '.repeat(shown.indent)}${mark.repeat(shown.width)}`;
  return [
    `${margin} ${bar}`,
    `${palette.faint(number)} ${bar} ${shown.text}`.trimEnd(),
    `${margin} ${bar} ${underline}${label === '' ? '' : ` ${label}`}`,
  ];
}
