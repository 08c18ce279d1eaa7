import { github } from '../suggest/dialect.ts';
import { type DiffFile, diffFileOf, parseDiff } from '../suggest/diff.ts';
import {
  type GithubComment,
  type GithubRef,
  githubConversation,
  githubLines,
  githubPosted,
  githubRequests,
} from '../suggest/github-requests.ts';
import { readMarker } from '../suggest/marker.ts';
import type { Forge, PullRequest } from './forge.ts';
import { ForgeError } from './forge-error.ts';
import { type Clock, forgeClient } from './forge-http.ts';

/** Which pull request, and who we are. */
export interface GithubSettings {
  readonly api: string;
  readonly token: string;
  readonly repository: string;
  readonly number: number;
  readonly head: string | undefined;
}

/** What is read of a pull request. */
interface Pull {
  readonly state?: string;
  readonly head?: { readonly sha?: string };
  readonly labels?: readonly { readonly name?: string }[];
  readonly user?: { readonly login?: string } | null;
}

interface ChangedFile {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status?: string;
  readonly patch?: string;
  readonly changes?: number;
}

/** @see https://docs.github.com/rest/pulls */
export function githubForge(settings: GithubSettings, clock: Clock): Forge<GithubRef> {
  const { api, token, repository, number } = settings;
  const client = forgeClient(
    api,
    { authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28', 'user-agent': 'vs2route' },
    clock,
  );
  const pull = `/repos/${repository}/pulls/${number}`;
  const posted: PullRequest<GithubRef>['posted'] = async tag => {
    const onDiff = await client.list(`${pull}/comments?per_page=100`);
    const onConversation = await client.list(`/repos/${repository}/issues/${number}/comments?per_page=100`);
    return githubPosted(
      onDiff as readonly GithubComment[],
      onConversation as readonly GithubComment[],
      tag,
      await ownLogin(client),
    );
  };
  return {
    dialect: github,
    client,
    name: `GitHub pull request ${repository}#${number}`,
    expectedHead: settings.head,
    open: async () => {
      const { text } = await client.get(pull, 'application/vnd.github+json');
      const { state, head, labels = [], user } = JSON.parse(text) as Pull;
      if (head?.sha === undefined)
        throw new ForgeError('down', undefined, 'the answer names no commit of the pull request');
      return {
        isOpen: state === 'open',
        head: head.sha,
        labels: labels.flatMap(({ name }) => name ?? []),
        conversation: async () => {
          const comments = (await client.list(
            `/repos/${repository}/issues/${number}/comments?per_page=100`,
          )) as readonly GithubComment[];
          // A workflow's token is a bot's; only where a person's account has our marker is it asked who we are.
          const isPerson = comments.some(
            comment => comment.user?.type !== 'Bot' && readMarker(comment.body ?? '') !== undefined,
          );
          return githubConversation(comments, isPerson ? await ownLogin(client) : undefined, user?.login);
        },
        requests: githubRequests({ repository, number, head: head.sha }),
        posted,
      };
    },
    diff: async () => {
      try {
        return parseDiff((await client.get(pull, 'application/vnd.github.v3.diff')).text);
      } catch (error) {
        // 406: the diff is too large to be had as a whole; the list of files leaves out what is too large in it.
        if (!(error instanceof ForgeError) || error.status !== 406) throw error;
        return ((await client.list(`${pull}/files?per_page=100`)) as readonly ChangedFile[]).map(changedFile);
      }
    },
    linesOf: githubLines,
  };
}

/** @returns undefined for the token of a workflow or an app, which is nobody's */
async function ownLogin(client: Forge['client']): Promise<string | undefined> {
  try {
    const { login } = JSON.parse((await client.get('/user')).text) as { readonly login?: string };
    return login;
  } catch (error) {
    if (error instanceof ForgeError && error.kind === 'denied') return undefined;
    throw error;
  }
}

const statuses: Readonly<Record<string, DiffFile['status']>> = {
  added: 'added',
  copied: 'added',
  removed: 'deleted',
  renamed: 'renamed',
};

function changedFile({
  filename,
  previous_filename,
  status = '',
  patch = '',
  changes = 0,
}: ChangedFile): DiffFile {
  return diffFileOf(
    {
      path: filename,
      ...(previous_filename !== undefined && { oldPath: previous_filename }),
      status: statuses[status] ?? 'modified',
      ...(patch === '' && changes > 0 && { isCut: true }),
    },
    patch,
  );
}
