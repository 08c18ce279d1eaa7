import { visible } from '../../print/visible.ts';
import type { SummaryContext } from '../../reporters/step-summary.ts';
import { asides, plainAside } from '../../suggest/asides.ts';
import { type DiffFile, fitsText } from '../../suggest/diff.ts';
import type { Item } from '../../suggest/items.ts';
import { MAX_FILE_COMMENTS, MAX_LINE_COMMENTS } from '../../suggest/place.ts';
import { select } from '../../suggest/selection.ts';
import type { CommandLine } from '../../suggest/wording.ts';
import type { Message } from '../forge/post.ts';
import { pullContext } from '../forge/pull-context.ts';
import { type PullInputs, rootOf } from '../forge/pull-inputs.ts';
import { writeReport } from '../forge/pull-report.ts';
import type { World } from '../world.ts';
import { convertCommand } from './command-line.ts';
import { tell as tellProblems } from './converting.ts';
import type { SuggestFlags } from './suggest.ts';

/** Everything that the steps of the command share. */
export interface Run {
  readonly paths: readonly string[];
  readonly flags: SuggestFlags;
  readonly world: World;
  readonly tell: (line: string) => void;
}

/** The findings of a run. */
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

/** The findings, and the command that makes the edits. */
export interface Found {
  readonly items: readonly Item[];
  readonly context: SummaryContext;
}

/** @returns what there is to tell; where the diff is of another commit than the files, people are told */
export function findingsFor(inputs: PullInputs, diff: readonly DiffFile[] | undefined, run: Run): Found {
  const { flags, world, tell } = run;
  const { conversion, files } = inputs;
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
  const context = pullContext(inputs, diff, rootOf(world).root);
  const selection = select(conversion, { diff, filter, ...context });
  const command = commandOf(run);
  const sources = [...files.values()];
  const lines = asides(selection, sources, command);
  return { items: selection.items, context: { command, files: sources, asides: lines } };
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
    filter: run.flags.filter ?? 'new',
  };
}

/** Says in the log what is no reason for a comment. */
export function tellAsides({ asides: lines }: SummaryContext, { tell }: Run): void {
  for (const line of lines) tell(visible(`vs2route: ${plainAside(line)}`));
}

function commandOf({ paths, flags, world }: Run): CommandLine {
  return convertCommand(paths, flags, rootOf(world).fromRoot);
}
