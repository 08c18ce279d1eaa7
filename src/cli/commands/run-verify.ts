import { resolve } from 'node:path';
import { limitsInShort } from '../../reporters/limits.ts';
import { textReport } from '../../reporters/text.ts';
import { printVerification } from '../../reporters/verify-json.ts';
import { verificationText } from '../../reporters/verify-text.ts';
import { clusterOf } from '../cluster/flags.ts';
import { asInputs } from '../cluster/read.ts';
import type { ExitCode } from '../exit-code.ts';
import { readSources } from '../files/beside.ts';
import { shownPath } from '../files/paths.ts';
import { type Inputs, readInputs } from '../files/read.ts';
import { withConfig } from '../flags/config.ts';
import { colorFlag, toOptions } from '../flags/flags.ts';
import { createProgress } from '../progress.ts';
import { paletteFor, type World } from '../world.ts';
import { tell } from './converting.ts';
import type { VerifyFlags } from './verify.ts';

/**
 * Compares what two paths lead to.
 *
 * @param before undefined for the cluster that the flags name
 */
export async function runVerify(
  before: string | undefined,
  after: string,
  given: VerifyFlags,
  world: World,
): Promise<ExitCode> {
  const flags = withConfig(given, world);
  const progress = await createProgress(world, flags);
  const reading = { ignoreFiles: flags.ignore, exclude: flags.exclude };
  const old =
    before === undefined
      ? asInputs(await clusterOf(flags, world, 'verify'))
      : await readInputs([before], world, reading, progress);
  const now = await readInputs([after], world, reading, progress);
  const facts = await readInputs(flags.with ?? [], world, {}, progress);
  const unread = [...old.problems, ...now.problems, ...facts.problems];
  progress.stop();
  tell(unread, world, flags);
  if ([old, now].some(({ read, passed }) => read.length + passed.length === 0)) return 2;
  const { buildSide, compareSides } = await import('./built-side.ts');
  progress.at('Comparing');
  const sources = [old, now, facts].map(({ read }) => read.map(({ source }) => source));
  const factFiles = sources[2] ?? [];
  const shown = (path: string): string => shownPath(path, world.cwd, path);
  const sideOf = ({ read, beside, sources }: Inputs, argument: string) =>
    buildSide(read, {
      top: resolve(world.cwd, argument),
      world,
      shown,
      beside,
      sources: readSources(sources),
    });
  const sides = [sideOf(old, before ?? 'cluster'), sideOf(now, after)] as const;
  const failures = sides.flatMap(side => side.failures);
  tell(failures, world, flags);
  if (failures.length > 0) return 2;
  const { from: _from, ...options } = toOptions(flags);
  const from = flags.from === undefined ? {} : { from: flags.from };
  const { verification, builders } = compareSides(...sides, factFiles, { ...options, ...from });
  progress.stop();
  if (flags.quiet !== true && builders.length > 0)
    world.stderr.write(`Overlays built with ${builders.join(' and ')}.\n`);
  if (flags.format === 'json') {
    const missing = unread.map(({ path, message }) => ({ path, message }));
    world.stdout.write(printVerification(verification, missing));
  } else
    world.stdout.write(verificationText(verification, paletteFor(world.stdout, colorFlag(flags), world.env)));
  const { faults } = verification;
  const texts = new Map(sources.flat().map(({ path, text }) => [path, text]));
  const palette = paletteFor(world.stderr, colorFlag(flags), world.env);
  const told = { resources: [], diagnostics: faults };
  world.stderr.write(textReport(told, path => texts.get(path), { palette, quiet: true }));
  if (flags.quiet !== true && verification.vantages.length + verification.added.length === 0)
    world.stderr.write('Neither says anything of any host: nothing was compared.\n');
  else if (flags.quiet !== true && flags.format !== 'json') world.stderr.write(limitsInShort());
  // A fault of a file that both sides only lean on is told, and decides nothing.
  const ownProblems = old.problems.length + now.problems.length;
  if (ownProblems > 0 || faults.length + verification.unread.length > 0) return 2;
  return verification.same ? 0 : 1;
}
