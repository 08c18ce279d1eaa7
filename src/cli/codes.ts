import type { Command } from 'commander';
import type { CatalogEntry } from '../diagnostics/catalog.ts';
import type { ExitCode } from './exit-code.ts';
import { addCommonFlags, type CommonFlags, colorFlag } from './flags.ts';
import { paletteFor, type World } from './world.ts';

/** Adds `vs2route codes`. */
export function addCodes(program: Command, world: World, exit: (code: ExitCode) => void): void {
  const command = program.command('codes').description('list all codes');
  addCommonFlags(command).action(async (flags: CommonFlags) => {
    const { catalog } = await import('../diagnostics/catalog.ts');
    const palette = paletteFor(world.stdout, colorFlag(flags), world.env);
    const entries: readonly (readonly [string, CatalogEntry])[] = Object.entries(catalog);
    const width = Math.max(0, ...entries.map(([code]) => code.length));
    for (const [code, { severity, fate, message }] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const painted = palette[severity](severity.padEnd('warning'.length));
      const text = message.replaceAll(/\{(\w+)\}/g, '<$1>');
      world.stdout.write(
        `${code.padEnd(width)}  ${painted}  ${fate.padEnd('needs-input'.length)}  ${text}\n`,
      );
    }
    exit(0);
  });
}
