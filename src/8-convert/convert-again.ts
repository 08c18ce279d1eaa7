import type { UnreadText } from '../1-read/unread-text.ts';
import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { type ChangingLot, ChangingLots } from '../3-link/changing-lots.ts';
import type { Derive } from '../3-link/derived.ts';
import { alternativeClaims } from '../3-link/environments/alternative-claims.ts';
import { groupByIdentity, identityOf } from '../3-link/environments/identity.ts';
import { type ClusterNamespaces, namespacesOf } from '../3-link/facts.ts';
import { reportClientPorts, withClientPorts } from '../3-link/gateways/gateway-client-ports.ts';
import { type Mentions, mentionsIn } from '../3-link/mentions.ts';
import { hasExportedPort80, hasHttpAt80 } from '../3-link/port-80.ts';
import type { Remembered } from '../3-link/remembered.ts';
import type { SomeLots } from '../7-settle/by-lots.ts';
import { ChangingResults, type ConvertedLot } from '../7-settle/changing-results.ts';
import { isSameSet, type LotsWithin, type Surroundings } from '../7-settle/known-lots.ts';
import type { LotResult } from '../7-settle/lot-template.ts';
import type { Conversion } from '../conversion.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { collect, type Locate, toDiagnostics } from '../diagnostics/locate.ts';
import type { ChangedText, ChangingTexts, TextRead } from './changing-texts.ts';

/** A cluster of which every object is in a lot, every name is there once, and each lot is converted. */
export interface LotsConverted {
  readonly texts: ChangingTexts;
  /** The objects as they were read, and as they are converted, in one order. */
  readonly read: readonly AnyResource[];
  readonly ported: readonly AnyResource[];
  readonly lots: readonly SomeLots[];
  /** Texts that name objects and are no manifests. */
  readonly beside: readonly UnreadText[];
}

/** Everything outside of a lot that its conversion may read, but for options. */
export type Around = Omit<Surroundings, 'choices'>;

/** The means to convert lots again. */
export interface LotsAgain {
  readonly remembered: Remembered;
  readonly locate: Locate;
  /** @returns the known lots, as of a cluster with these surroundings */
  readonly within: (around: Around) => LotsWithin;
  /** Converts one lot of such a cluster. */
  readonly convert: (
    resources: readonly AnyResource[],
    earlier: readonly Finding[],
    known: LotsWithin,
    around: Around,
  ) => LotResult;
  /** Hears which objects are to be converted, and which are not any more. */
  readonly inputs: { readonly add: (one: AnyResource) => void; readonly delete: (one: AnyResource) => void };
}

/** More lots than this, or than a quarter of all, are converted with all others. */
const MOST_LOTS = 64;

/**
 * Converts a cluster again and again, of which a few texts change each time: only the lots that lose an object or get one, and
 * those about which somebody else's text says something else than before.
 */
export class ConvertedAgain {
  readonly #means: LotsAgain;
  readonly #texts: ChangingTexts;
  readonly #beside: readonly UnreadText[];
  readonly #lots: ChangingLots;
  readonly #results: ChangingResults;
  readonly #identities: Set<string>;
  readonly #claims = new Map<string, Set<Resource<'istio.VirtualService'>>>();
  readonly #namespaces = { all: new Map<string, number>(), withServices: new Map<string, number>() };
  readonly #atPort80 = new Set<AnyResource>();
  #mentions: Mentions;

  /** @returns undefined where several documents are there for one object, or lots are tied by ports (port-80.ts) */
  static of(start: LotsConverted, mentions: Mentions, means: LotsAgain): ConvertedAgain | undefined {
    const isOnce = [...groupByIdentity(start.ported).values()].every(({ length }) => length === 1);
    return isOnce && !start.ported.some(hasExportedPort80)
      ? new ConvertedAgain(start, mentions, means)
      : undefined;
  }

  private constructor(
    { texts, read, ported, lots, beside }: LotsConverted,
    mentions: Mentions,
    means: LotsAgain,
  ) {
    this.#means = means;
    this.#texts = texts;
    this.#beside = beside;
    this.#mentions = mentions;
    this.#identities = new Set(groupByIdentity(ported).keys());
    for (const resource of read) this.#count(resource, 1);
    const { compare } = texts;
    const readFrom = new Map(ported.map((resource, position) => [resource, read[position] ?? resource]));
    this.#results = new ChangingResults(compare);
    const all = lots.map(({ resources, ...rest }) => {
      const lot: ChangingLot = { resources: resources.map(one => readFrom.get(one) ?? one) };
      this.#results.put({ ...rest, lot, resources });
      return lot;
    });
    this.#lots = new ChangingLots(all, means.remembered.links, compare);
    for (const file of texts.files) this.#sayOfNone(texts.of(file));
  }

  /**
   * Takes other texts and converts what they touch.
   *
   * @returns undefined where everything has to be converted anew; then nothing more can be asked of this
   */
  change(changes: readonly ChangedText[]): Omit<Conversion, 'assumptions'> | undefined {
    const read = this.#texts.change(changes);
    if (read === undefined) return undefined;
    const { before, after } = read;
    const [without, added] = [before, after].map(some => some.flatMap(({ resources }) => resources));
    if (without === undefined || added === undefined) return undefined;
    const { namespaces, hasPort80 } = this.#around();
    for (const resource of without) this.#count(resource, -1);
    for (const resource of added) this.#count(resource, 1);
    if (!this.#isOnce(without, added) || !this.#isUnclaimed(added)) return undefined;
    if (added.some(hasExportedPort80)) return undefined;
    const isUnreadOther = [...before, ...after].some(({ unread }) => unread.length > 0);
    if (isUnreadOther) this.#mentions = mentionsIn([...this.#texts.unread, ...this.#beside]);
    const now = this.#around();
    const known = this.#means.within(now);
    const isOther = isUnreadOther || hasPort80 !== now.hasPort80 || !areSame(namespaces, now.namespaces);
    const touched = isOther
      ? [...this.#results.all].filter(
          ({ resources, earlier, result }) => known.of(resources, earlier) !== result,
        )
      : [];
    const lots = this.#lots.change(
      without,
      added,
      touched.map(({ lot }) => lot),
    );
    if (lots === undefined) return undefined;
    const { gone, come } = lots;
    const { size } = this.#results;
    // Many lots that are alike are converted once, if all are converted anew.
    if (come.length > MOST_LOTS && come.length > size / 4) return undefined;
    for (const lot of gone) this.#take(lot);
    // A cluster of one lot converts in one piece.
    if (this.#results.size + come.length < 2) return undefined;
    for (const file of changes.flatMap(({ before: file }) => file ?? [])) this.#results.say(file.path, []);
    for (const text of after) this.#sayOfNone(text);
    const converted = come.map(lot => this.#convert(lot, known, now));
    for (const one of converted) this.#results.put(one);
    if (converted.some(one => this.#isMet(one))) return undefined;
    return this.#results.conversion(this.#texts.files, file => this.#texts.of(file).resources);
  }

  #take(lot: ChangingLot): void {
    for (const resource of this.#results.of(lot)?.resources ?? []) this.#means.inputs.delete(resource);
    this.#results.take(lot);
  }

  #convert(lot: ChangingLot, known: LotsWithin, around: Around): ConvertedLot {
    const { inputs, remembered, convert } = this.#means;
    const { derive }: { readonly derive: Derive } = remembered;
    const { resources, found } = withClientPorts(lot.resources, derive);
    for (const resource of resources) inputs.add(resource);
    const { report, findings } = collect();
    reportClientPorts(found, resources, report);
    const earlier = [...this.#earlierAbout(lot), ...findings];
    const result = convert(resources, earlier, known, around);
    return { lot, resources, earlier, result, wanted: result.written };
  }

  /** The findings about the documents of a lot while reading. */
  #earlierAbout({ resources }: ChangingLot): readonly Finding[] {
    const documents = new Set(resources.map(({ source }) => source?.document));
    const files = new Set(resources.flatMap(({ source }) => source?.document.file ?? []));
    return [...files].flatMap(file =>
      this.#texts
        .of(file)
        .findings.filter(({ place }) => place.document !== undefined && documents.has(place.document)),
    );
  }

  /** Says what is said of a text and of no object in it. */
  #sayOfNone({ resources, findings }: TextRead): void {
    const [first] = findings;
    if (first === undefined) return;
    const documents = new Set(resources.map(({ source }) => source?.document));
    const none = findings.filter(
      ({ place }) => place.document === undefined || !documents.has(place.document),
    );
    this.#results.say(first.place.file.path, toDiagnostics(none, undefined, this.#means.locate));
  }

  #isMet(one: ConvertedLot): boolean {
    const { links } = this.#means.remembered;
    const hosts = one.lot.resources.flatMap(resource =>
      (links(resource) ?? []).flatMap(link => (link.startsWith(HOST) ? [link.slice(HOST.length)] : [])),
    );
    return this.#results.isMet(one, hosts, host => this.#lots.byLink(HOST + host));
  }

  #count(resource: AnyResource, by: 1 | -1): void {
    const { all, withServices } = namespacesOf([resource]);
    countEach(this.#namespaces.all, all, by);
    countEach(this.#namespaces.withServices, withServices, by);
    if (by < 0) this.#atPort80.delete(resource);
    else if (hasHttpAt80(resource)) this.#atPort80.add(resource);
    if (resource.type !== 'istio.VirtualService') return;
    for (const claim of this.#means.remembered.claims(resource)) {
      const known = this.#claims.get(claim) ?? new Set();
      if (by > 0) this.#claims.set(claim, known.add(resource));
      else if (known.delete(resource) && known.size === 0) this.#claims.delete(claim);
    }
  }

  #around(): Around {
    return {
      namespaces: {
        all: new Set(this.#namespaces.all.keys()),
        withServices: new Set(this.#namespaces.withServices.keys()),
      },
      mentions: this.#mentions,
      hasPort80: this.#atPort80.size > 0,
    };
  }

  /** Whether there is one document for each object still. */
  #isOnce(without: readonly AnyResource[], added: readonly AnyResource[]): boolean {
    for (const resource of without) this.#identities.delete(identityOf(resource));
    const groups = groupByIdentity(added);
    for (const [identity, { length }] of groups) {
      if (length > 1 || this.#identities.has(identity)) return false;
      this.#identities.add(identity);
    }
    return true;
  }

  /** Whether nobody claims a host of new VirtualServices that can only be meant instead of them. */
  #isUnclaimed(added: readonly AnyResource[]): boolean {
    const { claims } = this.#means.remembered;
    const rivals = new Set<Resource<'istio.VirtualService'>>();
    for (const resource of added) {
      if (resource.type !== 'istio.VirtualService') continue;
      for (const claim of claims(resource)) {
        const claiming = this.#claims.get(claim);
        if (claiming !== undefined && claiming.size > 1) for (const one of claiming) rivals.add(one);
      }
    }
    return rivals.size === 0 || alternativeClaims([...rivals], claims).size === 0;
  }
}

function countEach(counts: Map<string, number>, names: Iterable<string>, by: 1 | -1): void {
  for (const name of names) {
    const count = (counts.get(name) ?? 0) + by;
    if (count === 0) counts.delete(name);
    else counts.set(name, count);
  }
}

function areSame(one: ClusterNamespaces, other: ClusterNamespaces): boolean {
  return isSameSet(one.all, other.all) && isSameSet(one.withServices, other.withServices);
}

const HOST = 'host ';
