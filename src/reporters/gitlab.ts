import type { Comment, FileComment, LineComment } from '../suggest/comment.ts';

/** The commits that GitLab asks for with every position: `diff_refs` of the merge request. */
export interface DiffRefs {
  readonly base_sha: string;
  readonly start_sha: string;
  readonly head_sha: string;
}

/**
 * The body of `POST /projects/:id/merge_requests/:iid/discussions`.
 *
 * @see https://docs.gitlab.com/api/discussions/#create-a-merge-request-thread
 */
export interface DiscussionPayload {
  readonly body: string;
  readonly position: Position;
}

export interface Position extends Partial<DiffRefs> {
  readonly position_type: 'text' | 'file';
  readonly old_path: string;
  readonly new_path: string;
  readonly new_line?: number;
  /** Both numbers of an unchanged line; only the new one of an added line. */
  readonly old_line?: number;
}

/** @returns a thread as GitLab wants it */
export function discussion(
  comment: LineComment | FileComment,
  refs: DiffRefs | undefined,
): DiscussionPayload {
  const { path, oldPath, body } = comment;
  const place =
    comment.where === 'file'
      ? { position_type: 'file' as const }
      : {
          position_type: 'text' as const,
          new_line: comment.anchor.line,
          ...(comment.anchor.oldLine !== undefined && { old_line: comment.anchor.oldLine }),
        };
  return { body, position: { ...refs, old_path: oldPath, new_path: path, ...place } };
}

/** Everything that is to stand on a merge request, to be sent by somebody else. */
export function gitlabDiscussions(comments: readonly Comment[], refs: DiffRefs | undefined): string {
  const discussions = comments.flatMap(comment =>
    comment.where === 'summary' ? [] : [discussion(comment, refs)],
  );
  const notes = comments.flatMap(({ where, body }) => (where === 'summary' ? [{ body }] : []));
  return `${JSON.stringify({ discussions, notes }, null, 2)}\n`;
}
