import { isKustomizationFile } from '../1-read/manifests.ts';
import { splitDocuments } from '../1-read/split-documents.ts';
import { changesLines, type DiffFile } from '../suggest/diff.ts';
import type { LineRange } from '../suggest/lines.ts';
import { parseDocument } from '../yaml/parse-document.ts';
import type { SourceFile } from '../yaml/source.ts';
import { fieldOf, stringOf, type YamlNode } from '../yaml/yaml-node.ts';

/** An object that a pull request writes, changes or takes away. */
export interface ChangedObject {
  readonly kind: string;
  readonly name: string;
  /** The subsets of a DestinationRule. */
  readonly host: string | undefined;
  readonly file: string;
  /** The first line that changes, from 1; in a file that goes, of the file before. */
  readonly line: number;
  readonly change: 'added' | 'changed' | 'removed';
}

/**
 * The objects in which a pull request changes a line.
 *
 * @param before texts of the base, by path
 * @param after texts of the head, by path
 */
export function changedObjects(
  diff: readonly DiffFile[],
  before: (path: string) => string | undefined,
  after: (path: string) => string | undefined,
): readonly ChangedObject[] {
  return diff.flatMap(file => {
    const old = before(file.oldPath ?? file.path);
    const now = file.status === 'deleted' ? undefined : after(file.path);
    const was = old === undefined ? [] : objectsIn({ path: file.oldPath ?? file.path, text: old });
    const is = now === undefined ? [] : objectsIn({ path: file.path, text: now });
    const isSame = (a: Located, b: Located): boolean => a.kind === b.kind && a.name === b.name;
    const isIn = (others: readonly Located[], object: Located) => others.some(other => isSame(other, object));
    const isTouched = (object: Located): boolean =>
      changesLines(file, object.range) ||
      was.some(one => isSame(one, object) && removesOldLines(file, one.range));
    const touched = is
      .filter(object => file.status === 'added' || file.isCut === true || isTouched(object))
      .map(
        (object): ChangedObject => ({
          kind: object.kind,
          name: object.name,
          host: object.host,
          file: file.path,
          line: firstLine(file, object.range),
          change: isIn(was, object) ? 'changed' : 'added',
        }),
      );
    const gone = was
      .filter(object => !isIn(is, object))
      .map(
        (object): ChangedObject => ({
          kind: object.kind,
          name: object.name,
          host: object.host,
          file: file.oldPath ?? file.path,
          line: object.range.start,
          change: 'removed',
        }),
      );
    return [...touched, ...gone];
  });
}

/** Whether lines go that were in a range before; what was at the end of a document is in none of its lines now. */
function removesOldLines({ hunks }: DiffFile, { start, end }: LineRange): boolean {
  return hunks.some(({ lines }) =>
    lines.some(({ kind, oldLine }) => kind === 'removed' && oldLine >= start && oldLine <= end),
  );
}

/** @returns the first line of a range that a pull request writes, else the first of the range */
export function firstLine({ hunks }: DiffFile, { start, end }: LineRange): number {
  const lines = hunks.flatMap(hunk => hunk.lines);
  const added = lines.find(({ kind, newLine }) => kind === 'added' && newLine >= start && newLine <= end);
  const removed = lines.find(
    ({ kind, newLine }) => kind === 'removed' && newLine > start && newLine <= end + 1,
  );
  return added?.newLine ?? (removed === undefined ? start : Math.min(removed.newLine, end));
}

interface Located {
  readonly kind: string;
  readonly name: string;
  readonly host: string | undefined;
  readonly range: LineRange;
}

function objectsIn(file: SourceFile): readonly Located[] {
  return splitDocuments(file).flatMap(document => {
    const { root } = parseDocument(document);
    return root === undefined ? [] : locatedIn(root, file);
  });
}

/** The object of a node, or the objects of a list. */
function locatedIn(node: YamlNode, file: SourceFile): readonly Located[] {
  // kustomize takes a kustomization without a kind.
  const kind = stringOf(node, 'kind') ?? (isKustomizationFile(file.path) ? 'Kustomization' : undefined);
  if (kind === undefined) return [];
  const items = kind.endsWith('List') ? fieldOf(node, 'items') : undefined;
  if (items?.kind === 'sequence') return items.items.flatMap(item => locatedIn(item, file));
  const lineOf = (offset: number) => file.text.slice(0, offset).split('\n').length;
  const name = stringOf(fieldOf(node, 'metadata'), 'name') ?? '';
  const host = kind === 'DestinationRule' ? stringOf(fieldOf(node, 'spec'), 'host') : undefined;
  return [{ kind, name, host, range: { start: lineOf(node.start), end: lineOf(node.end) } }];
}
