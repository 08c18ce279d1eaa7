import { visible } from '../../print/visible.ts';
import { reviewAnnotations } from '../../reporters/review-annotations.ts';
import { reviewJson } from '../../reporters/review-json.ts';
import { reviewMarkdown } from '../../reporters/review-markdown.ts';
import { reviewSarif } from '../../reporters/review-sarif.ts';
import { failsReview, type Review } from '../../review/review.ts';
import { github, gitlab } from '../../suggest/dialect.ts';
import { parseDiff } from '../../suggest/diff.ts';
import type { ExitCode } from '../exit-code.ts';
import { diffSince } from '../files/git.ts';
import { withConfig } from '../flags/config.ts';
import type { Clock } from '../forge/http.ts';
import { postReview } from '../forge/post-review.ts';
import { withTrustedSettings } from '../forge/pull-inputs.ts';
import { Refusal } from '../problem.ts';
import { programVersion } from '../version.ts';
import type { World } from '../world.ts';
import type { ReviewFlags, ReviewFormat } from './review.ts';
import { reviewSides } from './review-sides.ts';

/**
 * Compares the merge base with what is checked out, and says what changes for requests.
 *
 * @throws Refusal when flags, paths or the environment do not go together; nothing was written then
 */
export async function runReview(
  paths: readonly string[],
  given: ReviewFlags,
  world: World,
  clock: Clock,
): Promise<ExitCode> {
  if (paths.includes('-'))
    throw usage('-', 'the standard input is not a file of a pull request', 'Name files or folders.');
  if (given.dryRun === true && given.post === undefined)
    throw usage('--dry-run', 'says what --post would send', 'Add --post, or leave it out: nothing is sent.');
  const base = given.base ?? baseFrom(world);
  if (base === undefined)
    throw usage(
      '--base',
      'nobody says what the pull request goes to',
      'Name the branch, as in --base origin/main. In GitHub Actions and GitLab CI it is known.',
    );
  const diff = parseDiff(diffSince(base, world));
  const trusted = withTrustedSettings(world, diff, given);
  const flags = withConfig(given, trusted);
  const found = await reviewSides(paths, { base, diff }, flags, trusted);
  if (found.kind === 'broken') return 2;
  const { review, problems } = found;
  const unsure = unsureOf(review);
  if (flags.post === undefined) world.stdout.write(rendered(flags.format ?? 'markdown', review));
  else if (unsure === undefined) await postReview(review, flags, world, clock);
  else {
    const line = `${visible(unsure)}: the comparison is not sure, and nothing is posted.`;
    world.stderr.write(`warning: ${line}\n`);
  }
  if (flags.quiet !== true) {
    if (review.builders.length > 0)
      world.stderr.write(`Overlays built with ${review.builders.join(' and ')}.\n`);
    world.stderr.write(`vs2route review: ${summaryOf(review)}.\n`);
  }
  if (problems.length + review.verification.faults.length > 0) return 2;
  return failsReview(review, flags.failOn ?? 'lost') ? 1 : 0;
}

/** Why a review may be wrong: an object or a file of one side is open. */
function unsureOf({ verification: { faults, unread } }: Review): string | undefined {
  const [fault] = faults;
  if (fault !== undefined) return `${fault.location.file} holds what an API server refuses`;
  const broken = unread.find(({ reason }) => reason === 'broken');
  return broken === undefined ? undefined : `${broken.path} does not parse`;
}

function summaryOf({ verdict, causes, more, lost, checked }: Review): string {
  const number = causes.length + more;
  if (verdict === 'same') return `${checked} requests checked, all the same`;
  return `${number} ${number === 1 ? 'cause' : 'causes'}, ${lost} of ${checked} requests lost`;
}

function rendered(format: ReviewFormat, review: Review): string {
  switch (format) {
    case 'markdown':
    case 'github':
      return `${reviewMarkdown(review, github)}\n`;
    case 'gitlab':
      return `${reviewMarkdown(review, gitlab)}\n`;
    case 'json':
      return reviewJson(review);
    case 'sarif':
      return reviewSarif(review, programVersion());
    case 'annotations':
      return reviewAnnotations(review);
  }
}

/** The target, as GitHub Actions and GitLab CI name it. */
function baseFrom({ env }: World): string | undefined {
  const { GITHUB_BASE_REF, CI_MERGE_REQUEST_DIFF_BASE_SHA } = env;
  if (GITHUB_BASE_REF) return `origin/${GITHUB_BASE_REF}`;
  return CI_MERGE_REQUEST_DIFF_BASE_SHA || undefined;
}

function usage(path: string, message: string, remedy: string): Refusal {
  return new Refusal({ path, message, remedy });
}
