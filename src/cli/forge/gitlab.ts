import type { DiffRefs } from '../../reporters/gitlab.ts';
import {
  type GitlabDiscussion,
  type GitlabRef,
  gitlabConversation,
  gitlabLines,
  gitlabPosted,
  gitlabRequests,
} from '../../reporters/gitlab-requests.ts';
import { gitlab } from '../../suggest/dialect.ts';
import { type DiffFile, diffFileOf, parseDiff } from '../../suggest/diff.ts';
import { isRecord } from '../../yaml/yaml-node.ts';
import { parseJson } from './answer.ts';
import { ForgeError } from './error.ts';
import type { Forge } from './forge.ts';
import { type Clock, forgeClient } from './http.ts';

/** Which merge request, and who we are. */
export interface GitlabSettings {
  readonly api: string;
  readonly token: string;
  readonly project: string;
  readonly iid: number;
  readonly head: string | undefined;
}

/** The part of a merge request that is read. */
interface MergeRequest {
  readonly state?: string;
  readonly sha?: string;
  readonly diff_refs?: Partial<DiffRefs> | null;
  readonly labels?: readonly string[];
  /** A number; `1000+` where there are more. */
  readonly changes_count?: string;
}

interface ChangedFile {
  readonly old_path: string;
  readonly new_path: string;
  readonly diff?: string;
  readonly new_file?: boolean;
  readonly renamed_file?: boolean;
  readonly deleted_file?: boolean;
  readonly collapsed?: boolean;
  readonly too_large?: boolean;
}

/** @see https://docs.gitlab.com/api/merge_requests/ */
export function gitlabForge(settings: GitlabSettings, clock: Clock): Forge<GitlabRef> {
  const { api, token, iid } = settings;
  const project = encodeURIComponent(settings.project);
  const client = forgeClient(api, { 'private-token': token, 'user-agent': 'vs2route' }, clock);
  const base = `/projects/${project}/merge_requests/${iid}`;
  const diffOf = async (count: string | undefined): Promise<readonly DiffFile[]> => {
    const listed = async () =>
      ((await client.list(`${base}/diffs?per_page=100`)) as readonly ChangedFile[]).map(changedFile);
    if (!(Number.parseInt(count ?? '', 10) > MOST_FILES_OF_PAGE)) return listed();
    try {
      return parseDiff((await client.get(`${base}/raw_diffs`, 'text/plain')).text);
    } catch (error) {
      // GitLab has it since 16.4; what is no diff is no answer to this either.
      if (error instanceof ForgeError && error.kind !== 'denied') throw error;
      return listed();
    }
  };
  return {
    dialect: gitlab,
    client,
    name: `GitLab merge request ${settings.project}!${iid}`,
    expectedHead: settings.head,
    open: async () => {
      const found = parseJson((await client.get(base)).text);
      const { state, sha, diff_refs, labels, changes_count } = isRecord(found) ? (found as MergeRequest) : {};
      const { base_sha, start_sha, head_sha } = diff_refs ?? {};
      if (sha == null || base_sha == null || start_sha == null || head_sha == null)
        throw new ForgeError('down', undefined, 'the commits of the merge request are not known yet');
      const refs = { base_sha, start_sha, head_sha };
      return {
        isOpen: state === 'opened',
        head: sha,
        base: base_sha,
        labels: Array.isArray(labels) ? labels : [],
        talk: async tag => {
          const me = await ownId(client);
          const threads = threadsIn(await client.list(`${base}/discussions?per_page=100`));
          return {
            said: gitlabConversation(threads, me),
            posted: gitlabPosted(threads, tag, me, head_sha),
          };
        },
        diff: () => diffOf(changes_count),
        requests: gitlabRequests({ project, iid, refs }),
      };
    },
    linesOf: gitlabLines,
  };
}

/** Items that are no threads, or no notes of one, are left out. */
function threadsIn(items: readonly unknown[]): readonly GitlabDiscussion[] {
  return items.flatMap((item): readonly GitlabDiscussion[] => {
    if (!isRecord(item) || typeof item['id'] !== 'string' || !Array.isArray(item['notes'])) return [];
    const notes = (item['notes'] as readonly unknown[]).flatMap(note =>
      isRecord(note) && typeof note['id'] === 'number'
        ? [{ ...note, id: note['id'], body: typeof note['body'] === 'string' ? note['body'] : '' }]
        : [],
    );
    return [{ ...item, id: item['id'], notes }];
  });
}

/** For more files it is cheaper to have the diff as a whole. */
const MOST_FILES_OF_PAGE = 100;

async function ownId(client: Forge['client']): Promise<number> {
  const found = parseJson((await client.get('/user')).text);
  if (isRecord(found) && typeof found['id'] === 'number') return found['id'];
  throw new ForgeError('down', undefined, 'the answer does not say who we are');
}

function changedFile(file: ChangedFile): DiffFile {
  const { old_path, new_path, new_file, deleted_file, renamed_file, collapsed, too_large, diff = '' } = file;
  const status =
    new_file === true
      ? 'added'
      : deleted_file === true
        ? 'deleted'
        : renamed_file === true
          ? 'renamed'
          : 'modified';
  const isCut = diff === '' && (collapsed === true || too_large === true);
  return diffFileOf(
    {
      path: new_path,
      status,
      ...(status === 'renamed' && { oldPath: old_path }),
      ...(isCut && { isCut }),
    },
    diff,
  );
}
