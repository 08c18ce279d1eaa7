import type { AnyResource } from '../2-decode/resource.ts';
import type { ClusterNamespaces, Namespaces } from '../3-link/facts.ts';
import { answersAbout, type Mentions } from '../3-link/mentions.ts';
import { asksForPort80 } from '../3-link/port-80.ts';
import type { Budget } from '../budget.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { type CountedProgress, type LotEffort, repeatEffort, withEffort } from './lot-effort.ts';
import type { LotResult } from './lot-template.ts';

/** Everything outside of a lot that its conversion may read. */
export interface Surroundings {
  /** A text for the options of the conversion. */
  readonly choices: string;
  /** Those of the cluster. */
  readonly namespaces: ClusterNamespaces;
  readonly mentions: Mentions;
  /** Whether any Service has HTTP at port 80 (port-80.ts). */
  readonly hasPort80: boolean;
}

/** Names of namespaces by which a result was made. */
interface Asked {
  /** Those that were looked for, and whether they were there. */
  readonly each: ReadonlyMap<string, boolean>;
  /** Every one, where all of them were looked at, or where nobody knows what was asked. */
  readonly all: ReadonlySet<string> | undefined;
}

/** A result, and all that it was made of. */
interface Entry extends LotEffort {
  readonly resources: readonly AnyResource[];
  readonly earlier: readonly Finding[];
  readonly choices: string;
  /** The texts that nobody could read, by the names in them (`answersAbout`). */
  readonly answers: readonly (string | undefined)[];
  readonly asked: { readonly [Names in keyof ClusterNamespaces]: Asked };
  /** Whether port 80 of another lot was told of. */
  readonly isPort80Elsewhere: boolean;
  readonly result: LotResult;
}

/** So many results are kept by one first object: the lot by itself, and together with others whose results it meets. */
const MOST = 3;

/**
 * Keeps the results of lots with everything that they were made of. A lot whose objects are the same ones, of which the same was
 * said while reading, and which finds the same around it, has the same result. A result goes when its first object does.
 */
export class KnownLots {
  readonly #entries = new WeakMap<AnyResource, readonly Entry[]>();
  #namespaces: ClusterNamespaces = { all: new Set(), withServices: new Set() };

  /** @returns what knows the lots of one conversion */
  within(surroundings: Surroundings): LotsWithin {
    const { all, withServices } = surroundings.namespaces;
    // One object for equal sets.
    this.#namespaces = {
      all: isSameSet(this.#namespaces.all, all) ? this.#namespaces.all : all,
      withServices: isSameSet(this.#namespaces.withServices, withServices)
        ? this.#namespaces.withServices
        : withServices,
    };
    return new LotsWithin(this.#entries, { ...surroundings, namespaces: this.#namespaces });
  }
}

/** The lots of one conversion, of which some may be known. */
export class LotsWithin {
  readonly #entries: WeakMap<AnyResource, readonly Entry[]>;
  readonly #around: Surroundings;
  /** How many lots were known. */
  hits = 0;

  constructor(entries: WeakMap<AnyResource, readonly Entry[]>, around: Surroundings) {
    this.#entries = entries;
    this.#around = around;
  }

  /** @returns whether a result of these objects is known that counts, unless something else was said while reading */
  has(resources: readonly AnyResource[]): boolean {
    return this.#find(resources, answersAbout(this.#around.mentions, resources)) !== undefined;
  }

  /** @returns the known result of these objects, which the conversion would give again */
  of(resources: readonly AnyResource[], earlier: readonly Finding[]): LotResult | undefined {
    return this.#find(resources, answersAbout(this.#around.mentions, resources), earlier)?.result;
  }

  /**
   * @param budget is spent as if the lot were converted
   * @param convertNow converts the lot, and asks for namespaces as it is told
   * @returns the known result, or what the conversion gives
   */
  convert(
    resources: readonly AnyResource[],
    earlier: readonly Finding[],
    budget: Budget,
    progress: CountedProgress,
    convertNow: (namespaces: () => ClusterNamespaces<Namespaces>) => LotResult,
  ): LotResult {
    const { choices, mentions, namespaces } = this.#around;
    const answers = answersAbout(mentions, resources);
    const known = this.#find(resources, answers, earlier);
    if (known !== undefined) {
      this.hits += 1;
      repeatEffort(budget, progress, known);
      return known.result;
    }
    const ears = { all: new Ear(namespaces.all), withServices: new Ear(namespaces.withServices) };
    const made = withEffort(budget, progress, () =>
      convertNow(() => ({ all: ears.all.listen(), withServices: ears.withServices.listen() })),
    );
    const entry: Entry = {
      resources,
      earlier,
      choices,
      answers,
      asked: { all: ears.all.asked, withServices: ears.withServices.asked },
      isPort80Elsewhere: this.#isPort80Elsewhere(resources),
      ...made,
    };
    const [first] = resources;
    if (first !== undefined)
      this.#entries.set(first, [entry, ...(this.#entries.get(first) ?? [])].slice(0, MOST));
    return made.result;
  }

  /** @returns whether a lot has to be told that another one has HTTP at port 80 */
  #isPort80Elsewhere(resources: readonly AnyResource[]): boolean {
    return this.#around.hasPort80 && asksForPort80(resources);
  }

  #find(
    resources: readonly AnyResource[],
    answers: readonly (string | undefined)[],
    earlier?: readonly Finding[],
  ): Entry | undefined {
    const [first] = resources;
    const known = first === undefined ? undefined : this.#entries.get(first);
    return known?.find(
      entry =>
        entry.choices === this.#around.choices &&
        isSameList(entry.resources, resources) &&
        isSameList(entry.answers, answers) &&
        entry.isPort80Elsewhere === this.#isPort80Elsewhere(resources) &&
        finds(entry.asked.all, this.#around.namespaces.all) &&
        finds(entry.asked.withServices, this.#around.namespaces.withServices) &&
        (earlier === undefined || isSameList(entry.earlier, earlier, isSameFinding)),
    );
  }
}

/** Whether somebody who asks the same is told the same. */
function finds({ each, all }: Asked, namespaces: ReadonlySet<string>): boolean {
  if (all !== undefined && all !== namespaces) return false;
  for (const [name, isThere] of each) if (namespaces.has(name) !== isThere) return false;
  return true;
}

/** Notes what is asked of namespaces. */
class Ear {
  readonly #namespaces: ReadonlySet<string>;
  readonly #each = new Map<string, boolean>();
  #isListening = false;
  #isOfAll = false;

  constructor(namespaces: ReadonlySet<string>) {
    this.#namespaces = namespaces;
  }

  listen(): Namespaces {
    this.#isListening = true;
    const has = (name: string): boolean => {
      const isThere = this.#namespaces.has(name);
      this.#each.set(name, isThere);
      return isThere;
    };
    const all = (): IterableIterator<string> => {
      this.#isOfAll = true;
      return this.#namespaces.values();
    };
    return { has, [Symbol.iterator]: all };
  }

  /** A result that was made without listening may depend on any of them. */
  get asked(): Asked {
    const isOfAll = this.#isOfAll || !this.#isListening;
    return { each: this.#each, all: isOfAll ? this.#namespaces : undefined };
  }
}

/** Whether two sets have the same items. */
export function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every(item => other.has(item));
}

function isSameList<Item>(
  one: readonly Item[],
  other: readonly Item[],
  isSame: (one: Item, other: Item) => boolean = Object.is,
): boolean {
  return one.length === other.length && one.every((item, index) => isSame(item, other[index] as Item));
}

/** Whether two findings say the same of the same texts. */
function isSameFinding(one: Finding, other: Finding): boolean {
  return (
    one === other ||
    (one.code === other.code &&
      isSamePlace(one.place, other.place) &&
      JSON.stringify(one.args) === JSON.stringify(other.args) &&
      isSameList(
        one.related,
        other.related,
        (a, b) => a.message === b.message && isSamePlace(a.place, b.place),
      ))
  );
}

function isSamePlace(
  { file, document, ...one }: Place,
  { file: text, document: own, ...other }: Place,
): boolean {
  return file === text && document === own && JSON.stringify(one) === JSON.stringify(other);
}
