import type { Comment } from '../../suggest/comment.ts';
import type { Said } from '../../suggest/conversation.ts';
import type { Dialect } from '../../suggest/dialect.ts';
import type { DiffFile } from '../../suggest/diff.ts';
import type { Posted } from '../../suggest/plan.ts';
import type { Requests } from '../../suggest/requests.ts';
import type { ForgeClient } from './http.ts';

/** A place where pull requests are talked about. */
export interface Forge<Ref = unknown> {
  readonly dialect: Dialect;
  readonly client: ForgeClient;
  /** For people: `GitHub pull request shop/manifests#12`. */
  readonly name: string;
  /** The commit that this run is about, when the environment says; another run is for another one. */
  readonly expectedHead: string | undefined;
  /** @throws ForgeError */
  readonly open: () => Promise<PullRequest<Ref>>;
  readonly linesOf: (comment: Comment) => string | undefined;
}

export interface PullRequest<Ref> {
  readonly isOpen: boolean;
  /** Its newest commit. */
  readonly head: string;
  readonly requests: Requests<Ref>;
  readonly labels: readonly string[];
  /** Everything that was said. @throws ForgeError */
  readonly talk: (tag: string) => Promise<Talk<Ref>>;
  /** The commit of its target that it is compared with, where the forge names one. */
  readonly base: string | undefined;
  /** The changed files. @throws ForgeError */
  readonly diff: () => Promise<readonly DiffFile[]>;
}

/** The comments on a pull request. */
export interface Talk<Ref> {
  readonly said: readonly Said<Ref>[];
  /** Our own comments. */
  readonly posted: readonly Posted<Ref>[];
}
