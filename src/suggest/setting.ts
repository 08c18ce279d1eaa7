import type { SourceFile } from '../yaml/source.ts';
import type { Dialect } from './dialect.ts';
import type { DiffFile } from './diff.ts';
import type { Wording } from './wording.ts';

/** The known state when comments are placed. */
export interface Setting extends Pick<Wording, 'command' | 'filter'> {
  readonly dialect: Dialect;
  readonly diff: readonly DiffFile[];
  /** The files that were read, by path. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Tells the comments of several runs on one pull request apart. */
  readonly tag: string;
  readonly maxLineComments: number;
  readonly maxFileComments: number;
  /** Comments that the forge would not take where they were. */
  readonly refused: ReadonlySet<string>;
}
