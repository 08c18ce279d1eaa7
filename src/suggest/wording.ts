import type { SourceFile } from '../yaml/source.ts';
import type { Dialect } from './dialect.ts';
import type { Filter } from './items.ts';

/**
 * The command that makes the edits of some files on one's own machine, as in `vs2route convert --write shop/cart.yaml
 * --with=.`.
 */
export type CommandLine = (files: readonly string[]) => string;

/** The context of texts besides the item. */
export interface Wording {
  readonly command: CommandLine;
  /** How many characters a text may have. */
  readonly maxBody: number;
  /** Everything that was read. */
  readonly files: readonly SourceFile[];
  readonly dialect: Pick<Dialect, 'request' | 'button'>;
  readonly filter: Filter;
}
