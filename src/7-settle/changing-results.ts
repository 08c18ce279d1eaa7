import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import type { ChangingLot } from '../3-link/changing-lots.ts';
import { serviceHost } from '../3-link/host.ts';
import type { Output } from '../6-emit/edit.ts';
import type { Conversion, ConvertedResource } from '../conversion.ts';
import type { Diagnostic, Finding } from '../diagnostics/diagnostic.ts';
import { inOrder } from '../diagnostics/locate.ts';
import type { SourceFile } from '../yaml/source.ts';
import type { LotResult } from './lot-template.ts';
import { withoutRepeats } from './output-edits.ts';
import { isConvertible } from './to-conversion.ts';

/** An object that a conversion writes. */
export type Written = LotResult['written'][number];

/** A lot with its result, and all that the result was made of. */
export interface ConvertedLot {
  readonly lot: ChangingLot;
  /** The objects of the lot as they are converted. */
  readonly resources: readonly AnyResource[];
  readonly earlier: readonly Finding[];
  readonly result: LotResult;
  /** The objects that it writes, or would write by itself: others must not write the same. */
  readonly wanted: readonly Written[];
}

/** The result for one object of the input. */
interface Row {
  readonly of: ConvertedLot;
  /** The object as it is converted, where nothing becomes of it but for others. */
  readonly around: AnyResource | undefined;
  readonly converted: ConvertedResource | undefined;
  readonly outputs: readonly Output[];
}

/** The part of a conversion that stands in one text, or is told of it. */
interface Piece extends Omit<Conversion, 'files' | 'removed' | 'assumptions'> {
  readonly removed: readonly AnyResource[];
  /** Whether something is said of the text. */
  readonly isSpokenOf: boolean;
}

/** Whoever speaks of a text: a lot, or nobody. */
type Speaker = ConvertedLot | undefined;

/**
 * The results of lots that come and go, put together in the order of the whole. A lot that comes or goes takes as long as it is
 * large; to put all together takes a few steps for each object.
 */
export class ChangingResults {
  readonly #rows = new Map<AnyResource, Row>();
  readonly #lots = new Map<ChangingLot, ConvertedLot>();
  readonly #writers = new Map<string, ConvertedLot>();
  /** Those of Services, by the hosts of these. */
  readonly #writersOfHosts = new Map<string, ConvertedLot>();
  readonly #owners = new Map<string, ConvertedLot>();
  readonly #said = new Map<string, Map<Speaker, readonly Diagnostic[]>>();
  /** The diagnostics of each text, in its order; none where somebody says something else since. */
  readonly #told = new Map<string, readonly Diagnostic[]>();
  readonly #compare: (one: AnyResource, other: AnyResource) => number;
  /** The paths of texts of which something changed since they were put together. */
  readonly #changed = new Set<string>();
  #files: readonly SourceFile[] = [];
  #pieces: readonly Piece[] = [];

  constructor(compare: (one: AnyResource, other: AnyResource) => number) {
    this.#compare = compare;
  }

  get all(): Iterable<ConvertedLot> {
    return this.#lots.values();
  }

  get size(): number {
    return this.#lots.size;
  }

  of(lot: ChangingLot): ConvertedLot | undefined {
    return this.#lots.get(lot);
  }

  take(lot: ChangingLot): void {
    const known = this.#lots.get(lot);
    if (known === undefined) return;
    this.#lots.delete(lot);
    for (const resource of lot.resources) {
      this.#note(resource);
      this.#rows.delete(resource);
      this.#owners.delete(nameKey(resource));
    }
    for (const object of known.wanted) {
      this.#writers.delete(nameKey(object));
      if (object.type === 'core.Service') this.#writersOfHosts.delete(serviceHost(object));
    }
    for (const path of pathsOf(known.result.diagnostics)) this.#say(path, known, []);
  }

  put(known: ConvertedLot): void {
    const { lot, resources, result, wanted } = known;
    this.#lots.set(lot, known);
    const converted = new Map(result.resources.map(one => [one.resource, one]));
    const made = new Map(result.made);
    // No other lot writes an object of the same name.
    const left = withoutRepeats(resources.flatMap(resource => made.get(resource) ?? [])).values();
    let next = left.next().value;
    const isNext = (output: Output): boolean => {
      if (output !== next) return false;
      next = left.next().value;
      return true;
    };
    for (const [position, resource] of lot.resources.entries()) {
      this.#note(resource);
      const own = resources[position] ?? resource;
      const outputs = (made.get(own) ?? []).filter(isNext);
      const around = isConvertible(own) ? undefined : own;
      this.#rows.set(resource, { of: known, around, converted: converted.get(own), outputs });
      // No conversion writes a VirtualService, so that none is looked for.
      if (resource.type !== 'istio.VirtualService') this.#owners.set(nameKey(resource), known);
    }
    for (const object of wanted) {
      this.#writers.set(nameKey(object), known);
      if (object.type === 'core.Service') this.#writersOfHosts.set(serviceHost(object), known);
    }
    for (const path of pathsOf(result.diagnostics))
      this.#say(
        path,
        known,
        result.diagnostics.filter(({ location }) => location.file === path),
      );
  }

  /** Replaces what is said of a text and no lot. */
  say(path: string, diagnostics: readonly Diagnostic[]): void {
    this.#say(path, undefined, diagnostics);
  }

  /**
   * Whether the result of a lot that is put here meets that of another one: both write an object of one name, or one writes
   * what the other has, or is for a host of a Service that the other writes.
   *
   * @param hosts those that the lot knows
   * @param byHost gives the lot that knows a host
   */
  isMet(
    { lot, wanted }: ConvertedLot,
    hosts: readonly string[],
    byHost: (host: string) => ChangingLot | undefined,
  ): boolean {
    const isOther = (one: ConvertedLot | ChangingLot | undefined): boolean =>
      one !== undefined && ('lot' in one ? one.lot : one) !== lot;
    return (
      wanted.some(
        ({ type, namespace, name }) =>
          isOther(this.#writers.get(nameKey({ type, namespace, name }))) ||
          isOther(this.#owners.get(nameKey({ type, namespace, name }))) ||
          (type === 'core.Service' && isOther(byHost(serviceHost({ namespace, name })))),
      ) ||
      lot.resources.some(resource => isOther(this.#writers.get(nameKey(resource)))) ||
      hosts.some(host => isOther(this.#writersOfHosts.get(host)))
    );
  }

  /** @param resourcesOf gives the objects of a text as they were read */
  conversion(
    files: readonly SourceFile[],
    resourcesOf: (file: SourceFile) => readonly AnyResource[],
  ): Omit<Conversion, 'assumptions'> {
    const pieces = this.#piecesOf(files, resourcesOf);
    const diagnostics = joined(pieces, 'diagnostics');
    // Those of no text of the input come last.
    if (pieces.filter(({ isSpokenOf }) => isSpokenOf).length < this.#said.size) {
      const paths = new Set(files.map(({ path }) => path));
      const others = [...this.#said.keys()].filter(path => !paths.has(path));
      const told = others.flatMap(path => this.#toldOf(path) ?? []);
      diagnostics.push(...inOrder(told, []));
    }
    return {
      files,
      resources: joined(pieces, 'resources'),
      outputs: joined(pieces, 'outputs'),
      edits: joined(pieces, 'edits'),
      removed: new Set(joined(pieces, 'removed')),
      together: joined(pieces, 'together'),
      diagnostics,
      surroundings: joined(pieces, 'surroundings'),
    };
  }

  /** Those of texts that nothing happened to are the same as before; texts are in one order always. */
  #piecesOf(
    files: readonly SourceFile[],
    resourcesOf: (file: SourceFile) => readonly AnyResource[],
  ): readonly Piece[] {
    const [before, known] = [this.#files, this.#pieces];
    let at = 0;
    const pieces = files.map(file => {
      while (at < before.length && (before[at]?.path ?? '') < file.path) at += 1;
      const found = before[at] === file && !this.#changed.has(file.path) ? known[at] : undefined;
      return found ?? this.#pieceOf(file, resourcesOf(file));
    });
    this.#changed.clear();
    [this.#files, this.#pieces] = [files, pieces];
    return pieces;
  }

  #pieceOf({ path }: SourceFile, read: readonly AnyResource[]): Piece {
    const rows = read.flatMap(resource => this.#rows.get(resource) ?? []);
    // A lot stands where the first of its objects does.
    const lots = read.flatMap(resource => {
      const of = this.#rows.get(resource)?.of;
      return of?.lot.resources[0] === resource ? [of.result] : [];
    });
    const told = this.#toldOf(path);
    return {
      resources: rows.flatMap(({ converted }) => converted ?? []),
      outputs: rows.flatMap(({ outputs }) => outputs),
      surroundings: rows.flatMap(({ around }) => around ?? []),
      edits: lots.flatMap(({ edits }) => edits),
      together: lots.flatMap(({ together }) => together),
      removed: lots.flatMap(({ removed }) => [...removed]),
      diagnostics: told ?? [],
      isSpokenOf: told !== undefined,
    };
  }

  #toldOf(path: string): readonly Diagnostic[] | undefined {
    const known = this.#told.get(path);
    if (known !== undefined) return known;
    const said = this.#said.get(path);
    if (said === undefined) return undefined;
    const told = inOrder(
      [...said].sort(([one], [other]) => this.#compareSpeakers(one, other)).flatMap(([, own]) => own),
      [],
    );
    this.#told.set(path, told);
    return told;
  }

  #compareSpeakers(one: Speaker, other: Speaker): number {
    const [first, second] = [one?.lot.resources[0], other?.lot.resources[0]];
    if (first === undefined) return second === undefined ? 0 : -1;
    return second === undefined ? 1 : this.#compare(first, second);
  }

  #note({ source }: AnyResource): void {
    if (source !== undefined) this.#changed.add(source.document.file.path);
  }

  #say(path: string, speaker: Speaker, diagnostics: readonly Diagnostic[]): void {
    this.#told.delete(path);
    this.#changed.add(path);
    const said = this.#said.get(path) ?? new Map<Speaker, readonly Diagnostic[]>();
    if (diagnostics.length > 0) this.#said.set(path, said.set(speaker, diagnostics));
    else if (said.delete(speaker) && said.size === 0) this.#said.delete(path);
  }
}

/** All items of one kind; `flatMap` takes several times as long for thousands of short lists. */
function joined<Key extends keyof Omit<Piece, 'isSpokenOf'>>(
  pieces: readonly Piece[],
  key: Key,
): Piece[Key][number][] {
  const all: Piece[Key][number][] = [];
  for (const piece of pieces) for (const item of piece[key]) all.push(item);
  return all;
}

function pathsOf(diagnostics: readonly Diagnostic[]): ReadonlySet<string> {
  return new Set(diagnostics.map(({ location }) => location.file));
}
