import { visible } from '../reporters/visible.ts';
import type { CommandLine } from '../suggest/bodies.ts';
import { type DiffFile, fitsText } from '../suggest/diff.ts';
import { type Item, itemsOf, scopeOf } from '../suggest/items.ts';
import { MAX_FILE_COMMENTS, MAX_LINE_COMMENTS } from '../suggest/place.ts';
import { convertCommand } from './command-line.ts';
import { tell as tellProblems } from './converting.ts';
import type { Message } from './post.ts';
import { type PullInputs, rootOf } from './pull-inputs.ts';
import { writeReport } from './pull-report.ts';
import type { SuggestFlags } from './suggest.ts';
import type { World } from './world.ts';

/** Everything that the steps of the command share. */
export interface Run {
  readonly paths: readonly string[];
  readonly flags: SuggestFlags;
  readonly world: World;
  readonly tell: (line: string) => void;
}

/** What a run found. */
export interface Result {
  readonly items: readonly Item[];
  /** Whether an input could not be read, or a report not be written; it was told. */
  readonly isBroken: boolean;
}

export const nothingRead: Result = { items: [], isBroken: true };

/** Writes the report that was asked for, too. */
export function isBroken(inputs: PullInputs, { flags, world }: Run): boolean {
  const failed = writeReport(inputs, flags, world);
  tellProblems(failed, world, flags);
  return inputs.problems.length + failed.length > 0;
}

/** @returns what there is to tell; where the diff is of another commit than the files, people are told */
export function itemsFor(
  { conversion, files }: PullInputs,
  diff: readonly DiffFile[] | undefined,
  { flags, tell }: Run,
): readonly Item[] {
  const misfits = (diff ?? []).filter(file => {
    const source = files.get(file.path);
    return source !== undefined && file.status !== 'deleted' && !fitsText(file, source.text);
  });
  if (misfits.length > 0) {
    const names = misfits.slice(0, 3).map(({ path }) => visible(path));
    tell(
      `warning: the diff does not fit ${names.join(', ')}${misfits.length > 3 ? ` and ${misfits.length - 3} more` : ''}: it is of another commit than the files. Check out the head of the pull request, not its merge with the target.`,
    );
  }
  const { filter = 'new' } = flags;
  const items = itemsOf(
    conversion,
    scopeOf(diff, filter),
    // What cannot be read is told wherever the pull request changes it.
    scopeOf(diff, filter === 'new' ? 'added' : filter),
  );
  if (filter === 'new' && diff !== undefined) {
    const edited = itemsOf(conversion, scopeOf(diff, 'added')).filter(({ kind }) => kind === 'change').length;
    const others = edited - items.filter(({ kind }) => kind === 'change').length;
    if (others > 0)
      tell(
        `vs2route: ${others} ${others === 1 ? 'change' : 'changes'} to what could be routes; --filter added suggests those, too.`,
      );
  }
  return items;
}

export function messageOf(
  items: readonly Item[],
  diff: readonly DiffFile[],
  { files }: PullInputs,
  run: Run,
): Message {
  return {
    items,
    diff,
    files,
    command: commandOf(run),
    tag: run.flags.tag ?? '',
    maxLineComments: run.flags.maxComments ?? MAX_LINE_COMMENTS,
    maxFileComments: MAX_FILE_COMMENTS,
  };
}

export function commandOf({ paths, flags, world }: Run): CommandLine {
  return convertCommand(paths, flags, rootOf(world).fromRoot);
}
