import type { Conversion } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { codeFrames, formatLocation, type TextOf } from './code-frame.ts';
import type { Palette } from './palette.ts';
import { summary } from './summary.ts';
import { visible } from './visible.ts';
import { wrap } from './wrap.ts';

/** How much to tell, and how. */
export interface TextOptions {
  readonly palette: Palette;
  /** Errors alone, without the closing summary. */
  readonly quiet: boolean;
}

/** The report for people: every diagnostic with the lines it speaks of, then what became of everything. */
export function textReport(conversion: Conversion, textOf: TextOf, options: TextOptions): string {
  const { palette, quiet } = options;
  const { resources, diagnostics } = conversion;
  const isNew = onlyOnce();
  const frameOf = codeFrames(textOf, palette);
  const shown = diagnostics.filter(({ severity }) => !quiet || severity === 'error');
  const blocks = shown.map(diagnostic =>
    diagnostic.severity === 'info' ? brief(diagnostic, palette) : full(diagnostic, frameOf, palette, isNew),
  );
  if (!quiet) blocks.push(summary(resources, palette));
  if (!quiet && shown.length > 0) blocks.push(['`vs2route explain CODE` tells more about a code.']);
  return joinBlocks(blocks);
}

/** Blank lines around blocks of several lines, none between single ones. */
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

function brief({ code, severity, message, location }: Diagnostic, palette: Palette): readonly string[] {
  const head = palette[severity](`${severity}[${code}]`);
  return [`${head} ${visible(message)} ${palette.faint(`(${formatLocation(location)})`)}`];
}

function full(
  diagnostic: Diagnostic,
  frameOf: ReturnType<typeof codeFrames>,
  palette: Palette,
  isNew: (text: string) => boolean,
): readonly string[] {
  const { code, severity, message, why, remedy, path, resource } = diagnostic;
  const head = palette[severity](`${severity}[${code}]`);
  const subject =
    resource && `${resource.kind} ${[resource.namespace, resource.name].filter(Boolean).join('/')}`;
  const about = visible([subject, path].filter(Boolean).join(', '));
  // A hundred VirtualServices with one trouble need to hear once what to do about it.
  const notes = [...note('why', why, isNew, palette), ...note('fix', remedy, isNew, palette)];
  return [
    `${head} ${palette.strong(visible(message))}`,
    ...frameOf(diagnostic),
    ...(about === '' ? [] : [`${palette.faint('  in ')} ${about}`]),
    ...notes,
  ];
}

function note(
  name: string,
  text: string,
  isNew: (text: string) => boolean,
  palette: Palette,
): readonly string[] {
  if (text === '' || !isNew(text)) return [];
  const [first = '', ...others] = wrap(visible(text), 92);
  return [`${palette.faint(`  ${name}:`)} ${first}`, ...others.map(line => `       ${line}`)];
}

/** @returns a function that says yes when it is asked about a text for the first time */
function onlyOnce(): (text: string) => boolean {
  const told = new Set<string>();
  return text => {
    const isNew = !told.has(text);
    told.add(text);
    return isNew;
  };
}
