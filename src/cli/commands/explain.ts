import type { Command } from 'commander';
import type { Code } from '../../diagnostics/catalog.ts';
import type { CatalogEntry } from '../../diagnostics/catalog-entry.ts';
import type { Family } from '../../diagnostics/families.ts';
import type { Palette } from '../../print/palette.ts';
import { wrap } from '../../reporters/wrap.ts';
import type { ExitCode } from '../exit-code.ts';
import { addCommonFlags, type CommonFlags, colorFlag } from '../flags/flags.ts';
import { Refusal } from '../problem.ts';
import { columnsOf } from '../width.ts';
import { paletteFor, type World } from '../world.ts';

interface ExplainFlags extends CommonFlags {
  readonly json?: boolean;
}

/** Adds `vs2route explain`. */
export function addExplain(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('explain')
    .description('tell the meaning of a code, the reason and the action; or list the codes of a family')
    .argument('<code>', 'a code, as in error[fault-injection], or a family')
    .option('--json', 'print JSON');
  addCommonFlags(command).action(async (text: string, flags: ExplainFlags) => {
    const { catalog, entryOf } = await import('../../diagnostics/catalog.ts');
    const { aliases, aliasesOf, resolveCode, retired } = await import('../../diagnostics/aliases.ts');
    const { families } = await import('../../diagnostics/families.ts');
    const { codeAsJson, familyAsJson, codesOf } = await import('../../print/codes.ts');
    const palette = paletteFor(world.stdout, colorFlag(flags), world.env);
    const print = (value: unknown): unknown => world.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    const code = resolveCode(text);
    const isFamily = Object.hasOwn(families, text);
    const gone = Object.hasOwn(retired, text) ? retired[text] : undefined;
    if (gone !== undefined) {
      if (flags.json) print({ code: text, retired: gone });
      else world.stdout.write(`${text} is not reported any more. ${gone}\n`);
      exit(0);
      return;
    }
    if (code === undefined && !isFamily) {
      const near = await nearest(text, [...Object.keys(catalog), ...Object.keys(aliases)]);
      const remedy = `Did you mean ${near.join(' or ')}? \`vs2route codes\` lists all codes.`;
      throw new Refusal({ path: text, message: 'there is no such code', remedy });
    }
    if (code === undefined) {
      const family = text as Family;
      if (flags.json) print(familyAsJson(family));
      else world.stdout.write(familyText(family, families[family], codesOf(family), palette));
    } else if (flags.json) print(codeAsJson(code));
    else {
      const width = Math.min(96, columnsOf(world.stdout, world.env) - 2);
      const about = { code, family: families[entryOf(code).family].title, aliases: aliasesOf(code) };
      world.stdout.write(explanation(about, entryOf(code), palette, width));
    }
    exit(0);
  });
}

/** @returns codes that contain the text, else the most similar one */
export async function nearest(text: string, codes: readonly string[]): Promise<readonly string[]> {
  const { closest } = await import('fastest-levenshtein');
  const containing = codes.filter(other => text !== '' && other.includes(text.toLowerCase()));
  return containing.length > 0 ? containing.slice(0, 3) : [closest(text, codes)];
}

interface About {
  readonly code: string;
  /** The title of its family. */
  readonly family: string;
  /** Codes of earlier versions that became this one. */
  readonly aliases: readonly string[];
}

/**
 * The long text of a code. `<name>` stands for a value that a report fills in.
 *
 * @param width of its paragraphs, in columns
 */
export function explanation(
  { code, family, aliases }: About,
  { severity, fate, message, why, remedy, example }: CatalogEntry,
  palette: Palette,
  width = 96,
): string {
  const section = (title: string, text: string): string =>
    `\n${palette.strong(title)}\n${text.trimEnd().replaceAll(/^(?=.)/gm, '  ')}\n`;
  const paragraph = (text: string): string => wrap(withNames(text), width).join('\n');
  return [
    `${palette[severity](`${severity}[${code}]`)} ${palette.faint(`(${family}; ${fateInWords[fate]})`)}\n`,
    aliases.length === 0 ? '' : palette.faint(`formerly ${aliases.join(', ')}\n`),
    section('Message', paragraph(message)),
    section('Why', paragraph(why)),
    section('Action', paragraph(remedy)),
    example === undefined ? '' : section('Example', example),
  ].join('');
}

const fateInWords: Readonly<Record<CatalogEntry['fate'], string>> = {
  approximate: 'converted with differences',
  unsupported: 'not converted',
  'needs-input': 'not converted: something is not found in the input',
  irrelevant: 'no effect today: left out',
  input: 'the input is wrong',
  note: 'no request changes',
};

function familyText(
  family: Family,
  { title, about }: { readonly title: string; readonly about: string },
  codes: readonly (readonly [Code, CatalogEntry])[],
  palette: Palette,
): string {
  const width = Math.max(0, ...codes.map(([code]) => code.length));
  const lines = codes.map(([code, { severity, message }]) => {
    const painted = palette[severity](severity.padEnd('warning'.length));
    return `  ${code.padEnd(width)}  ${painted}  ${withNames(message)}\n`;
  });
  return `${palette.strong(title)} ${palette.faint(`(${family})`)}\n${about}\n\n${lines.join('')}`;
}

function withNames(text: string): string {
  return text.replaceAll(/\{(\w+)\}/g, '<$1>');
}
