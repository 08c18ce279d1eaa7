import type { AnyResource } from '../2-decode/resource.ts';
import type { SourceDocument } from '../yaml/source.ts';
import { Components, joinBy } from './components.ts';
import { syncWave } from './facts.ts';
import { groupBy } from './group-by.ts';

/** Objects that convert together; another one as soon as any object comes or goes. */
export interface ChangingLot {
  /** As they were read, in the order of the whole. */
  readonly resources: readonly AnyResource[];
}

/** The lots that a change of some objects ends, and those that it begins. */
export interface LotChanges {
  readonly gone: ReadonlySet<ChangingLot>;
  readonly come: readonly ChangingLot[];
}

/**
 * Lots of a cluster of which objects come and go (`lotsOf`). A change takes apart the lots that lose an object or share a link
 * with a new one, and leaves all others as they are: it takes as long as these are large.
 */
export class ChangingLots {
  readonly #links: (resource: AnyResource) => readonly string[] | undefined;
  readonly #compare: (one: AnyResource, other: AnyResource) => number;
  readonly #lotOf = new Map<AnyResource, ChangingLot>();
  readonly #byLink = new Map<string, ChangingLot>();

  /**
   * @param lots may be wider than they have to be
   * @param links gives by what an object meets others
   * @param compare puts objects into the order of the whole
   */
  constructor(
    lots: readonly ChangingLot[],
    links: (resource: AnyResource) => readonly string[] | undefined,
    compare: (one: AnyResource, other: AnyResource) => number,
  ) {
    this.#links = links;
    this.#compare = compare;
    for (const lot of lots) this.#put(lot);
  }

  /** @returns the lot that knows a link, such as `host reviews.shop.svc.cluster.local` */
  byLink(link: string): ChangingLot | undefined {
    return this.#byLink.get(link);
  }

  /**
   * Takes some objects away and adds others.
   *
   * @param touched lots that are taken apart in any case
   * @returns undefined where a new object concerns the whole cluster
   */
  change(
    without: readonly AnyResource[],
    added: readonly AnyResource[],
    touched: Iterable<ChangingLot> = [],
  ): LotChanges | undefined {
    const gone = new Set(touched);
    const touch = (lot: ChangingLot | undefined): void => {
      if (lot !== undefined) gone.add(lot);
    };
    for (const resource of without) touch(this.#lotOf.get(resource));
    for (const resource of added) {
      const links = this.#links(resource);
      if (links === undefined || resource.metadata.annotations?.[syncWave] !== undefined) return undefined;
      for (const link of links) touch(this.#byLink.get(link));
    }
    const leaving = new Set(without);
    const left = [...gone].flatMap(({ resources }) => resources.filter(one => !leaving.has(one)));
    for (const { resources } of gone) {
      for (const resource of resources) {
        this.#lotOf.delete(resource);
        for (const link of this.#links(resource) ?? []) this.#byLink.delete(link);
      }
    }
    const come = this.#apart([...left, ...added].sort(this.#compare));
    for (const lot of come) this.#put(lot);
    return { gone, come };
  }

  /** @returns the lots of objects that share no link with any other */
  #apart(resources: readonly AnyResource[]): readonly ChangingLot[] {
    const components = new Components(resources.length);
    const known = new Map<string | SourceDocument, number>();
    for (const [position, resource] of resources.entries()) {
      const document = resource.source?.document;
      const keys = [...(this.#links(resource) ?? []), ...(document === undefined ? [] : [document])];
      for (const key of keys) joinBy(known, key, position, components);
    }
    const positions = [...resources.keys()];
    return [...groupBy(positions, position => components.rootOf(position)).values()].map(lot => ({
      resources: lot.flatMap(position => resources[position] ?? []),
    }));
  }

  #put(lot: ChangingLot): void {
    for (const resource of lot.resources) {
      this.#lotOf.set(resource, lot);
      for (const link of this.#links(resource) ?? []) this.#byLink.set(link, lot);
    }
  }
}
