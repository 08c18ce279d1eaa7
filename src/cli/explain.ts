import type { Command } from 'commander';
import type { CatalogEntry, Code } from '../diagnostics/catalog.ts';
import type { Palette } from '../reporters/palette.ts';
import { wrap } from '../reporters/wrap.ts';
import type { ExitCode } from './exit-code.ts';
import { addCommonFlags, type CommonFlags, colorFlag } from './flags.ts';
import { Refusal } from './problem.ts';
import { paletteFor, type World } from './world.ts';

/** Adds `vs2route explain`. */
export function addExplain(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('explain')
    .description('tell what a code means, why, and what to do about it')
    .argument('<code>', 'a code, as in error[fault-injection]');
  addCommonFlags(command).action(async (code: string, flags: CommonFlags) => {
    const { catalog } = await import('../diagnostics/catalog.ts');
    const codes = Object.keys(catalog);
    const entry = catalog[code as Code] as CatalogEntry | undefined;
    if (!codes.includes(code) || entry === undefined) {
      const near = await nearest(code, codes);
      const remedy = `Did you mean ${near.join(' or ')}? \`vs2route codes\` lists all codes.`;
      throw new Refusal({ path: code, message: 'there is no such code', remedy });
    }
    world.stdout.write(explanation(code, entry, paletteFor(world.stdout, colorFlag(flags), world.env)));
    exit(0);
  });
}

/** Codes that somebody may have meant: those that contain what was written, else the most similar one. */
async function nearest(code: string, codes: readonly string[]): Promise<readonly string[]> {
  const { closest } = await import('fastest-levenshtein');
  const containing = codes.filter(other => code !== '' && other.includes(code.toLowerCase()));
  return containing.length > 0 ? containing.slice(0, 3) : [closest(code, codes)];
}

/** The long text of a code. `{name}` stands for what a report fills in. */
export function explanation(code: string, entry: CatalogEntry, palette: Palette): string {
  const { severity, fate, message, why, remedy, example } = entry;
  const section = (title: string, text: string): string =>
    `\n${palette.strong(title)}\n${text.trimEnd().replaceAll(/^(?=.)/gm, '  ')}\n`;
  return [
    `${palette[severity](`${severity}[${code}]`)} ${palette.faint(`(${fateInWords[fate]})`)}\n`,
    section('Message', paragraph(message)),
    section('Why', paragraph(why)),
    section('What to do', paragraph(remedy)),
    example === undefined ? '' : section('Example', example),
  ].join('');
}

const fateInWords: Readonly<Record<CatalogEntry['fate'], string>> = {
  approximate: 'converted, with a difference in traffic',
  unsupported: 'has no form: the VirtualService is held back',
  'needs-input': 'a fact is missing: the VirtualService is held back',
  irrelevant: 'without effect: left out',
  input: 'something is wrong with the input',
  note: 'changes nothing',
};

function paragraph(text: string): string {
  return wrap(text.replaceAll(/\{(\w+)\}/g, '<$1>'), 96).join('\n');
}
