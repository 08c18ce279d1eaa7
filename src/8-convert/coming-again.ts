import type { SomeLots } from '../7-settle/by-lots.ts';
import type { KnownLots, LotsWithin } from '../7-settle/known-lots.ts';
import { byPath, ChangingTexts } from './changing-texts.ts';
import { type Around, ConvertedAgain, type LotsAgain } from './convert-again.ts';
import type { Inputs } from './inputs.ts';
import type { Kept } from './kept.ts';

/** The means to convert lots again, some of which only sessions have. */
export interface MeansAgain extends Pick<LotsAgain, 'locate' | 'convert'> {
  readonly kept: Kept;
  /** @returns the known lots, as of a cluster with these surroundings */
  readonly within: (lots: KnownLots, around: Around) => LotsWithin;
}

/**
 * Prepares for a few texts to change, where that is to be expected.
 *
 * @param lots all lots of the one cluster of the inputs
 * @returns undefined where every change asks for a conversion anew
 */
export function comingAgain(
  { isInput, shown, claims, files, facts, texts, ported, mentions, beside, options }: Inputs,
  lots: readonly SomeLots[],
  { kept, within, locate, convert }: MeansAgain,
): ConvertedAgain | undefined {
  const { isComingAgain, lots: known, remembered, read } = kept;
  if (isComingAgain !== true || known === undefined || remembered === undefined) return undefined;
  // Something may be said of a text of facts that holds no object.
  if (claims.size + facts.length + shown.length > 0) return undefined;
  const isInOrder = files.every((file, index) => index === 0 || byPath(files[index - 1] ?? file, file) < 0);
  if (!isInOrder) return undefined;
  const { derive, documents } = remembered;
  const reader = { namespace: options.namespace, read, derive, documents };
  return ConvertedAgain.of(
    { texts: new ChangingTexts(files, texts, reader), read: texts.resources, ported, lots, beside },
    mentions,
    { remembered, locate, within: around => within(known, around), convert, inputs: isInput },
  );
}
