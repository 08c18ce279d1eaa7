import type { Comment } from '../suggest/comment.ts';
import type { Said } from '../suggest/conversation.ts';
import { readMarker } from '../suggest/marker.ts';
import type { Posted } from '../suggest/plan.ts';
import type { PlannedRequest, Requests } from '../suggest/requests.ts';
import { type DiffRefs, discussion } from './gitlab.ts';

/** The merge request that is spoken to. */
export interface GitlabTarget {
  /** Its number, or its path with the slashes encoded. */
  readonly project: string;
  readonly iid: number;
  readonly refs: DiffRefs;
}

/** Where a note is: in a thread, or by itself. */
export interface GitlabRef {
  readonly note: number;
  readonly discussion?: string;
}

/** @see https://docs.gitlab.com/api/discussions/#merge-requests */
export function gitlabRequests({ project, iid, refs }: GitlabTarget): Requests<GitlabRef> {
  const base = `/projects/${project}/merge_requests/${iid}`;
  const noteUrl = ({ note, discussion: thread }: GitlabRef): string =>
    thread === undefined ? `${base}/notes/${note}` : `${base}/discussions/${thread}/notes/${note}`;
  return {
    write: ({ create, edit }) => [
      ...edit.map(({ posted, comment }): PlannedRequest => {
        return {
          method: 'PUT',
          path: noteUrl(posted.ref),
          body: { body: comment.body },
          comments: [comment],
        };
      }),
      ...create.map((comment): PlannedRequest => {
        return comment.where === 'summary'
          ? { method: 'POST', path: `${base}/notes`, body: { body: comment.body }, comments: [comment] }
          : {
              method: 'POST',
              path: `${base}/discussions`,
              body: discussion(comment, refs),
              comments: [comment],
            };
      }),
    ],
    remove: ({ ref }) => ({ method: 'DELETE', path: noteUrl(ref), comments: [] }),
    split: () => [],
  };
}

/** The line of a comment as `gitlabPosted` reads it. */
export function gitlabLines(comment: Comment): string | undefined {
  return comment.where === 'line' ? String(comment.anchor.line) : undefined;
}

/** The part of a thread that is read. */
export interface GitlabDiscussion {
  readonly id: string;
  readonly individual_note?: boolean;
  readonly notes?: readonly GitlabNote[];
}

interface GitlabNote {
  readonly id: number;
  readonly body?: string;
  readonly system?: boolean;
  readonly resolved?: boolean;
  readonly author?: { readonly id?: number } | null;
  readonly position?: {
    readonly new_path?: string | null;
    readonly new_line?: number | null;
    readonly position_type?: string;
    readonly head_sha?: string;
  } | null;
}

/**
 * The comments on a merge request. GitLab has no bots among its authors: whoever is not us is taken for a
 * person. It does not say either who may write to the project: whoever may comment may decide.
 */
export function gitlabConversation(
  discussions: readonly GitlabDiscussion[],
  me: number,
): readonly Said<GitlabRef>[] {
  return discussions.flatMap(thread => {
    const notes = (thread.notes ?? []).filter(({ system }) => system !== true);
    const [first] = notes;
    if (first === undefined) return [];
    const refOf = ({ id }: GitlabNote): GitlabRef => ({
      note: id,
      ...(thread.individual_note !== true && { discussion: thread.id }),
    });
    return notes.map(note => {
      const isMine = note.author?.id === me;
      return {
        ref: refOf(note),
        body: note.body ?? '',
        marker: isMine ? readMarker(note.body ?? '') : undefined,
        isBot: isMine,
        isOnDiff: first.position != null,
        mayDecide: true,
        answers: note === first ? undefined : refOf(first),
      };
    });
  });
}

/**
 * @param head the newest commit; GitLab moves a note on to it as long as it finds its lines
 * @returns our notes among those of a merge request; a marker alone does not make a note ours
 */
export function gitlabPosted(
  discussions: readonly GitlabDiscussion[],
  tag: string,
  me: number,
  head: string,
): readonly Posted<GitlabRef>[] {
  return discussions.flatMap((thread): readonly Posted<GitlabRef>[] => {
    const [first, ...others] = (thread.notes ?? []).filter(({ system }) => system !== true);
    const marker = readMarker(first?.body ?? '');
    if (first === undefined || marker === undefined || marker.tag !== tag || first.author?.id !== me)
      return [];
    const { position } = first;
    const isLine = position != null && position.position_type !== 'file';
    return [
      {
        where: position == null ? 'summary' : isLine ? 'line' : 'file',
        id: marker.id,
        fp: marker.fp,
        of: marker.of,
        path: position?.new_path ?? '',
        lines: isLine ? lineNow(position, head) : undefined,
        // Whoever resolves a thread has answered it.
        replied: first.resolved === true || others.some(({ author }) => author?.id !== me),
        ref: {
          note: first.id,
          ...(thread.individual_note !== true && { discussion: thread.id }),
        },
      },
    ];
  });
}

function lineNow({ new_line, head_sha }: NonNullable<GitlabNote['position']>, head: string): string {
  return new_line == null || head_sha !== head ? 'outdated' : String(new_line);
}
