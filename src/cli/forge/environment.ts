import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { GithubRef } from '../../reporters/github-requests.ts';
import type { GitlabRef } from '../../reporters/gitlab-requests.ts';
import { explainError, Refusal } from '../problem.ts';
import type { World } from '../world.ts';
import type { Forge } from './forge.ts';
import { githubForge } from './github.ts';
import { gitlabForge } from './gitlab.ts';
import type { Clock } from './http.ts';

export type ForgeName = 'github' | 'gitlab';

/** The settings of the forge from the command line; the environment has the rest. */
export interface ForgeFlags {
  /** `true` where the environment is to tell which. */
  readonly post?: ForgeName | true;
  readonly pullRequest?: number;
}

/**
 * Speaks to the pull request that a CI job is for, as its environment variables say.
 *
 * @throws Refusal where something is missing or is not what it should be
 */
export function withForge<Result>(
  flags: ForgeFlags,
  world: World,
  clock: Clock,
  use: <Ref>(forge: Forge<Ref>) => Result,
): Result {
  const name = typeof flags.post === 'string' ? flags.post : nameFrom(world);
  return name === 'github' ? use(githubFrom(flags, world, clock)) : use(gitlabFrom(flags, world, clock));
}

/** Whether there is no token but that of a job of GitLab, which may not comment. */
export function hasOnlyJobToken({ post }: ForgeFlags, world: World): boolean {
  const { GITLAB_TOKEN, CI_JOB_TOKEN } = world.env;
  return (
    !GITLAB_TOKEN && isSet(CI_JOB_TOKEN) && (typeof post === 'string' ? post : nameFrom(world)) === 'gitlab'
  );
}

/** @throws Refusal */
function nameFrom({ env }: World): ForgeName {
  const { GITLAB_CI, GITHUB_ACTIONS, GITHUB_REPOSITORY } = env;
  if (isSet(GITLAB_CI)) return 'gitlab';
  if (isSet(GITHUB_ACTIONS) || isSet(GITHUB_REPOSITORY)) return 'github';
  throw refusal(
    'nobody says which forge to post to',
    'Write --post github or --post gitlab. In GitHub Actions and GitLab CI it is known.',
  );
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false';
}

function githubFrom({ pullRequest }: ForgeFlags, world: World, clock: Clock): Forge<GithubRef> {
  const { GITHUB_TOKEN, GH_TOKEN, GITHUB_REPOSITORY, GITHUB_EVENT_NAME, GITHUB_API_URL } = world.env;
  const token = tokenFrom(GITHUB_TOKEN || GH_TOKEN);
  if (token === undefined)
    throw refusal(
      'there is no token',
      'Set GITHUB_TOKEN: in a workflow to github.token, with the permission pull-requests: write. --dry-run needs one, too, as it reads what is there.',
    );
  const repository = GITHUB_REPOSITORY ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw refusal(
      repository === '' ? 'the repository is not known' : `${repository} is not a repository name`,
      'Set GITHUB_REPOSITORY to OWNER/NAME.',
    );
  const event = readEvent(world);
  const number = pullRequest ?? event?.number;
  if (number === undefined) {
    const what = GITHUB_EVENT_NAME ?? 'this';
    throw refusal(
      event === undefined ? 'the pull request is not known' : `the event ${what} is not of a pull request`,
      'Run on pull_request events, or name one with --pull-request.',
    );
  }
  const head = pullRequest === undefined || pullRequest === event?.number ? event?.head : undefined;
  const api = addressFrom(GITHUB_API_URL, 'https://api.github.com', 'GITHUB_API_URL');
  return githubForge({ api, token, repository, number, head }, clock);
}

/** @returns undefined where there is no event at all */
function readEvent({
  env,
  cwd,
}: World): { readonly number: number | undefined; readonly head: string | undefined } | undefined {
  const { GITHUB_EVENT_PATH: path } = env;
  if (!path) return undefined;
  try {
    const { pull_request: pull } = JSON.parse(readFileSync(resolve(cwd, path), 'utf8')) as {
      readonly pull_request?: { readonly number?: unknown; readonly head?: { readonly sha?: unknown } };
    };
    const number = pull?.number;
    const head = pull?.head?.sha;
    return {
      number: typeof number === 'number' && Number.isInteger(number) && number > 0 ? number : undefined,
      head: typeof head === 'string' ? head : undefined,
    };
  } catch (error) {
    throw refusal(
      `the event cannot be read: ${explainError(error)}`,
      'GITHUB_EVENT_PATH is to name the JSON file of the event.',
      path,
    );
  }
}

function gitlabFrom({ pullRequest }: ForgeFlags, { env }: World, clock: Clock): Forge<GitlabRef> {
  const { GITLAB_TOKEN, CI_MERGE_REQUEST_PROJECT_ID, CI_PROJECT_ID } = env;
  const token = tokenFrom(GITLAB_TOKEN);
  if (token === undefined)
    throw refusal(
      'there is no token',
      'Set GITLAB_TOKEN to a project access token with the scope api and the role Reporter or higher, as a masked CI/CD variable.',
    );
  // For a merge request from a fork, the job is the fork's, and the merge request is not.
  const project = CI_MERGE_REQUEST_PROJECT_ID || CI_PROJECT_ID;
  if (!project)
    throw refusal('the project is not known', 'Set CI_PROJECT_ID to its number or its full path.');
  const { CI_MERGE_REQUEST_IID, CI_SERVER_URL, CI_API_V4_URL } = env;
  const iid = pullRequest ?? Number(CI_MERGE_REQUEST_IID ?? Number.NaN);
  if (!Number.isInteger(iid) || iid < 1)
    throw refusal(
      'this pipeline is not of a merge request',
      'Run the job with rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}], or name one with --pull-request.',
    );
  const server = CI_SERVER_URL || 'https://gitlab.com';
  const api = addressFrom(CI_API_V4_URL, `${server}/api/v4`, 'CI_API_V4_URL');
  // In a pipeline of merged results the job's commit is not the merge request's.
  const { CI_MERGE_REQUEST_SOURCE_BRANCH_SHA, CI_COMMIT_SHA } = env;
  const head = CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || CI_COMMIT_SHA || undefined;
  return gitlabForge({ api, token, project, iid, head }, clock);
}

/** Characters that cannot be in a header would come back in an error, for all to read. @throws Refusal */
function tokenFrom(value = ''): string | undefined {
  const token = value.trim();
  if (!/^[\x21-\x7e]*$/.test(token))
    throw refusal(
      'the token has characters that no token has',
      'Look how it gets into the environment; a line break or a space may have come in between.',
    );
  return token === '' ? undefined : token;
}

function addressFrom(value: string | undefined, fallback: string, name: string): string {
  const address = value || fallback;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw refusal(`${address} is not an address`, `Set ${name} to the address of the forge's API.`);
  return address.replace(/\/+$/, '');
}

function refusal(message: string, remedy: string, path = '--post'): Refusal {
  return new Refusal({ path, message, remedy });
}
