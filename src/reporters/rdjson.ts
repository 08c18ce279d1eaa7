import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { plainLine } from '../suggest/bodies.ts';
import type { Part } from '../suggest/changes.ts';
import { CONVERTIBLE } from '../suggest/convertible.ts';
import { hasCredentials, redact } from '../suggest/credentials.ts';
import { solid } from '../suggest/dialect.ts';
import type { ChangeItem, Item } from '../suggest/items.ts';
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

/** @returns one object with everything */
export function rdjson(items: readonly Item[]): string {
  const result: DiagnosticResult = { source, severity: 'WARNING', diagnostics: rdDiagnostics(items) };
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** @returns one object on each line */
export function rdjsonl(items: readonly Item[]): string {
  return rdDiagnostics(items)
    .map(diagnostic => `${JSON.stringify(diagnostic)}\n`)
    .join('');
}

function rdDiagnostics(items: readonly Item[]): readonly RdDiagnostic[] {
  return items.flatMap(item =>
    item.kind === 'change' ? changeDiagnostics(item) : item.diagnostics.map(ofDiagnostic),
  );
}

function changeDiagnostics(item: ChangeItem): readonly RdDiagnostic[] {
  const { parts } = item.change;
  const together = parts.length > 1 ? [`This takes ${parts.length} edits, which belong together.`] : [];
  const message = [plainLine(item), ...item.diagnostics.filter(isDifference).map(said), ...together];
  return parts.map(part => {
    const suggestion = touchesSecret(item.change) ? undefined : suggestionOf(part);
    const range = suggestion?.range ?? lines(part.range.start, part.range.end);
    return {
      // What there is to say is said once.
      message: (part === item.main ? message : [plainLine(item), ...together]).join('\n'),
      severity: item.level === 'warning' ? 'WARNING' : 'INFO',
      source,
      location: { path: part.file.path, range },
      code: { value: CONVERTIBLE },
      ...(suggestion && { suggestions: [suggestion] }),
    };
  });
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
