import { annotations } from '../../reporters/annotations.ts';
import { codeQuality } from '../../reporters/code-quality.ts';
import { githubReview } from '../../reporters/github.ts';
import { gitlabDiscussions } from '../../reporters/gitlab.ts';
import { rdjson, rdjsonl } from '../../reporters/rdjson.ts';
import { sarifOfItems } from '../../reporters/sarif.ts';
import { type SummaryContext, stepSummary } from '../../reporters/step-summary.ts';
import { type Dialect, github, gitlab } from '../../suggest/dialect.ts';
import type { DiffFile } from '../../suggest/diff.ts';
import type { Item } from '../../suggest/items.ts';
import { place } from '../../suggest/place.ts';
import { headline } from '../../suggest/pull-summary.ts';
import type { ExitCode } from '../exit-code.ts';
import { headCommit } from '../files/git.ts';
import { fails } from '../flags/fail-on.ts';
import { hasOnlyJobToken, withForge } from '../forge/environment.ts';
import type { Clock } from '../forge/http.ts';
import { readDiff } from '../forge/pull-diff.ts';
import { type PullInputs, readPullInputs } from '../forge/pull-inputs.ts';
import { speak, speakInLog } from '../forge/speak.ts';
import { Refusal } from '../problem.ts';
import { programVersion } from '../version.ts';
import type { World } from '../world.ts';
import type { SuggestFlags } from './suggest.ts';
import {
  findingsFor,
  isBroken,
  messageOf,
  nothingRead,
  type Result,
  type Run,
  tellAsides,
} from './suggest-run.ts';

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
      : hasOnlyJobToken(flags, world)
        ? await speakInLog(run)
        : await withForge(flags, world, clock, forge => speak(run, forge));
  if (result.isBroken) return 2;
  return fails(result.items, flags.failOn ?? 'error') ? 1 : 0;
}

async function print(run: Run): Promise<Result> {
  const { paths, flags, world, tell } = run;
  const { format = 'markdown' } = flags;
  const diff = await readDiff(flags, world);
  const inputs = await readPullInputs(paths, flags, world, diff);
  if (inputs === undefined) return nothingRead;
  const { items, context } = findingsFor(inputs, diff, run);
  const needsDiff = format === 'github' || format === 'gitlab';
  if (needsDiff && diff === undefined)
    throw usage(
      format,
      'needs to know what the pull request changes',
      'Name its target with --base, or its diff with --diff.',
    );
  world.stdout.write(rendered(format, items, diff, inputs, run, context));
  tell(`vs2route: ${headline(items)}.`);
  if (format !== 'markdown') tellAsides(context, run);
  return { items, isBroken: isBroken(inputs, run) };
}

function rendered(
  format: NonNullable<SuggestFlags['format']>,
  items: readonly Item[],
  diff: readonly DiffFile[] | undefined,
  inputs: PullInputs,
  run: Run,
  context: SummaryContext,
): string {
  const { world } = run;
  const comments = (dialect: Dialect) =>
    place(items, { ...messageOf(items, diff ?? [], inputs, run), dialect, refused: new Set() }).comments;
  switch (format) {
    case 'github':
      return githubReview(comments(github), headCommit(world));
    case 'gitlab':
      return gitlabDiscussions(comments(gitlab), refsFrom(world));
    case 'code-quality':
      return codeQuality(items);
    case 'rdjson':
      return rdjson(items, diff);
    case 'rdjsonl':
      return rdjsonl(items, diff);
    case 'sarif':
      return sarifOfItems(items, { version: programVersion(), diff });
    case 'annotations':
      return annotations(items);
    case 'markdown':
      return stepSummary(items, [], context);
  }
}

/** The commits of a merge request, as GitLab CI says them. */
function refsFrom({ env }: World): Parameters<typeof gitlabDiscussions>[1] {
  const { CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA, CI_COMMIT_SHA } = env;
  const head = CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || CI_COMMIT_SHA;
  if (!base || !head) return undefined;
  return { base_sha: base, start_sha: base, head_sha: head };
}

function usage(path: string, message: string, remedy: string): Refusal {
  return new Refusal({ path, message, remedy });
}
