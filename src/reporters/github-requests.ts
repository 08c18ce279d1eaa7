import type { Comment, FileComment, LineComment, SummaryComment } from '../suggest/comment.ts';
import type { Said } from '../suggest/conversation.ts';
import { readMarker } from '../suggest/marker.ts';
import type { Posted } from '../suggest/plan.ts';
import type { PlannedRequest, Requests } from '../suggest/requests.ts';
import { fileComment, reviewComment, reviews } from './github.ts';

/** The pull request that is spoken to. */
export interface GithubTarget {
  /** `OWNER/NAME` */
  readonly repository: string;
  readonly number: number;
  /** The commit that lines are counted in. */
  readonly head: string;
}

/** GitHub has comments on a diff apart from those on the conversation. */
export interface GithubRef {
  readonly id: number;
  readonly of: 'pulls' | 'issues';
}

/** @see https://docs.github.com/rest/pulls/comments */
export function githubRequests({ repository, number, head }: GithubTarget): Requests<GithubRef> {
  const base = `/repos/${repository}`;
  const commentUrl = ({ of, id }: GithubRef): string => `${base}/${of}/comments/${id}`;
  const newComment = (comment: FileComment | SummaryComment): PlannedRequest =>
    comment.where === 'file'
      ? {
          method: 'POST',
          path: `${base}/pulls/${number}/comments`,
          body: fileComment(comment, head),
          comments: [comment],
        }
      : {
          method: 'POST',
          path: `${base}/issues/${number}/comments`,
          body: { body: comment.body },
          comments: [comment],
        };
  const single = (comment: LineComment): PlannedRequest => ({
    method: 'POST',
    path: `${base}/pulls/${number}/comments`,
    body: { commit_id: head, ...reviewComment(comment) },
    comments: [comment],
  });
  return {
    write: ({ create, edit }) => {
      const lines = create.filter(comment => comment.where === 'line');
      const payloads = reviews(lines, head);
      let done = 0;
      const made = payloads.map((body): PlannedRequest => {
        const comments = lines.slice(done, done + body.comments.length);
        done += comments.length;
        return { method: 'POST', path: `${base}/pulls/${number}/reviews`, body, comments };
      });
      return [
        ...edit.map(({ posted, comment }): PlannedRequest => {
          return {
            method: 'PATCH',
            path: commentUrl(posted.ref),
            body: { body: comment.body },
            comments: [comment],
          };
        }),
        ...made,
        ...create.flatMap(comment => (comment.where === 'line' ? [] : [newComment(comment)])),
      ];
    },
    remove: ({ ref }) => ({ method: 'DELETE', path: commentUrl(ref), comments: [] }),
    split: ({ comments }) => comments.flatMap(comment => (comment.where === 'line' ? [single(comment)] : [])),
  };
}

/** The lines of a comment as `postedOnDiff` reads them. */
export function githubLines(comment: Comment): string | undefined {
  return comment.where === 'line' ? `${comment.anchor.start}-${comment.anchor.end}` : undefined;
}

/** The part of a comment that is read, on a diff or on the conversation. */
export interface GithubComment {
  readonly id: number;
  readonly body?: string;
  readonly path?: string;
  readonly line?: number | null;
  readonly start_line?: number | null;
  readonly subject_type?: string;
  readonly in_reply_to_id?: number | null;
  readonly user?: { readonly login?: string; readonly type?: string } | null;
  readonly author_association?: string;
  /** In ISO 8601, so that texts compare as times do. */
  readonly created_at?: string;
}

/** The associations of an author that may write to a repository. */
const members = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/**
 * @param me our login, where we are a person's account
 * @param author who opened the pull request
 * @returns what was said on a pull request, the oldest first; its conversation has no threads
 */
export function githubSaid(
  onDiff: readonly GithubComment[],
  onConversation: readonly GithubComment[],
  me: string | undefined,
  author: string | undefined,
): readonly Said<GithubRef>[] {
  const saidOf = (of: GithubRef['of'], { id, body = '', user, author_association = '' }: GithubComment) => {
    const isBot = user?.type === 'Bot';
    const isMine = me === undefined ? isBot : user?.login === me;
    return {
      ref: { id, of },
      body,
      marker: isMine ? readMarker(body) : undefined,
      isBot,
      isOnDiff: of === 'pulls',
      mayDecide: members.includes(author_association) || (author !== undefined && user?.login === author),
      answers: undefined,
    };
  };
  const all = [
    ...onDiff.map(comment => ({ at: comment.created_at ?? '', said: saidOf('pulls', comment) })),
    ...onConversation.map(comment => ({ at: comment.created_at ?? '', said: saidOf('issues', comment) })),
  ];
  return all.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ said }) => said);
}

/** A conversation has no threads: a person answers a comment by quoting a line of it. */
function isQuoted({ id, body = '' }: GithubComment, conversation: readonly GithubComment[]): boolean {
  const lines = new Set(body.split(/\r?\n/).map(line => line.trim()));
  const later = conversation.slice(conversation.findIndex(comment => comment.id === id) + 1);
  return later.some(
    ({ user, body: text = '' }) =>
      user?.type !== 'Bot' &&
      [...text.matchAll(/^\s*>\s?(.*)$/gm)].some(
        ([, line = '']) => line.trim() !== '' && lines.has(line.trim()),
      ),
  );
}

/**
 * Our comments among those of a pull request. A marker alone does not make a comment ours: anybody can write one.
 *
 * @param me our login; where the token does not tell, every bot's comments count as ours when they have the marker
 */
export function githubPosted(
  onDiff: readonly GithubComment[],
  onConversation: readonly GithubComment[],
  tag: string,
  me: string | undefined,
): readonly Posted<GithubRef>[] {
  // Other programs answer, too; that is no answer of a person.
  const answered = new Set(
    onDiff.flatMap(({ in_reply_to_id, user }) => (user?.type === 'Bot' ? [] : (in_reply_to_id ?? []))),
  );
  const isMine = ({ user }: GithubComment): boolean =>
    me === undefined ? user?.type === 'Bot' : user?.login === me;
  const find = (comment: GithubComment, of: GithubRef['of']): readonly Posted<GithubRef>[] => {
    const marker = readMarker(comment.body ?? '');
    if (marker === undefined || marker.tag !== tag || !isMine(comment)) return [];
    const { id, path = '', line, start_line, subject_type } = comment;
    const isLine = of === 'pulls' && subject_type !== 'file';
    return [
      {
        where: of === 'issues' ? 'summary' : isLine ? 'line' : 'file',
        id: marker.id,
        fp: marker.fp,
        of: marker.of,
        path,
        lines: isLine ? (line == null ? 'outdated' : `${start_line ?? line}-${line}`) : undefined,
        replied: of === 'pulls' ? answered.has(id) : isQuoted(comment, onConversation),
        ref: { id, of },
      },
    ];
  };
  return [
    ...onDiff.flatMap(comment => find(comment, 'pulls')),
    ...onConversation.flatMap(comment => find(comment, 'issues')),
  ];
}
