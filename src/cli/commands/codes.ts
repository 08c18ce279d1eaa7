import type { Command } from 'commander';
import type { ExitCode } from '../exit-code.ts';
import { addCommonFlags, type CommonFlags, colorFlag } from '../flags/flags.ts';
import { paletteFor, type World } from '../world.ts';

interface CodesFlags extends CommonFlags {
  readonly json?: boolean;
}

/** Adds `vs2route codes`. */
export function addCodes(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program
    .command('codes')
    .description('list all codes by family')
    .option('--json', 'print JSON');
  addCommonFlags(command).action(async (flags: CodesFlags) => {
    const { codesOf, familiesAsJson, familyNames } = await import('../../print/codes.ts');
    const { families } = await import('../../diagnostics/families.ts');
    if (flags.json) {
      world.stdout.write(`${JSON.stringify(familiesAsJson(), null, 2)}\n`);
      exit(0);
      return;
    }
    const palette = paletteFor(world.stdout, colorFlag(flags), world.env);
    const groups = familyNames.map(family => ({ family, codes: codesOf(family) }));
    const width = Math.max(0, ...groups.flatMap(({ codes }) => codes.map(([code]) => code.length)));
    for (const [index, { family, codes }] of groups.entries()) {
      const head = `${palette.strong(families[family].title)} ${palette.faint(`(${family})`)}\n`;
      world.stdout.write(`${index === 0 ? '' : '\n'}${head}`);
      for (const [code, { severity, fate, message }] of codes) {
        const painted = palette[severity](severity.padEnd('warning'.length));
        const text = message.replaceAll(/\{(\w+)\}/g, '<$1>');
        world.stdout.write(
          `${code.padEnd(width)}  ${painted}  ${fate.padEnd('needs-input'.length)}  ${text}\n`,
        );
      }
    }
    exit(0);
  });
}
