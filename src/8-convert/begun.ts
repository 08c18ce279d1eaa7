import type { SharedLots } from '../7-settle/shared-lots.ts';
import type { Conversion } from '../conversion.ts';
import type { ChangedText } from './changing-texts.ts';

/** A conversion, and how it is made again once a few texts have changed. */
export interface Converted {
  readonly conversion: Conversion;
  /** @returns undefined where everything has to be converted anew */
  readonly again: (changes: readonly ChangedText[]) => Conversion | undefined;
}

/** A conversion of which the texts are read and put together. */
export interface Begun {
  /** The lots; undefined where the cluster stays in one piece. */
  readonly lots: SharedLots | undefined;
  /** The numbers of lots that take long, the largest ones first. */
  readonly numbers: readonly number[];
  /** Converts what is not converted yet, and puts everything together. */
  readonly finish: () => Converted;
}
