import { appendFileSync } from 'node:fs';
import { annotations } from '../reporters/annotations.ts';
import { codeQuality } from '../reporters/code-quality.ts';
import { githubReview } from '../reporters/github.ts';
import { gitlabDiscussions } from '../reporters/gitlab.ts';
import { rdjson, rdjsonl } from '../reporters/rdjson.ts';
import { sarifOfItems } from '../reporters/sarif.ts';
import { stepSummary } from '../reporters/step-summary.ts';
import { visible } from '../reporters/visible.ts';
import { type CommandLine, plainLine } from '../suggest/bodies.ts';
import { redact } from '../suggest/credentials.ts';
import { type Dialect, github, gitlab } from '../suggest/dialect.ts';
import { type DiffFile, fitsText } from '../suggest/diff.ts';
import { type Item, itemsOf, scopeOf } from '../suggest/items.ts';
import { MAX_FILE_COMMENTS, MAX_LINE_COMMENTS, place } from '../suggest/place.ts';
import { headline } from '../suggest/pull-summary.ts';
import { convertCommand } from './command-line.ts';
import { tell as tellProblems } from './converting.ts';
import type { ExitCode } from './exit-code.ts';
import { fails } from './fail-on.ts';
import type { Forge } from './forge.ts';
import { withForge } from './forge-environment.ts';
import { type Clock, ForgeError } from './forge-http.ts';
import { headCommit } from './git.ts';
import { inWords, type Message, post, rehearse } from './post.ts';
import { explainError, Refusal } from './problem.ts';
import { readDiff } from './pull-diff.ts';
import { type PullInputs, readPullInputs, rootOf } from './pull-inputs.ts';
import { writeReport } from './pull-report.ts';
import type { SuggestFlags } from './suggest.ts';
import { programVersion } from './version.ts';
import type { World } from './world.ts';

/** Everything that the steps of the command share. */
interface Run {
  readonly paths: readonly string[];
  readonly flags: SuggestFlags;
  readonly world: World;
  readonly tell: (line: string) => void;
}

/**
 * Reads, converts, and says what a pull request is to be told: to the standard output, or to the forge.
 *
 * @throws Refusal when flags, paths or the environment do not go together; nothing was written then
 */
export async function runSuggest(
  paths: readonly string[],
  flags: SuggestFlags,
  world: World,
  clock: Clock,
): Promise<ExitCode> {
  const tell = (line: string): void => {
    if (flags.quiet !== true) world.stderr.write(`${line}\n`);
  };
  const run: Run = { paths, flags, world, tell };
  if (flags.dryRun === true && flags.post === undefined)
    throw usage('--dry-run', 'says what --post would send', 'Add --post, or leave it out: nothing is sent.');
  const result =
    flags.post === undefined
      ? await print(run)
      : await withForge(flags, world, clock, forge => speak(run, forge));
  if (result.isBroken) return 2;
  return fails(result.items, flags.failOn ?? 'error') ? 1 : 0;
}

interface Result {
  readonly items: readonly Item[];
  /** Whether an input could not be read, or a report not be written; it was told. */
  readonly isBroken: boolean;
}

const nothingRead: Result = { items: [], isBroken: true };

/** Writes the report that was asked for, too. */
function isBroken(inputs: PullInputs, { flags, world }: Run): boolean {
  const failed = writeReport(inputs, flags, world);
  tellProblems(failed, world, flags);
  return inputs.problems.length + failed.length > 0;
}

async function print(run: Run): Promise<Result> {
  const { paths, flags, world, tell } = run;
  const { format = 'markdown' } = flags;
  const diff = await readDiff(flags, world);
  const inputs = await readPullInputs(paths, flags, world);
  if (inputs === undefined) return nothingRead;
  const items = itemsFor(inputs, diff, run);
  const needsDiff = format === 'github' || format === 'gitlab';
  if (needsDiff && diff === undefined)
    throw usage(
      format,
      'needs to know what the pull request changes',
      'Name its target with --base, or its diff with --diff.',
    );
  world.stdout.write(rendered(format, items, diff ?? [], inputs, run));
  tell(`vs2route: ${headline(items)}.`);
  return { items, isBroken: isBroken(inputs, run) };
}

function rendered(
  format: NonNullable<SuggestFlags['format']>,
  items: readonly Item[],
  diff: readonly DiffFile[],
  inputs: PullInputs,
  run: Run,
): string {
  const { world } = run;
  const comments = (dialect: Dialect) =>
    place(items, { ...messageOf(items, diff, inputs, run), dialect, refused: new Set() }).comments;
  switch (format) {
    case 'github':
      return githubReview(comments(github), headCommit(world));
    case 'gitlab':
      return gitlabDiscussions(comments(gitlab), refsFrom(world));
    case 'code-quality':
      return codeQuality(items);
    case 'rdjson':
      return rdjson(items);
    case 'rdjsonl':
      return rdjsonl(items);
    case 'sarif':
      return sarifOfItems(items, { version: programVersion() });
    case 'annotations':
      return annotations(items);
    case 'markdown':
      return stepSummary(items, [], commandOf(run));
  }
}

/** The commits of a merge request, as GitLab CI says them. */
function refsFrom({ env }: World): Parameters<typeof gitlabDiscussions>[1] {
  const { CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA, CI_COMMIT_SHA } = env;
  const head = CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || CI_COMMIT_SHA;
  if (!base || !head) return undefined;
  return { base_sha: base, start_sha: base, head_sha: head };
}

async function speak<Ref>(run: Run, forge: Forge<Ref>): Promise<Result> {
  const { paths, flags, world, tell } = run;
  const pull = await orRefuse(forge, forge.open);
  if (!pull.isOpen) {
    tell(`${forge.name} is closed: nothing is posted.`);
    return { items: [], isBroken: false };
  }
  if (forge.expectedHead !== undefined && forge.expectedHead !== pull.head && flags.dryRun !== true) {
    tell(`${forge.name} has newer commits: the run for them will post.`);
    return { items: [], isBroken: false };
  }
  const diff = (await readDiff(flags, world)) ?? (await orRefuse(forge, forge.diff));
  const inputs = await readPullInputs(paths, flags, world);
  if (inputs === undefined) return nothingRead;
  const items = itemsFor(inputs, diff, run);
  const message = messageOf(items, diff, inputs, run);
  const broken = isBroken(inputs, run);
  if (flags.dryRun === true) {
    const requests = await orRefuse(forge, () => rehearse(message, forge, pull));
    world.stdout.write(`${JSON.stringify(requests, null, 2)}\n`);
    tell(`vs2route: ${headline(items)}; ${requests.length} requests would be sent to ${forge.name}.`);
    return { items, isBroken: broken };
  }
  const { counts, placement, trouble, silent } = await post(message, forge, pull);
  if (trouble !== undefined) tell(`warning: ${visible(redact(trouble))}`);
  const { created, edited, removed, kept } = counts;
  tell(`vs2route: ${headline(items)}.`);
  tell(
    `${forge.name}: ${created} new comments, ${edited} edited, ${removed} removed, ${kept} already there.`,
  );
  sayElsewhere(silent ? items : placement.rest, run);
  summarize(items, silent ? [] : placement.comments, run);
  return { items, isBroken: broken };
}

/** What is not to be had is bad usage: a wrong repository, a wrong token. */
async function orRefuse<Ref, Found>(forge: Forge<Ref>, ask: () => Promise<Found>): Promise<Found> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    const remedy =
      error.kind === 'denied'
        ? 'Check the repository, the number, and that the token may read it.'
        : 'Try again later.';
    throw new Refusal({ path: '--post', message: visible(redact(inWords(error, forge))), remedy });
  }
}

function itemsFor(
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
  return itemsOf(conversion, scopeOf(diff, flags.filter ?? 'added'));
}

function messageOf(
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

function commandOf({ paths, flags, world }: Run): CommandLine {
  return convertCommand(paths, flags, rootOf(world).fromRoot);
}

/** What no comment says goes where a job can always say it. */
function sayElsewhere(items: readonly Item[], { world, tell }: Run): void {
  const { GITHUB_ACTIONS } = world.env;
  if (GITHUB_ACTIONS === 'true') world.stdout.write(annotations(items));
  else for (const item of items) tell(`${visible(`${item.path}:${item.line}: ${plainLine(item)}`)}`);
}

function summarize(items: readonly Item[], comments: Parameters<typeof stepSummary>[1], run: Run): void {
  const { GITHUB_STEP_SUMMARY: path } = run.world.env;
  if (!path) return;
  try {
    appendFileSync(path, stepSummary(items, comments, commandOf(run)));
  } catch (error) {
    run.tell(`warning: the summary of the step cannot be written: ${explainError(error)}`);
  }
}

function usage(path: string, message: string, remedy: string): Refusal {
  return new Refusal({ path, message, remedy });
}
