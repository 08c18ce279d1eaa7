import type { Comment } from './comment.ts';

/** A comment of ours that is on the pull request. */
export interface Posted<Ref = unknown> {
  readonly where: Comment['where'];
  readonly id: string;
  readonly fp: string;
  /** Fingerprints of the objects that it is about. */
  readonly of: readonly string[];
  readonly path: string;
  /** The lines that the forge says it stands at now; undefined where they are gone, or for a whole file. */
  readonly lines: string | undefined;
  /** Whether a person answered it, so that it must not go, and nothing more is said of its objects. */
  readonly replied: boolean;
  /** The id of the forge for it. */
  readonly ref: Ref;
}

/** The steps after which a pull request has the comments it is to have. */
export interface Plan<Ref = unknown> {
  readonly create: readonly Comment[];
  readonly edit: readonly { readonly posted: Posted<Ref>; readonly comment: Comment }[];
  /** After everything else, so that nothing is missing meanwhile. */
  readonly remove: readonly Posted<Ref>[];
  /** The comments that are there and are right. */
  readonly keep: readonly Posted<Ref>[];
}

/**
 * Compares the comments that are to be with those that are: one that says the same at the same place stays, one that
 * says something else is edited, one that nobody wants any more goes unless somebody answered it. Running it again
 * after its requests were sent asks for nothing.
 *
 * @param linesOf how the forge says where a comment stands
 */
export function plan<Ref>(
  wanted: readonly Comment[],
  posted: readonly Posted<Ref>[],
  linesOf: (comment: Comment) => string | undefined,
): Plan<Ref> {
  const free = new Set(posted);
  const create: Comment[] = [];
  const edit: { readonly posted: Posted<Ref>; readonly comment: Comment }[] = [];
  const keep: Posted<Ref>[] = [];
  for (const comment of wanted) {
    const candidates = [...free].filter(({ id, where, lines }) => {
      return id === comment.id && where === comment.where && lines === linesOf(comment);
    });
    const found = candidates.find(({ fp }) => fp === comment.fp) ?? candidates[0];
    if (found === undefined) {
      create.push(comment);
      continue;
    }
    free.delete(found);
    if (found.fp === comment.fp) keep.push(found);
    else edit.push({ posted: found, comment });
  }
  return { create, edit, keep, remove: [...free].filter(({ replied }) => !replied) };
}
