import { visible } from '../../print/visible.ts';
import { annotations } from '../../reporters/annotations.ts';
import { stepSummary } from '../../reporters/step-summary.ts';
import { plainLine } from '../../suggest/bodies.ts';
import { redact } from '../../suggest/credentials.ts';
import type { Item } from '../../suggest/items.ts';
import { headline } from '../../suggest/pull-summary.ts';
import {
  findingsFor,
  isBroken,
  messageOf,
  nothingRead,
  type Result,
  type Run,
  tellAsides,
} from '../commands/suggest-run.ts';
import { localDiff } from '../files/git.ts';
import { Refusal } from '../problem.ts';
import { ForgeError } from './error.ts';
import type { Forge } from './forge.ts';
import { inWords, post, rehearse } from './post.ts';
import { readDiff } from './pull-diff.ts';
import { readPullInputs } from './pull-inputs.ts';
import { appendSummary } from './step-summary.ts';

/**
 * Says on a pull request what there is to say, and elsewhere what it does not take.
 *
 * @throws Refusal where there is no such pull request, or nobody may read it
 */
export async function speak<Ref>(run: Run, forge: Forge<Ref>): Promise<Result> {
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
  const diff =
    (await readDiff(flags, world)) ??
    localDiff(pull.base, pull.head, world) ??
    (await orRefuse(forge, pull.diff));
  const inputs = await readPullInputs(paths, flags, world, diff);
  if (inputs === undefined) return nothingRead;
  const { items, context } = findingsFor(inputs, diff, run);
  const message = messageOf(items, diff, inputs, run);
  const broken = isBroken(inputs, run);
  if (flags.dryRun === true) {
    const requests = await orRefuse(forge, () => rehearse(message, forge, pull));
    // It may go to a log that is looked through for commands, and is the same JSON.
    world.stdout.write(`${JSON.stringify(requests, null, 2).replaceAll('##[', '#\\u0023[')}\n`);
    tell(`vs2route: ${headline(items)}; ${requests.length} requests would be sent to ${forge.name}.`);
    return { items, isBroken: broken };
  }
  const { counts, placement, trouble, silent, isOff } = await post(message, forge, pull);
  if (isOff) tell(`${forge.name}: somebody wrote /vs2route off, or set the label; nothing is posted.`);
  if (trouble !== undefined) tell(`warning: ${visible(redact(trouble))}`);
  const { created, edited, removed, kept } = counts;
  tell(`vs2route: ${headline(items)}.`);
  tell(
    `${forge.name}: ${created} new comments, ${edited} edited, ${removed} removed, ${kept} already there.`,
  );
  tellAsides(context, run);
  if (!isOff) sayElsewhere(silent ? items : placement.rest, run);
  appendSummary(stepSummary(items, silent ? [] : placement.comments, context), world, tell);
  return { items, isBroken: broken };
}

/**
 * Says in the log of the job what there is to say, since the token of a job of GitLab may not comment; a merge request
 * from a fork has no other.
 *
 * @throws Refusal where nobody says what the merge request changes
 */
export async function speakInLog(run: Run): Promise<Result> {
  const { paths, flags, world, tell } = run;
  const { CI_MERGE_REQUEST_DIFF_BASE_SHA: start } = world.env;
  const base = flags.base ?? (flags.diff === undefined && start ? start : undefined);
  const diff = await readDiff({ ...flags, ...(base !== undefined && { base }) }, world);
  if (diff === undefined)
    throw new Refusal({
      path: '--post',
      message: 'the token of a job may not comment, and nobody says what the merge request changes',
      remedy: 'Set GITLAB_TOKEN, or name the target with --base.',
    });
  const inputs = await readPullInputs(paths, flags, world, diff);
  if (inputs === undefined) return nothingRead;
  const { items, context } = findingsFor(inputs, diff, run);
  tell('warning: the token of a job may not comment: set GITLAB_TOKEN for that.');
  tell(`vs2route: ${headline(items)}.`);
  tellAsides(context, run);
  sayElsewhere(items, run);
  return { items, isBroken: isBroken(inputs, run) };
}

/** A wrong repository or a wrong token is bad usage. */
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

/** Text that no comment holds goes where a job can always print it. */
function sayElsewhere(items: readonly Item[], { world, tell }: Run): void {
  const { GITHUB_ACTIONS } = world.env;
  if (GITHUB_ACTIONS === 'true') world.stdout.write(annotations(items));
  else for (const item of items) tell(`${visible(`${item.path}:${item.line}: ${plainLine(item)}`)}`);
}
