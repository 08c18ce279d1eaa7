import { visible } from '../../print/visible.ts';
import { reviewAnnotations } from '../../reporters/review-annotations.ts';
import { hasNews, headline, reviewMarkdown } from '../../reporters/review-markdown.ts';
import type { Review } from '../../review/review.ts';
import { type SummaryComment, written } from '../../suggest/comment.ts';
import { answersIn, type Said } from '../../suggest/conversation.ts';
import { redact } from '../../suggest/credentials.ts';
import { github } from '../../suggest/dialect.ts';
import { fingerprint } from '../../suggest/fingerprint.ts';
import type { Plan, Posted } from '../../suggest/plan.ts';
import type { ReviewFlags } from '../commands/review.ts';
import type { World } from '../world.ts';
import { hasOnlyJobToken, withForge } from './environment.ts';
import { ForgeError } from './error.ts';
import type { Forge, PullRequest } from './forge.ts';
import type { Clock } from './http.ts';
import { inWords } from './post.ts';
import { appendSummary } from './step-summary.ts';

/**
 * Puts a review on the pull request: one comment, edited in place; none where nothing changes; never one after somebody said
 * that there is to be none. Text that cannot be posted goes to the log and the summary of the step.
 *
 * @throws Refusal where the environment names no pull request
 */
export async function postReview(
  review: Review,
  flags: ReviewFlags,
  world: World,
  clock: Clock,
): Promise<void> {
  const tell = (line: string): void => {
    if (flags.quiet !== true) world.stderr.write(`${line}\n`);
  };
  appendSummary(reviewMarkdown(review, { ...github, maxBody: 900_000 }), world, tell);
  if (hasOnlyJobToken(flags, world)) {
    tell('warning: the token of a job may not comment: set GITLAB_TOKEN for that.');
    world.stdout.write(`${reviewMarkdown(review, github)}\n`);
    return;
  }
  await withForge(flags, world, clock, async forge => {
    try {
      await speak(review, forge, flags, world, tell);
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      tell(`warning: ${visible(redact(inWords(error, forge)))}`);
      world.stdout.write(reviewAnnotations(review));
    }
  });
}

/** The tag of the comments of reviews, apart from those of suggestions. */
function tagOf({ tag = '' }: ReviewFlags): string {
  return `${tag}/review`;
}

async function speak<Ref>(
  review: Review,
  forge: Forge<Ref>,
  flags: ReviewFlags,
  world: World,
  tell: (line: string) => void,
): Promise<void> {
  const pull = await forge.open();
  if (!pull.isOpen) return tell(`${forge.name} is closed: nothing is posted.`);
  if (forge.expectedHead !== undefined && forge.expectedHead !== pull.head && flags.dryRun !== true)
    return tell(`${forge.name} has newer commits: the run for them will post.`);
  const tag = tagOf(flags);
  const id = fingerprint('review');
  const { said } = await pull.talk(tag);
  const { isOff, isAnswered } = answersIn(said, pull.labels, id);
  if (isOff) return tell(`${forge.name}: somebody wrote /vs2route off, or set the label; nothing is posted.`);
  const own = said.find(({ marker }) => marker?.id === id && marker.tag === tag);
  const wanted = commentOf(review, forge, id, tag, own !== undefined && isAnswered);
  const plan = planOf(wanted, own);
  const requests = requestsOf(plan, pull);
  if (flags.dryRun === true) {
    const shown = requests.map(({ comments: _comments, ...request }) => request);
    world.stdout.write(`${JSON.stringify(shown, null, 2).replaceAll('##[', '#\\u0023[')}\n`);
    return tell(`${forge.name}: ${requests.length} requests would be sent.`);
  }
  for (const request of requests) await forge.client.send(request);
  const what =
    requests.length === 0
      ? 'nothing new to say'
      : plan.remove.length > 0
        ? 'comment removed'
        : own === undefined
          ? 'commented'
          : 'comment edited';
  tell(`${forge.name}: ${what}.`);
}

/** @param isKept whether a comment that has nothing to say any more has to stay, since somebody answered it */
function commentOf<Ref>(
  review: Review,
  { dialect }: Forge<Ref>,
  id: string,
  tag: string,
  isKept: boolean,
): SummaryComment | undefined {
  if (!hasNews(review)) {
    if (!isKept) return undefined;
    return { where: 'summary', ...written(id, `${headline(review, dialect)}`, tag) };
  }
  const frame = { request: dialect.request, maxBody: dialect.maxBody - 500 };
  return { where: 'summary', ...written(id, reviewMarkdown(review, frame), tag) };
}

function planOf<Ref>(wanted: SummaryComment | undefined, own: Said<Ref> | undefined): Plan<Ref> {
  const nothing: Plan<Ref> = { create: [], edit: [], remove: [], keep: [] };
  if (own?.marker === undefined) return wanted === undefined ? nothing : { ...nothing, create: [wanted] };
  const { id, fp } = own.marker;
  const posted: Posted<Ref> = {
    where: 'summary',
    id,
    fp,
    of: [],
    path: '',
    lines: undefined,
    replied: false,
    ref: own.ref,
  };
  if (wanted === undefined) return { ...nothing, remove: [posted] };
  return wanted.fp === fp ? nothing : { ...nothing, edit: [{ posted, comment: wanted }] };
}

function requestsOf<Ref>(plan: Plan<Ref>, { requests }: PullRequest<Ref>) {
  return [...requests.write(plan), ...plan.remove.map(requests.remove)];
}
