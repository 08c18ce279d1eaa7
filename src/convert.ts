import { SETTLING_STEPS } from './7-settle/settle.ts';
import type { Begun, Converted } from './8-convert/begun.ts';
import { clustersOfInputs } from './8-convert/clusters.ts';
import { beginInLots } from './8-convert/in-lots.ts';
import { convertInOnePiece } from './8-convert/in-one-piece.ts';
import { readInputs, withSurroundings } from './8-convert/inputs.ts';
import type { ChooseLots, Kept } from './8-convert/kept.ts';
import { Budget } from './budget.ts';
import type { Conversion } from './conversion.ts';
import { defaultOptions, type Options } from './options.ts';
import { readOne } from './read-resources.ts';
import type { SourceFile } from './yaml/source.ts';

/**
 * Converts the VirtualServices of some texts, and what they lean on.
 *
 * @param files texts to convert
 * @param facts texts that are read for what they say of Services, Gateways and the like, and left alone
 * @param progress hears now and then how much of the work is done
 * @param options `defaultOptions` where nothing else is said
 * @param beside texts of the same folders that are no manifests, such as templates, values and hidden files: what they
 * name is in use, and kustomizations among them count
 * @param kept what is kept of earlier conversions: nothing, if nobody says otherwise
 * @param examples how many of the requests that prove a VirtualService its proof keeps
 * @param choose chooses the lots to convert, for those who ask for a part of a conversion; a cluster that stays in one piece is
 * converted as a whole
 * @returns the objects, the edits that put them in place (`applyEdits` makes them), and everything there is to say;
 * nothing is written anywhere. A fault of the texts is a diagnostic: nothing is thrown.
 */
export function convert(
  files: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: Options = defaultOptions,
  progress: (done: number, total: number) => void = () => undefined,
  beside: readonly SourceFile[] = [],
  kept: Kept = { read: readOne, memory: new Map() },
  examples = 0,
  choose?: ChooseLots,
): Conversion {
  return convertAndKeep(files, facts, options, progress, beside, kept, examples, choose).conversion;
}

/** The same, for those who may come again. */
export function convertAndKeep(...given: Parameters<typeof begin>): Converted {
  return begin(...given).finish();
}

/** Reads, and leaves open who converts the lots; the parameters are those of `convert`. */
export function begin(
  files: readonly SourceFile[],
  facts: readonly SourceFile[],
  options: Options,
  progress: (done: number, total: number) => void,
  beside: readonly SourceFile[],
  kept: Kept,
  examples = 0,
  choose?: ChooseLots,
): Begun {
  const inputs = readInputs(files, facts, options, beside, kept);
  const clusters = clustersOfInputs(inputs, kept.memory);
  const steps = SETTLING_STEPS * clusters.variants.reduce((sum, { members }) => sum + members.size, 0);
  const budget = new Budget(inputs.options, undefined, kept.memory);
  let done = 0;
  const step = (): void => {
    done = Math.min(done + 1, steps);
    progress(done, steps);
  };
  const anew = (): Converted => {
    const { lots: _, ...rest } = kept;
    return convertAndKeep(files, facts, options, progress, beside, rest, examples, choose);
  };
  const inLots = beginInLots(inputs, clusters, { budget, step, examples, kept, choose, anew });
  if (inLots !== undefined) return inLots;
  const finish = (): Converted => {
    const conversion = convertInOnePiece(inputs, clusters, { budget, step, examples });
    return { conversion: withSurroundings(inputs, conversion), again: () => undefined };
  };
  return { lots: undefined, numbers: [], finish };
}
