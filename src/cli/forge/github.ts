import {
  type GithubComment,
  type GithubRef,
  githubLines,
  githubPosted,
  githubRequests,
  githubSaid,
} from '../../reporters/github-requests.ts';
import { github } from '../../suggest/dialect.ts';
import { type DiffFile, diffFileOf, parseDiff } from '../../suggest/diff.ts';
import { readMarker } from '../../suggest/marker.ts';
import { isRecord } from '../../yaml/yaml-node.ts';
import { parseJson } from './answer.ts';
import { ForgeError } from './error.ts';
import type { Forge } from './forge.ts';
import { type Clock, forgeClient } from './http.ts';

/** Which pull request, and who we are. */
export interface GithubSettings {
  readonly api: string;
  readonly token: string;
  readonly repository: string;
  readonly number: number;
  readonly head: string | undefined;
}

/** The part of a pull request that is read. */
interface Pull {
  readonly state?: string;
  readonly head?: { readonly sha?: string };
  readonly base?: { readonly sha?: string };
  readonly changed_files?: number;
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
  const conversationPath = `/repos/${repository}/issues/${number}/comments?per_page=100`;
  const diffOf = async (files: number | undefined): Promise<readonly DiffFile[]> => {
    const listed = async () =>
      ((await client.list(`${pull}/files?per_page=100`)) as readonly ChangedFile[]).map(changedFile);
    if (files !== undefined && files > MOST_FILES_OF_DIFF) return listed();
    try {
      return parseDiff((await client.get(pull, 'application/vnd.github.v3.diff')).text);
    } catch (error) {
      // 406: the diff is too large to be had as a whole; the list of files leaves out what is too large in it.
      if (!(error instanceof ForgeError) || error.status !== 406) throw error;
      return listed();
    }
  };
  return {
    dialect: github,
    client,
    name: `GitHub pull request ${repository}#${number}`,
    expectedHead: settings.head,
    open: async () => {
      const found = parseJson((await client.get(pull, 'application/vnd.github+json')).text);
      const {
        state,
        head,
        base,
        labels,
        user,
        changed_files: files,
      } = isRecord(found) ? (found as Pull) : {};
      if (typeof head?.sha !== 'string')
        throw new ForgeError('down', undefined, 'the answer names no commit of the pull request');
      const sha = head.sha;
      return {
        isOpen: state === 'open',
        head: sha,
        base: typeof base?.sha === 'string' ? base.sha : undefined,
        labels: Array.isArray(labels) ? labels.flatMap(({ name }) => name ?? []) : [],
        talk: async tag => {
          const onDiff = commentsIn(await client.list(`${pull}/comments?per_page=100`));
          const comments = commentsIn(await client.list(conversationPath));
          const me = await meAmong([...onDiff, ...comments], client);
          return {
            said: githubSaid(onDiff, comments, me, user?.login),
            posted: githubPosted(onDiff, comments, tag, me),
          };
        },
        diff: () => diffOf(files),
        requests: githubRequests({ repository, number, head: sha }),
      };
    },
    linesOf: githubLines,
  };
}

/** An item that is no comment is left out, and so is a field that a comment does not have. */
function commentsIn(items: readonly unknown[]): readonly GithubComment[] {
  return items.flatMap((item): readonly GithubComment[] =>
    isRecord(item) && typeof item['id'] === 'number'
      ? [{ ...item, id: item['id'], body: typeof item['body'] === 'string' ? item['body'] : '' }]
      : [],
  );
}

/** GitHub gives the diff of more files as a list only. */
const MOST_FILES_OF_DIFF = 300;

/** A workflow's token is a bot's; only where a person's account has our marker is it asked who we are. */
async function meAmong(
  comments: readonly GithubComment[],
  client: Forge['client'],
): Promise<string | undefined> {
  const isPerson = comments.some(
    ({ user, body = '' }) => user?.type !== 'Bot' && readMarker(body) !== undefined,
  );
  return isPerson ? await ownLogin(client) : undefined;
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
