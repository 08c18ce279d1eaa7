import type { Comment, FileComment, LineComment } from '../suggest/comment.ts';
import { paragraphs } from '../suggest/markdown.ts';

/**
 * The body of `POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews`.
 *
 * @see https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request
 */
export interface ReviewPayload {
  readonly commit_id?: string;
  /** Left out, the review would be pending, and nobody but its author would see it. */
  readonly event: 'COMMENT';
  readonly body: string;
  readonly comments: readonly ReviewComment[];
}

/** Also the body of `POST .../pulls/{pull_number}/comments`, with the commit. */
export interface ReviewComment {
  readonly path: string;
  readonly side: 'RIGHT';
  /** The last line. */
  readonly line: number;
  readonly start_line?: number;
  readonly start_side?: 'RIGHT';
  readonly body: string;
}

/** A comment on a file, of which no line need be in the diff. */
export interface FileCommentPayload {
  readonly commit_id: string;
  readonly path: string;
  readonly body: string;
  readonly subject_type: 'file';
}

/** GitHub takes requests with more for abuse. */
export const MAX_COMMENTS_OF_REVIEW = 30;

/** The longest body that GitHub takes is 65,536 characters. */
const MAX_REVIEW_BODY = 60_000;

/** @returns a comment as GitHub wants it: a range has a start, a single line must not */
export function reviewComment({ path, anchor, body }: LineComment): ReviewComment {
  const { start, end } = anchor;
  return {
    path,
    side: 'RIGHT',
    line: end,
    ...(start < end && { start_line: start, start_side: 'RIGHT' as const }),
    body,
  };
}

/** Reviews of at most so many comments as GitHub takes. Their own text is empty: the comments say it all. */
export function reviews(
  comments: readonly LineComment[],
  commit: string | undefined,
): readonly ReviewPayload[] {
  const chunks = Array.from({ length: Math.ceil(comments.length / MAX_COMMENTS_OF_REVIEW) }, (_, index) =>
    comments.slice(index * MAX_COMMENTS_OF_REVIEW, (index + 1) * MAX_COMMENTS_OF_REVIEW),
  );
  return chunks.map(chunk => review(chunk, commit, ''));
}

function review(comments: readonly LineComment[], commit: string | undefined, body: string): ReviewPayload {
  return {
    ...(commit !== undefined && { commit_id: commit }),
    event: 'COMMENT',
    body,
    comments: comments.map(reviewComment),
  };
}

/** @returns a comment on a file as GitHub wants it */
export function fileComment({ path, body }: FileComment, commit: string): FileCommentPayload {
  return { commit_id: commit, path, body, subject_type: 'file' };
}

/** Everything as one review, to be sent by somebody else: what a review cannot say at a line, its text says. */
export function githubReview(comments: readonly Comment[], commit: string | undefined): string {
  const lines = comments.filter(comment => comment.where === 'line');
  const texts = comments.filter(comment => comment.where !== 'line').map(({ body }) => body);
  const first = lines.slice(0, MAX_COMMENTS_OF_REVIEW);
  const fitting = texts.filter((_, index) => {
    const length = texts.slice(0, index + 1).reduce((sum, text) => sum + text.length + 2, 0);
    return length < MAX_REVIEW_BODY - 500;
  });
  const missing = texts.length - fitting.length + (lines.length - first.length);
  const body = paragraphs([
    lines.length + texts.length === 0 ? 'vs2route: nothing to convert.' : '',
    ...fitting,
    missing > 0 ? `And ${missing} more that did not fit.` : '',
  ]);
  return `${JSON.stringify(review(first, commit, body), null, 2)}\n`;
}
