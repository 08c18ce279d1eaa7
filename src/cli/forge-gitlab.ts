import type { DiffRefs } from '../reporters/gitlab.ts';
import { gitlab } from '../suggest/dialect.ts';
import { type DiffFile, diffFileOf } from '../suggest/diff.ts';
import {
  type GitlabDiscussion,
  type GitlabRef,
  gitlabConversation,
  gitlabLines,
  gitlabPosted,
  gitlabRequests,
} from '../suggest/gitlab-requests.ts';
import type { Forge } from './forge.ts';
import { ForgeError } from './forge-error.ts';
import { type Clock, forgeClient } from './forge-http.ts';

/** Which merge request, and who we are. */
export interface GitlabSettings {
  readonly api: string;
  readonly token: string;
  readonly project: string;
  readonly iid: number;
  readonly head: string | undefined;
}

/** What is read of a merge request. */
interface MergeRequest {
  readonly state?: string;
  readonly sha?: string;
  readonly diff_refs?: Partial<DiffRefs> | null;
  readonly labels?: readonly string[];
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
  return {
    dialect: gitlab,
    client,
    name: `GitLab merge request ${settings.project}!${iid}`,
    expectedHead: settings.head,
    open: async () => {
      const {
        state,
        sha,
        diff_refs,
        labels = [],
      } = JSON.parse((await client.get(base)).text) as MergeRequest;
      const { base_sha, start_sha, head_sha } = diff_refs ?? {};
      if (sha == null || base_sha == null || start_sha == null || head_sha == null)
        throw new ForgeError('down', undefined, 'the commits of the merge request are not known yet');
      const refs = { base_sha, start_sha, head_sha };
      return {
        isOpen: state === 'opened',
        head: sha,
        labels,
        conversation: async () => {
          const threads = (await client.list(
            `${base}/discussions?per_page=100`,
          )) as readonly GitlabDiscussion[];
          const { id } = JSON.parse((await client.get('/user')).text) as { readonly id: number };
          return gitlabConversation(threads, id);
        },
        requests: gitlabRequests({ project, iid, refs }),
        posted: async tag => {
          const { id } = JSON.parse((await client.get('/user')).text) as { readonly id: number };
          const threads = await client.list(`${base}/discussions?per_page=100`);
          return gitlabPosted(threads as readonly GitlabDiscussion[], tag, id, head_sha);
        },
      };
    },
    diff: async () =>
      ((await client.list(`${base}/diffs?per_page=100`)) as readonly ChangedFile[]).map(changedFile),
    linesOf: gitlabLines,
  };
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
