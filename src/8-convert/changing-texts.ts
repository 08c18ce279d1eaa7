import type { UnreadText } from '../1-read/unread-text.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import type { Derive } from '../3-link/derived.ts';
import { groupBy } from '../3-link/group-by.ts';
import { unreadTexts } from '../3-link/unread-texts.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import { type ReadFile, readResources } from '../read-resources.ts';
import type { SourceDocument, SourceFile } from '../yaml/source.ts';

/** The content of one text, which no other text has a say in. */
export interface TextRead extends ReadFile {
  /** The documents that could not be read, as far as names may stand in them. */
  readonly unread: readonly UnreadText[];
}

/** A text that comes, goes, or takes the place of another at its path. */
export interface ChangedText {
  readonly before: SourceFile | undefined;
  readonly after: SourceFile | undefined;
}

/** Reads one text, and remembers what it is told to. */
export interface TextReader {
  /** The namespace of objects that name none. */
  readonly namespace: string;
  readonly read: (file: SourceFile) => ReadFile;
  readonly derive: Derive;
  readonly documents: (file: SourceFile) => readonly SourceDocument[];
}

const nothing: TextRead = { resources: [], findings: [], unread: [] };

/** Texts in the order of their paths, and the content of each. */
export class ChangingTexts {
  #files: readonly SourceFile[];
  readonly #reader: TextReader;
  readonly #texts = new Map<SourceFile, TextRead>();
  /** Those of which some was not read. */
  readonly #unread = new Set<SourceFile>();
  /** The place of each object in its text. */
  readonly #positions = new Map<AnyResource, number>();

  /** @param files by their paths, of which no two are the same */
  constructor(files: readonly SourceFile[], { resources, findings, unread }: TextRead, reader: TextReader) {
    this.#files = files;
    this.#reader = reader;
    const byFile = groupBy(resources, ({ source }) => source?.document.file);
    const said = groupBy(findings, ({ place }) => place.file.path);
    const left = groupBy(unread, ({ path }) => path);
    for (const file of files) {
      const { path } = file;
      this.#put(file, {
        resources: byFile.get(file) ?? [],
        findings: said.get(path) ?? [],
        unread: left.get(path) ?? [],
      });
    }
  }

  /** Those that are there now. */
  get files(): readonly SourceFile[] {
    return this.#files;
  }

  /** The documents that could not be read, in the order of the texts. */
  get unread(): readonly UnreadText[] {
    return [...this.#unread].sort(byPath).flatMap(file => this.of(file).unread);
  }

  of(file: SourceFile): TextRead {
    return this.#texts.get(file) ?? nothing;
  }

  /** Puts objects into the order of their texts, and of their places in these. */
  readonly compare = (one: AnyResource, other: AnyResource): number => {
    const [file, theirs] = [one.source?.document.file, other.source?.document.file];
    if (file !== theirs && file !== undefined && theirs !== undefined) return byPath(file, theirs);
    return (this.#positions.get(one) ?? 0) - (this.#positions.get(other) ?? 0);
  };

  /**
   * Takes texts away and puts others there.
   *
   * @returns the content of what went and of what came; undefined where something is said of one text for others as well
   */
  change(
    changes: readonly ChangedText[],
  ): { readonly before: readonly TextRead[]; readonly after: readonly TextRead[] } | undefined {
    const files = [...this.#files];
    const [before, after]: [TextRead[], TextRead[]] = [[], []];
    for (const change of changes) {
      const path = (change.before ?? change.after)?.path ?? '';
      const at = positionOf(files, path);
      if (change.before !== undefined) {
        if (files[at] !== change.before) return undefined;
        before.push(this.of(change.before));
        this.#take(change.before);
      }
      if (change.after !== undefined) {
        const now = this.#readNow(change.after);
        after.push(now);
        this.#put(change.after, now);
      }
      files.splice(
        at,
        change.before === undefined ? 0 : 1,
        ...(change.after === undefined ? [] : [change.after]),
      );
    }
    this.#files = files;
    return [...before, ...after].some(({ findings }) => findings.some(isForFolder))
      ? undefined
      : { before, after };
  }

  #readNow(file: SourceFile): TextRead {
    const { namespace, read, derive, documents } = this.#reader;
    const { report, findings } = collect();
    const resources = readResources([file], namespace, report, read, derive);
    return { resources, findings, unread: unreadTexts([file], resources, findings, documents) };
  }

  #put(file: SourceFile, text: TextRead): void {
    this.#texts.set(file, text);
    if (text.unread.length > 0) this.#unread.add(file);
    for (const [position, resource] of text.resources.entries()) this.#positions.set(resource, position);
  }

  #take(file: SourceFile): void {
    for (const resource of this.of(file).resources) this.#positions.delete(resource);
    this.#texts.delete(file);
    this.#unread.delete(file);
  }
}

/** One template of a chart tells of all of them (read-resources.ts). */
function isForFolder({ code }: Finding): boolean {
  return code === 'template-not-read';
}

/** Texts are in the order of their paths, as a session has them. */
export function byPath(one: SourceFile, other: SourceFile): number {
  return one.path < other.path ? -1 : one.path === other.path ? 0 : 1;
}

/** @returns where a path is, or would be */
function positionOf(files: readonly SourceFile[], path: string): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}
