import type { AnyResource } from '../2-decode/resource.ts';
import { variantsWithin } from '../3-link/environments/variants-within.ts';
import { type ClusterNamespaces, type Namespaces, namespacesOf } from '../3-link/facts.ts';
import { lotsOf, PARTS } from '../3-link/lots.ts';
import { answersAbout } from '../3-link/mentions.ts';
import { asksForPort80, hasHttpAt80 } from '../3-link/port-80.ts';
import { nothingRemembered } from '../3-link/remembered.ts';
import { convertByLots, earlierOf, LARGE, packed } from '../7-settle/by-lots.ts';
import { earlierAbout } from '../7-settle/earlier-about.ts';
import type { CountedProgress } from '../7-settle/lot-effort.ts';
import { lotReuse } from '../7-settle/lot-reuse.ts';
import { type LotShape, repeatedLots } from '../7-settle/lot-shape.ts';
import type { LotResult } from '../7-settle/lot-template.ts';
import { SharedLots } from '../7-settle/shared-lots.ts';
import { toConversion } from '../7-settle/to-conversion.ts';
import type { Budget } from '../budget.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { collect, locator } from '../diagnostics/locate.ts';
import type { Begun, Converted } from './begun.ts';
import type { Clusters } from './clusters.ts';
import { comingAgain } from './coming-again.ts';
import type { Around } from './convert-again.ts';
import { type Inputs, withAssumptions, withSurroundings } from './inputs.ts';
import type { ChooseLots, Kept } from './kept.ts';
import { settleInputs } from './settling.ts';

/** The means to convert lots. */
export interface LotMeans {
  readonly budget: Budget;
  /** Called for each step of the work. */
  readonly step: () => void;
  /** How many of the requests that prove a VirtualService are kept. */
  readonly examples: number;
  readonly kept: Kept;
  /** All lots are converted where nobody chooses. */
  readonly choose: ChooseLots | undefined;
  /** Converts all texts anew, without the results of lots that are known. */
  readonly anew: () => Converted;
}

/** Converts some objects, by themselves or with others that they meet; `earlier` was said while reading. */
type ConvertLot = (
  resources: readonly AnyResource[],
  earlier: readonly Finding[],
  namespaces: ClusterNamespaces<Namespaces>,
  around?: Omit<Around, 'namespaces'>,
) => LotResult;

/**
 * Takes the clusters of the inputs apart, and converts lot by lot.
 *
 * @returns undefined where something concerns the whole cluster, or there is one lot
 */
export function beginInLots(inputs: Inputs, clusters: Clusters, means: LotMeans): Begun | undefined {
  const { variants } = clusters;
  const { findings, mentions, options } = inputs;
  const { kept, budget, examples, choose } = means;
  if (!isApart(inputs, clusters)) return undefined;
  const all = [...inputs.inputs, ...inputs.shown];
  // Else an environment of several, or documents of which a cluster has one.
  const isOneCluster = variants.length === 1 && variants[0]?.resources.length === all.length;
  const namespaces = namespacesOf(all);
  const hasPort80 = isOneCluster && all.some(hasHttpAt80);
  // The clusters of an object may be others as soon as any object changes.
  const choices = JSON.stringify([options, examples]);
  const known = isOneCluster ? kept.lots?.within({ choices, namespaces, mentions, hasPort80 }) : undefined;
  const within = isOneCluster ? undefined : variantsWithin(variants);
  const shapes = new Map<readonly AnyResource[], LotShape>();
  const context = {
    inputs: inputs.isInput,
    namespaces,
    namespace: options.namespace,
    earlierOf: earlierAbout(findings),
    variants: within === undefined ? undefined : { count: variants.length, of: within },
  };
  const isReusing = kept.isReusing !== false && examples === 0;
  // A name in a text that nobody could read is about one lot, and not about those of its shape.
  const isAlike = (lot: readonly AnyResource[]): boolean =>
    known?.has(lot) !== true && answersAbout(mentions, lot).length === 0;
  const lots = lotsOf(
    all,
    options,
    kept.isComingAgain === true ? 1 : Math.ceil(PARTS / variants.length),
    smallest => (isReusing ? repeatedLots(smallest.filter(isAlike), context, shapes) : new Set()),
    (kept.remembered ?? nothingRemembered).links,
    isOneCluster ? [all] : variants.map(({ resources }) => resources),
  );
  if (lots === undefined || lots.all.length < 2) return undefined;
  const locate = locator();
  const progress = counting(means.step);
  const reuse = lotReuse(budget, locate, progress);
  const parts = (resources: readonly AnyResource[], named: ClusterNamespaces<Namespaces>) =>
    within?.(resources) ?? [{ resources, alternatives: [], members: inputs.isInput, namespaces: named }];
  const convertLot: ConvertLot = (resources, earlier, named, around = { mentions, hasPort80 }) => {
    const isPort80Elsewhere = around.hasPort80 && asksForPort80(resources);
    const { report, findings: said } = collect();
    for (const { code, place, args, related } of earlier) report(code, place, args, related);
    const settlements = parts(resources, named).map(part =>
      settleInputs(
        inputs,
        { ...part, mentions: around.mentions, isPort80Elsewhere },
        { report, budget, step: progress.step, examples, earlier: said },
      ),
    );
    const own = resources.filter(resource => inputs.isInput.has(resource));
    const others = resources.filter(resource => !inputs.isInput.has(resource));
    const texts = [...new Set(resources.flatMap(({ source }) => source?.document.file ?? []))];
    return toConversion(own, others, settlements, [], said, texts, options, locate);
  };
  const pack = (result: LotResult) => (inputs.inputs.length > LARGE ? packed(result) : result);
  const convert = (resources: readonly AnyResource[], earlier: readonly Finding[]) => {
    const convertNow = (listen: () => ClusterNamespaces<Namespaces>) => {
      const shape = shapes.get(resources);
      const now = () => convertLot(resources, earlier, listen());
      return shape === undefined ? now() : reuse.convert(resources, shape, now);
    };
    return known === undefined
      ? convertNow(() => namespaces)
      : known.convert(resources, earlier, budget, progress, listen => pack(convertNow(listen)));
  };
  const shared = new SharedLots(lots.all, {
    convert,
    pack,
    earlierOf: earlierOf(lots.all, findings),
    budget,
    locate,
    progress,
  });
  const finish = (): Converted => {
    const byLots = convertByLots(lots, inputs.inputs, findings, inputs.files, locate, (resources, earlier) =>
      choose === undefined || choose(resources)
        ? (shared.of(resources) ?? convert(resources, earlier))
        : leftOut,
    );
    // Close to a limit each lot has to find out by itself.
    if ((shared.hasTaken || (known?.hits ?? 0) > 0) && !budget.isHalfLeft) return means.anew();
    const again = isOneCluster
      ? comingAgain(inputs, byLots.lots(), {
          kept,
          locate,
          within: (among, now) => among.within({ choices, ...now }),
          convert: (resources, earlier, among, now) =>
            among.convert(resources, earlier, budget, progress, listen =>
              pack(convertLot(resources, earlier, listen(), now)),
            ),
        })
      : undefined;
    return {
      conversion: withSurroundings(inputs, byLots.conversion),
      again: changes => {
        // The work of earlier conversions counts here, and not in one that begins anew.
        const conversion = budget.isHalfLeft ? again?.change(changes) : undefined;
        return conversion !== undefined && budget.isHalfLeft
          ? withAssumptions(inputs.options, conversion)
          : undefined;
      },
    };
  };
  return { lots: shared, numbers: largestFirst(lots.all, shapes), finish };
}

/** The result of a lot that nobody chose. */
const leftOut: LotResult = {
  written: [],
  resources: [],
  edits: [],
  together: [],
  diagnostics: [],
  made: [],
  removed: [],
};

/** Whether nothing but what lots have in common ties objects together. */
function isApart({ around }: Inputs, { variants, tried: { severalServices, beside } }: Clusters): boolean {
  const isMoved = variants.some(({ readAs }) => readAs.size > 0);
  return !isMoved && severalServices.size + beside.length + around.length === 0;
}

/** Counts the steps that are told of, so that they can be told of again. */
function counting(step: () => void): CountedProgress {
  let told = 0;
  return {
    steps: () => told,
    step: () => {
      told += 1;
      step();
    },
  };
}

/** Lots that are like others take no time: whoever has one converts them all. */
function largestFirst(
  all: readonly (readonly AnyResource[])[],
  shapes: ReadonlyMap<readonly AnyResource[], LotShape>,
): readonly number[] {
  const sizes = all.map(lot => lot.length);
  return [...all.keys()]
    .filter(number => !shapes.has(all[number] ?? []))
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
}
