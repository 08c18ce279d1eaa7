import type { AnyResource } from '../2-decode/resource.ts';
import type { Budget } from '../budget.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../diagnostics/locate.ts';
import type { SourceDocument } from '../yaml/source.ts';
import { type CountedProgress, type LotEffort, repeatEffort, withEffort } from './lot-effort.ts';
import {
  type LotResult,
  type LotTemplate,
  lineBy,
  type NamedLot,
  resultOf,
  templateOf,
} from './lot-template.ts';

/** A converted lot as data, which can go from one thread to another. */
export interface LotWork extends LotEffort {
  readonly template: LotTemplate;
}

/** The means to convert lots. */
export interface LotWorkshop {
  readonly convert: (resources: readonly AnyResource[], earlier: readonly Finding[]) => LotResult;
  /** Makes a result smaller, where there are many. */
  readonly pack: (result: LotResult) => LotResult;
  readonly earlierOf: (number: number) => readonly Finding[];
  readonly budget: Budget;
  readonly locate: Locate;
  readonly progress: CountedProgress;
}

/**
 * The lots of one cluster, each of which may be converted by somebody else who has read the same texts with the same options: lots
 * and their numbers are the same for both.
 */
export class SharedLots {
  readonly #all: readonly (readonly AnyResource[])[];
  readonly #shop: LotWorkshop;
  readonly #results = new Map<readonly AnyResource[], LotResult>();
  /** Whether a result came from elsewhere. */
  hasTaken = false;

  constructor(all: readonly (readonly AnyResource[])[], shop: LotWorkshop) {
    this.#all = all;
    this.#shop = shop;
  }

  /** @returns how many objects there are in some lots */
  sizeOf(numbers: readonly number[]): number {
    return numbers.reduce((sum, number) => sum + (this.#all[number]?.length ?? 0), 0);
  }

  /** Converts a lot here, and keeps the result. */
  convert(number: number): void {
    const lot = this.#all[number];
    if (lot === undefined) return;
    const { convert, pack, earlierOf } = this.#shop;
    this.#results.set(lot, pack(convert(lot, earlierOf(number))));
  }

  /**
   * Converts a lot for somebody else.
   *
   * @returns undefined where the result is no plain data
   */
  workOn(number: number): LotWork | undefined {
    const lot = this.#all[number];
    if (lot === undefined) return undefined;
    const { budget, progress, convert, earlierOf } = this.#shop;
    const { result, ...effort } = withEffort(budget, progress, () => convert(lot, earlierOf(number)));
    const template = templateOf(this.#named(lot), result);
    return template === undefined ? undefined : { template, ...effort };
  }

  /** Takes a lot that somebody else has converted. */
  take(number: number, { template, ...effort }: LotWork): void {
    const lot = this.#all[number];
    if (lot === undefined) return;
    const { budget, progress } = this.#shop;
    this.hasTaken = true;
    this.#results.set(lot, resultOf(template, this.#named(lot)));
    repeatEffort(budget, progress, effort);
  }

  /** @returns the result of a lot that is converted already, if it is */
  of(lot: readonly AnyResource[]): LotResult | undefined {
    return this.#results.get(lot);
  }

  #named(resources: readonly AnyResource[]): NamedLot {
    const documents = new Set<SourceDocument>();
    for (const { source } of resources) if (source !== undefined) documents.add(source.document);
    return { resources, names: [], documents: [...documents], lineOf: lineBy(this.#shop.locate) };
  }
}
