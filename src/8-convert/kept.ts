import type { AnyResource } from '../2-decode/resource.ts';
import type { Remembered } from '../3-link/remembered.ts';
import type { KnownLots } from '../7-settle/known-lots.ts';
import type { Memory } from '../budget.ts';
import type { ReadFile } from '../read-resources.ts';
import type { SourceFile } from '../yaml/source.ts';

/** State that is kept between conversions; none of it changes a conversion, only what it takes. */
export interface Kept {
  /** Reads one text. */
  readonly read: (file: SourceFile) => ReadFile;
  readonly memory: Memory;
  /** The results of lots; those of which nothing changed are not converted again. */
  readonly lots?: KnownLots;
  /** Answers about single texts and objects, and the objects that were made of others, by which results of lots are found. */
  readonly remembered?: Remembered;
  /** Keeps what takes long by the smallest lots, for those who come again with a few changes. */
  readonly isComingAgain?: boolean;
  /** Whether lots that differ in the numbers of names alone are converted once (lot-reuse.ts); so it is if nobody says otherwise. */
  readonly isReusing?: boolean;
}

/** Chooses lots by their objects. The others are left out of the conversion: it says nothing of their objects, and writes nothing. */
export type ChooseLots = (lot: readonly AnyResource[]) => boolean;
