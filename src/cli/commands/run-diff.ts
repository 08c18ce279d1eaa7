import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Conversion } from '../../conversion.ts';
import { countLines, type PatchedFile, paintPatch, printPatch } from '../../print/patch.ts';
import { count, formatNumber } from '../../print/summary.ts';
import { visible } from '../../print/visible.ts';
import { fileLines } from '../../reporters/file-lines.ts';
import { headlineOf } from '../../reporters/headline.ts';
import { attention } from '../../reporters/text.ts';
import { type ExitCode, exitCodeOf } from '../exit-code.ts';
import { type Change, changesOf } from '../files/changes.ts';
import { repositoryOf } from '../files/ignore-files.ts';
import { unfinished } from '../files/journal.ts';
import { journalPlaceOf } from '../files/journal-place.ts';
import { commonFolder } from '../files/output-tree.ts';
import { isInside, realPath } from '../files/paths.ts';
import { colorFlag, toOptions } from '../flags/flags.ts';
import { Refusal } from '../problem.ts';
import { columnsOf } from '../width.ts';
import { paletteFor, type World } from '../world.ts';
import { convertPaths } from './converting.ts';
import { lostComments } from './deliver.ts';
import type { DiffFlags } from './diff.ts';
import { tryNext } from './try-next.ts';

/**
 * Prints what writing would change.
 *
 * @throws Refusal for the standard input, which is no file
 */
export async function runDiff(paths: readonly string[], given: DiffFlags, world: World): Promise<ExitCode> {
  if (paths.includes('-'))
    throw new Refusal({
      path: '-',
      message: 'the standard input cannot be compared',
      remedy: '`vs2route convert -` prints its conversion. `diff` needs files.',
    });
  const converted = await convertPaths(paths, given, world);
  if (converted === undefined) return 2;
  const { conversion, inputs, flags, unread, textOf, again } = converted;
  const palette = paletteFor(world.stderr, colorFlag(flags), world.env);
  const width = columnsOf(world.stderr, world.env);
  const changes = changesOf(conversion, inputs, flags.rename);
  const base = commonFolder(paths, [...inputs.read, ...inputs.passed, ...inputs.unread], world.cwd);
  const top = realPath(repositoryOf(base) ?? (isInside(base, world.cwd) ? world.cwd : base));
  const files = changes.map(change => patched(change, top));
  if (flags.nameOnly === true) for (const { path } of changes) world.stdout.write(`${path}\n`);
  else if (flags.stat === true) world.stdout.write(stat(files, columnsOf(world.stdout, world.env)));
  else printPatches(files, flags, world);
  if (flags.quiet !== true)
    for (const line of [
      ...lostComments(changes),
      ...fileLines(conversion, palette),
      ...attention(conversion, textOf, { palette, verbose: flags.verbose === true, width }),
      ...summary(changes, conversion),
      ...tryNext(conversion, toOptions(flags), again),
      ...[unfinished(journalPlaceOf(paths, world.cwd), { ...world, paths })].flatMap(line => line ?? []),
    ])
      world.stderr.write(`${line}\n`);
  if (unread.length > 0 || exitCodeOf(conversion) === 2) return 2;
  return changes.length > 0 ? 1 : 0;
}

function patched({ file, text, target, segments }: Change, top: string): PatchedFile {
  const nameOf = (path: string): string => relative(top, path).split(sep).join('/');
  const oldName = nameOf(realPath(file.absolute));
  const isRenamed = target !== file.absolute;
  const mode = (statSync(file.absolute).mode & 0o111) === 0 ? '100644' : '100755';
  // Through a link it is the file behind it that changes; links are not renamed.
  return { oldName, newName: isRenamed ? nameOf(target) : oldName, mode, text, segments };
}

function printPatches(files: readonly PatchedFile[], flags: DiffFlags, { stdout, env }: World): void {
  const palette = paletteFor(stdout, colorFlag(flags), env);
  for (const file of files) {
    const patch = printPatch(file);
    // The text of a manifest must not move the cursor of a terminal; elsewhere every byte counts.
    const shown = stdout.isTTY === true ? patch.split('\n').map(visible).join('\n') : patch;
    stdout.write(paintPatch(shown, palette));
  }
}

/** Columns of the bars of the longest line: as many as the names leave, within bounds. */
const BARS = { least: 10, most: 40 };

function stat(files: readonly PatchedFile[], columns: number): string {
  if (files.length === 0) return '';
  const named = files.map(file => ({ name: nameIn(file), ...countLines(file) }));
  const longest = Math.max(...named.map(({ name }) => name.length));
  const most = Math.max(1, ...named.map(({ added, removed }) => added + removed));
  const digits = String(most).length;
  const rest = columns - digits - 5;
  const width = Math.min(longest, rest - BARS.least);
  const counts = named.map(one => ({ ...one, name: shortened(one.name, width) }));
  const scale = Math.min(1, Math.min(BARS.most, rest - width) / most);
  const lines = counts.map(({ name, added, removed }) => {
    const bars = '+'.repeat(Math.floor(added * scale)) + '-'.repeat(Math.floor(removed * scale));
    return ` ${name.padEnd(width)} | ${String(added + removed).padStart(digits)} ${bars}\n`;
  });
  const sum = (key: 'added' | 'removed'): string =>
    formatNumber(counts.reduce((total, count) => total + count[key], 0));
  return `${lines.join('')} ${count(files.length, 'file')} changed, ${sum('added')} lines added, ${sum('removed')} removed\n`;
}

/** As git does: the end of a path tells more than its start. */
function shortened(name: string, width: number): string {
  return name.length <= width ? name : `...${name.slice(name.length - width + 3)}`;
}

function nameIn({ oldName, newName, text }: PatchedFile): string {
  if (text === undefined) return `${oldName} (deleted)`;
  return visible(oldName === newName ? oldName : `${oldName} => ${newName}`);
}

function summary(changes: readonly Change[], { resources }: Conversion): readonly string[] {
  const deleted = changes.filter(({ text }) => text === undefined).length;
  const heldBack = resources.filter(({ status }) => status === 'held-back').length;
  const edited = `${count(changes.length - deleted, 'file')} would be edited, ${formatNumber(deleted)} deleted.`;
  const headline = resources.length === 0 ? [] : [`${headlineOf(resources)}.`];
  if (heldBack === 0) return [...headline, edited];
  return [...headline, `${edited} \`vs2route report\` explains what is not converted.`];
}
