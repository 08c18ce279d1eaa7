import type { Conversion, ConvertedResource } from '../conversion.ts';
import { refuses } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Change, changesOf, type Part } from './changes.ts';
import { changesLines, type DiffFile, visibleRanges } from './diff.ts';
import type { WasThere } from './earlier-objects.ts';
import { fingerprint } from './fingerprint.ts';
import { documentLines, type LineRange, overlap, wholeFile } from './lines.ts';
import { isNewDocument, removedObjects } from './new-documents.ts';
import type { RemovedUse } from './removed-uses.ts';

/** One thing that a pull request is to be told. */
export type Item = ChangeItem | HeldItem | ProblemItem | FailingItem | LossItem;

interface Told {
  /** The same for the same thing, wherever its lines are. */
  readonly id: string;
  /** Where it is told of. */
  readonly path: string;
  readonly line: number;
  /** The lines that it is about. */
  readonly range: LineRange;
  readonly level: Level;
  readonly diagnostics: readonly Diagnostic[];
  /** The objects that it is about, as `VirtualService shop/reviews`, or the file: whoever answers has answered for these. */
  readonly objects: readonly string[];
}

export type Level = 'error' | 'warning' | 'notice';

/** An object that converts, and how. */
export interface ChangeItem extends Told {
  readonly kind: 'change';
  readonly change: Change;
  /** The part that everything is told at. */
  readonly main: Part;
}

/** An object that cannot be converted; its diagnostics say why. */
export interface HeldItem extends Told {
  readonly kind: 'held-back';
  readonly resource: ConvertedResource;
}

/** A fault of a file. */
export interface ProblemItem extends Told {
  readonly kind: 'problem';
}

/** A VirtualService that converts, with requests that fail today and would go on failing; its diagnostics say which. */
export interface FailingItem extends Told {
  readonly kind: 'failing';
}

/** Objects that the pull request removes and that VirtualServices still use. */
export interface LossItem extends Told {
  readonly kind: 'loss';
  readonly loss: RemovedUse;
}

/** Which documents a pull request has to do with; the names are reviewdog's, but for `new`. */
export type Filter = 'new' | 'added' | 'diff_context' | 'file' | 'nofilter';

export const filters: readonly Filter[] = ['new', 'added', 'diff_context', 'file', 'nofilter'];

/** Whether some lines of a file matter; of a document, the objects that it is about, since a List has several. */
export type Scope = (path: string, range: LineRange, resources?: readonly ConvertedResource[]) => boolean;

/**
 * The items that matter to a pull request. `new`: documents that it brings, not those that it changes, moves or renames;
 * `added`: where it changes a line; `diff_context`: what its diff shows a line of; `file`: everything in files that it touches;
 * `nofilter`: everything.
 *
 * @param diff undefined when there is none: then everything matters
 * @param wasThere where it is known what was there before: then a VirtualService that was not is new also as an item of a List, and
 * where it has lines of another one that it takes the place of
 */
export function scopeOf(diff: readonly DiffFile[] | undefined, filter: Filter, wasThere?: WasThere): Scope {
  if (diff === undefined || filter === 'nofilter') return () => true;
  const files = new Map(diff.map(file => [file.path, file]));
  const removed = removedObjects(diff);
  const isNewObject = ({ resource }: ConvertedResource): boolean =>
    wasThere !== undefined && resource.type === 'istio.VirtualService' && !wasThere(resource);
  return (path, range, resources = []) => {
    const file = files.get(path);
    if (file === undefined || file.status === 'deleted') return false;
    // Where the lines are not known, any of them may have changed.
    if (filter === 'file' || file.isCut === true) return true;
    if (filter === 'new')
      return (
        isNewDocument(file, range, removed) || (resources.some(isNewObject) && changesLines(file, range))
      );
    if (filter === 'added') return changesLines(file, range);
    return visibleRanges(file).some(visible => overlap(visible, range));
  };
}

/**
 * @param ofProblems which files that cannot be read matter
 * @param all the changes of the conversion, for those who have them
 * @returns what there is to tell, by file and line
 */
export function itemsOf(
  conversion: Conversion,
  inScope: Scope,
  ofProblems: Scope = inScope,
  all: readonly Change[] = changesOf(conversion),
): readonly Item[] {
  const changes = all.flatMap(change => changeItem(change, inScope) ?? []);
  const items = [...changes, ...heldItems(conversion, inScope), ...problemItems(conversion, ofProblems)];
  return items.toSorted((a, b) => compare(a.path, b.path) || a.line - b.line || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @returns what a change is as an item; undefined where none of its documents matters */
export function changeItem(change: Change, inScope: Scope): ChangeItem | undefined {
  const own = change.parts.filter(({ file, range, resources }) => inScope(file.path, range, resources));
  const main = own.find(hasVirtualService) ?? own[0];
  if (main === undefined) return undefined;
  const { start, end } = main.region?.range ?? main.range;
  const isExact = change.resources.every(({ status }) => status !== 'approximate');
  return {
    kind: 'change',
    id: fingerprint('change', main.file.path, ...namesOf(main.resources)),
    path: main.file.path,
    line: start,
    range: { start, end: Math.max(start, end) },
    level: isExact ? 'notice' : 'warning',
    diagnostics: change.resources.flatMap(({ diagnostics }) => diagnostics),
    objects: namesOf(subjectsOf(change.resources)),
    change,
    main,
  };
}

/** @returns what people call a change by: its VirtualServices, if there are any */
export function subjectsOf(resources: readonly ConvertedResource[]): readonly ConvertedResource[] {
  const subjects = resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
  return subjects.length === 0 ? resources : subjects;
}

function hasVirtualService({ resources }: { readonly resources: readonly ConvertedResource[] }): boolean {
  return resources.some(({ resource }) => resource.type === 'istio.VirtualService');
}

/** @returns `VirtualService shop/reviews` and the like */
export function namesOf(resources: readonly ConvertedResource[]): readonly string[] {
  return resources.map(({ resource: { kind, namespace, name } }) => `${kind} ${namespace}/${name}`);
}

function heldItems({ resources }: Conversion, inScope: Scope): readonly HeldItem[] {
  const linesOf = documentLines();
  const seen = new Map<string, number>();
  return resources.flatMap((resource): readonly HeldItem[] => {
    const { source, kind, namespace, name } = resource.resource;
    if (resource.status !== 'held-back' || source === undefined) return [];
    const { file } = source.document;
    const lines = linesOf(source.document);
    if (!inScope(file.path, lines, [resource])) return [];
    const errors = resource.diagnostics.filter(({ fate }) => refuses(fate));
    const key = `${file.path} ${kind} ${namespace}/${name}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return [
      {
        kind: 'held-back',
        id: fingerprint('held-back', key, String(count)),
        path: file.path,
        line: errors[0]?.location.start.line ?? lines.start,
        range: lines,
        level: 'error',
        diagnostics: errors,
        objects: namesOf([resource]),
        resource,
      },
    ];
  });
}

/**
 * The lines that a diagnostic which is about no resource has to do with. A fault that keeps a file from being read may be
 * anywhere in it, and shows where the reader gave up.
 */
export function ownLines({ severity, resource, location: { start, end } }: Diagnostic): LineRange {
  return severity === 'error' && resource === undefined ? wholeFile : { start: start.line, end: end.line };
}

/** Diagnostics about no resource that is converted or held back, such as a file that does not parse. */
function problemItems({ resources, diagnostics }: Conversion, inScope: Scope): readonly ProblemItem[] {
  const told = new Set(
    resources.filter(({ status }) => status !== 'skipped').flatMap(resource => resource.diagnostics),
  );
  const byFile = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const { file } = diagnostic.location;
    if (told.has(diagnostic) || diagnostic.severity === 'info') continue;
    if (!inScope(file, ownLines(diagnostic))) continue;
    const known = byFile.get(file);
    if (known === undefined) byFile.set(file, [diagnostic]);
    else known.push(diagnostic);
  }
  return [...byFile].flatMap(([path, own]): readonly ProblemItem[] => {
    const [first] = own;
    if (first === undefined) return [];
    const { line } = first.location.start;
    const isError = own.some(({ severity }) => severity === 'error');
    return [
      {
        kind: 'problem',
        id: fingerprint('problem', path),
        path,
        line,
        range: first.resource === undefined ? wholeFile : { start: line, end: line },
        level: isError ? 'error' : 'warning',
        diagnostics: own,
        objects: [`file ${path}`],
      },
    ];
  });
}
