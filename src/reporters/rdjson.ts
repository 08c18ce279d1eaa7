import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { plainLine } from '../suggest/bodies.ts';
import type { Part } from '../suggest/changes.ts';
import { CONVERTIBLE, REMOVED_IN_USE } from '../suggest/convertible.ts';
import { hasCredentials, redact } from '../suggest/credentials.ts';
import { solid } from '../suggest/dialect.ts';
import type { DiffFile } from '../suggest/diff.ts';
import type { ChangeItem, Item, LossItem } from '../suggest/items.ts';
import { offeredParts } from '../suggest/offered.ts';
import { touchesSecret } from '../suggest/patch.ts';

/**
 * Reviewdog's own format. Ranges have lines only, since its columns count bytes; the last line is in the range.
 *
 * @see https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
 */
export interface DiagnosticResult {
  readonly source: { readonly name: string };
  readonly severity: RdSeverity;
  readonly diagnostics: readonly RdDiagnostic[];
}

type RdSeverity = 'ERROR' | 'WARNING' | 'INFO';

export interface RdDiagnostic {
  readonly message: string;
  readonly severity: RdSeverity;
  readonly source: { readonly name: string };
  readonly location: RdLocation;
  readonly code: { readonly value: string };
  readonly suggestions?: readonly { readonly range: RdRange; readonly text: string }[];
  readonly related_locations?: readonly { readonly message: string; readonly location: RdLocation }[];
}

interface RdLocation {
  readonly path: string;
  readonly range: RdRange;
}

interface RdRange {
  readonly start: { readonly line: number };
  readonly end: { readonly line: number };
}

const source = { name: 'vs2route' };

/**
 * @param diff what the pull request changes; undefined where everything matters
 * @returns one object with everything
 */
export function rdjson(items: readonly Item[], diff?: readonly DiffFile[]): string {
  const result: DiagnosticResult = { source, severity: 'WARNING', diagnostics: rdDiagnostics(items, diff) };
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** @returns one object on each line */
export function rdjsonl(items: readonly Item[], diff?: readonly DiffFile[]): string {
  return rdDiagnostics(items, diff)
    .map(diagnostic => `${JSON.stringify(diagnostic)}\n`)
    .join('');
}

function rdDiagnostics(
  items: readonly Item[],
  diff: readonly DiffFile[] | undefined,
): readonly RdDiagnostic[] {
  return items.flatMap(item => {
    if (item.kind === 'change') return [changeDiagnostic(item, diff)];
    return item.kind === 'loss' ? [lossDiagnostic(item)] : item.diagnostics.map(ofDiagnostic);
  });
}

/**
 * Reviewdog makes a button of each suggestion. A change that takes edits in several places, or in a file that the pull request
 * does not change, gets none: one part of it alone would break the routes.
 */
function changeDiagnostic(item: ChangeItem, diff: readonly DiffFile[] | undefined): RdDiagnostic {
  const [part, ...others] = offeredParts(item);
  const isWhole = others.length === 0 && part !== undefined && isInDiff(part, diff);
  const suggestion = isWhole && !touchesSecret([part]) ? suggestionOf(part) : undefined;
  const why = isWhole
    ? []
    : [`It takes edits in ${others.length + 1} places: vs2route suggest names the command that makes them.`];
  return {
    message: [plainLine(item), ...item.diagnostics.filter(isDifference).map(said), ...why].join('\n'),
    severity: item.level === 'warning' ? 'WARNING' : 'INFO',
    source,
    location: {
      path: item.path,
      range: suggestion?.range ?? lines(item.main.range.start, item.main.range.end),
    },
    code: { value: CONVERTIBLE },
    ...(suggestion && { suggestions: [suggestion] }),
  };
}

function isInDiff({ file }: Part, diff: readonly DiffFile[] | undefined): boolean {
  return diff === undefined || diff.some(({ path, status }) => path === file.path && status !== 'deleted');
}

function lossDiagnostic(item: LossItem): RdDiagnostic {
  return {
    message: plainLine(item),
    severity: 'ERROR',
    source,
    location: { path: item.path, range: lines(item.line, item.line) },
    code: { value: REMOVED_IN_USE },
  };
}

function isDifference({ fate, severity }: Diagnostic): boolean {
  return fate === 'approximate' || severity === 'warning';
}

function said({ message, code }: Diagnostic): string {
  return redact(`${message} [${code}]`);
}

function suggestionOf({
  file,
  region,
}: Part): { readonly range: RdRange; readonly text: string } | undefined {
  const whole = region && solid(region, file.text);
  // Its text is joined by line feeds, whatever the file has.
  if (whole === undefined || file.text.includes('\r')) return undefined;
  const text = whole.lines.join('\n');
  return hasCredentials(text) ? undefined : { range: lines(whole.range.start, whole.range.end), text };
}

function ofDiagnostic(diagnostic: Diagnostic): RdDiagnostic {
  const { message, why, remedy, severity, location, code, related } = diagnostic;
  return {
    message: redact([message, why, remedy].filter(text => text !== '').join('\n')),
    severity: severity === 'error' ? 'ERROR' : severity === 'warning' ? 'WARNING' : 'INFO',
    source,
    location: locationOf(location),
    code: { value: code },
    ...(related.length > 0 && {
      related_locations: related.map(({ message, location }) => ({
        message: redact(message),
        location: locationOf(location),
      })),
    }),
  };
}

function locationOf({ file, start, end }: Diagnostic['location']): RdLocation {
  // An end at the start of a line is the end of the line before.
  const last = end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
  return { path: file, range: lines(start.line, last) };
}

function lines(start: number, end: number): RdRange {
  return { start: { line: start }, end: { line: Math.max(start, end) } };
}
