import type { Conversion } from '../conversion.ts';
import { entryOf } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Palette } from '../print/palette.ts';
import { count, summary } from '../print/summary.ts';
import { visible } from '../print/visible.ts';
import { asksForNothing } from './asks-for-nothing.ts';
import { codeFrames, formatLocation, type TextOf } from './code-frame.ts';
import { type DiagnosticGroup, groupDiagnostics } from './group-diagnostics.ts';
import { wrap } from './wrap.ts';

/** How much to print, and how. */
export interface TextOptions {
  readonly palette: Palette;
  /** Errors alone, without the closing summary. */
  readonly quiet: boolean;
  /** Every diagnostic on its own, those that ask for nothing included. */
  readonly verbose?: boolean;
  /** Columns of the terminal; 100 by default. */
  readonly width?: number;
}

const USUAL_WIDTH = 100;
/** Longer lines of prose are hard to read. */
const WIDEST = 110;

/**
 * The report for people: every code once with its places, errors first, then the outcome of everything. Diagnostics that
 * ask for nothing are counted, not printed, unless `verbose` asks for them.
 */
export function textReport(
  { resources, diagnostics }: Pick<Conversion, 'resources' | 'diagnostics'>,
  textOf: TextOf,
  options: TextOptions,
): string {
  const { palette, quiet, verbose = false } = options;
  const wanted = diagnostics.filter(({ severity }) => !quiet || severity === 'error');
  const shown = verbose || quiet ? wanted : wanted.filter(diagnostic => !asksForNothing(diagnostic));
  const say = printer(textOf, options);
  const groups = verbose ? shown.map(one => ({ diagnostics: [one] })) : groupDiagnostics(shown);
  const blocks = groups.map(group => say(group.diagnostics));
  if (!quiet) blocks.push(summary(resources, palette));
  const left = wanted.length - shown.length;
  const hints = [
    ...(left === 0
      ? []
      : [`${count(left, 'note')} ${left === 1 ? 'asks' : 'ask'} for no action: --verbose prints them.`]),
    ...(shown.length === 0 ? [] : ['`vs2route explain CODE` explains a code.']),
  ];
  if (!quiet) blocks.push(hints);
  return joinBlocks(blocks);
}

/** @returns the warnings of a conversion, each code once with its places, as lines */
export function attention(
  conversion: Conversion,
  textOf: TextOf,
  options: Omit<TextOptions, 'quiet'>,
): readonly string[] {
  const warnings = conversion.diagnostics.filter(({ severity }) => severity === 'warning');
  const say = printer(textOf, { ...options, quiet: false });
  const blocks = groupDiagnostics(warnings).map(group => say(group.diagnostics));
  const text = joinBlocks(blocks);
  return text === '' ? [] : ['', ...text.trimEnd().split('\n'), ''];
}

/** Blank lines around blocks of two or more lines, none between single ones. */
function joinBlocks(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter(lines => lines.length > 0);
  return filled
    .flatMap((lines, index) => {
      const previous = filled[index - 1];
      const apart = previous !== undefined && (lines.length > 1 || previous.length > 1);
      return apart ? ['', ...lines] : lines;
    })
    .map(line => `${line}\n`)
    .join('');
}

type Print = (diagnostics: DiagnosticGroup['diagnostics']) => readonly string[];

function printer(textOf: TextOf, { palette, width = USUAL_WIDTH, verbose = false }: TextOptions): Print {
  const columns = Math.min(width, WIDEST);
  const frameOf = codeFrames(textOf, palette, width);
  // With --verbose every diagnostic stands on its own.
  const isNew = verbose ? () => true : onlyOnce();
  const notes = (why: readonly string[], fixes: readonly string[]): readonly string[] => [
    ...why.flatMap(text => note('why', text, isNew, palette, columns)),
    ...fixes.flatMap(text => note('fix', text, isNew, palette, columns)),
  ];
  return diagnostics => {
    const [first, second] = diagnostics;
    if (first === undefined) return [];
    if (second !== undefined) return together(diagnostics, notes, palette, columns);
    return first.severity === 'info' && !verbose
      ? brief(first, notes, palette)
      : alone(first, notes, frameOf, palette);
  };
}

type Notes = (why: readonly string[], fixes: readonly string[]) => readonly string[];

function brief(diagnostic: Diagnostic, notes: Notes, palette: Palette): readonly string[] {
  const { message, location, why, remedy } = diagnostic;
  const line = `${headOf(diagnostic, palette)} ${visible(message)} ${palette.faint(`(${formatLocation(location)})`)}`;
  return asksForNothing(diagnostic) ? [line] : [line, ...notes([why], [remedy])];
}

function alone(
  diagnostic: Diagnostic,
  notes: Notes,
  frameOf: ReturnType<typeof codeFrames>,
  palette: Palette,
): readonly string[] {
  const { message, why, remedy, path, resource, severity } = diagnostic;
  const subject =
    resource && `${resource.kind} ${[resource.namespace, resource.name].filter(Boolean).join('/')}`;
  // An error keeps its object as it is.
  const isKept =
    severity === 'error' && (resource?.kind === 'VirtualService' || resource?.kind === 'Gateway');
  const object = isKept && subject !== undefined ? `${subject} (not converted)` : subject;
  const about = visible([object, path].filter(Boolean).join(', '));
  return [
    `${headOf(diagnostic, palette)} ${palette.strong(visible(message))}`,
    ...frameOf(diagnostic),
    ...(about === '' ? [] : [`${palette.faint('  in ')} ${about}`]),
    ...notes([why], [remedy]),
  ];
}

/** Two or more findings of one code: each message once with its places, then the reason and the action. */
function together(
  diagnostics: readonly Diagnostic[],
  notes: Notes,
  palette: Palette,
  columns: number,
): readonly string[] {
  const [first] = diagnostics;
  if (first === undefined) return [];
  const places = new Map<string, string[]>();
  for (const { message, location } of diagnostics) {
    const known = places.get(message);
    if (known === undefined) places.set(message, [formatLocation(location)]);
    else known.push(formatLocation(location));
  }
  const head = headOf(first, palette);
  const [same] = places.size === 1 ? [...places] : [];
  if (same !== undefined) {
    const [message, own] = same;
    return [
      `${head} in ${count(own.length, 'place')}: ${palette.strong(visible(message))}`,
      ...wrap(listed(own, MOST_SAME), columns - 2).map(line => palette.faint(`  ${line}`)),
      ...notesOf(diagnostics, notes),
    ];
  }
  return [
    `${head} in ${count(diagnostics.length, 'place')}:`,
    ...[...places].map(
      ([message, own]) => `  ${visible(message)} ${palette.faint(`(${listed(own, MOST_OF_EACH)})`)}`,
    ),
    ...notesOf(diagnostics, notes),
  ];
}

/** Places that are listed; --verbose and the report for programs have all. */
const MOST_SAME = 20;
const MOST_OF_EACH = 2;

function listed(places: readonly string[], most: number): string {
  const more = places.length - most;
  const shown = places.slice(0, most).join(', ');
  return more > 0 ? `${shown}, and in ${count(more, 'more place')}` : shown;
}

/** More fixes than these are said once, with `<name>` for the values. */
const MOST_FIXES = 3;

function notesOf(diagnostics: readonly Diagnostic[], notes: Notes): readonly string[] {
  const [first] = diagnostics;
  if (first === undefined) return [];
  const { why, remedy } = entryOf(first.code);
  return notes(
    distinct(
      diagnostics.map(one => one.why),
      why,
    ),
    distinct(
      diagnostics.map(one => one.remedy),
      remedy,
    ),
  );
}

function distinct(texts: readonly string[], template: string): readonly string[] {
  const different = [...new Set(texts)];
  const isOnlyAValue = /^\{\w+\}$/.test(template);
  if (different.length <= MOST_FIXES || isOnlyAValue) return different;
  return [template.replaceAll(/\{(\w+)\}/g, '<$1>')];
}

function headOf({ code, severity }: Diagnostic, palette: Palette): string {
  return palette[severity](`${severity}[${code}]`);
}

function note(
  name: string,
  text: string,
  isNew: (text: string) => boolean,
  palette: Palette,
  columns: number,
): readonly string[] {
  if (text === '' || !isNew(text)) return [];
  const [first = '', ...others] = wrap(visible(text), columns - 8);
  return [`${palette.faint(`  ${name}:`)} ${first}`, ...others.map(line => `       ${line}`)];
}

/** @returns a function that is true for a text that it was not asked about before */
function onlyOnce(): (text: string) => boolean {
  const told = new Set<string>();
  return text => {
    const isNew = !told.has(text);
    told.add(text);
    return isNew;
  };
}
