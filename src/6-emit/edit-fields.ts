import type { FieldPath } from '../yaml/source.ts';
import { rescueAnchors } from './anchors.ts';
import type { Edit } from './edit.ts';
import type { FileStyle } from './file-style.ts';
import { type Part, partAt, partsOf } from './parts.ts';
import { removeChildren } from './remove-part.ts';
import { setPart } from './set-part.ts';
import { type Splice, splice } from './splice.ts';

/** The edits that leave an object where it is and change something in it; its document is known to the caller. */
export type FieldEdit =
  | Omit<Extract<Edit, { kind: 'set-field' }>, 'source'>
  | Omit<Extract<Edit, { kind: 'remove-field' }>, 'source'>;

/**
 * Changes fields of one object.
 *
 * @param text the object's own text
 * @param base where in this text the object is: `[0]` for a list item with its dash
 * @returns the new text: everything but the fields keeps its bytes
 */
export function editFields(
  text: string,
  base: FieldPath,
  edits: readonly FieldEdit[],
  style: FileStyle,
): string {
  let edited = text;
  // One after another, because the second may need the map that the first has made.
  for (const edit of edits) {
    if (edit.kind !== 'set-field') continue;
    const path = [...base, ...edit.path];
    const { insteadOf, value } = edit;
    if (insteadOf !== undefined) edited = change(edited, root => renameKey(edited, root, path, insteadOf));
    edited = change(edited, root => setPart(edited, root, path, value, style));
  }
  for (const [parent, keys] of removalsByParent(edits)) {
    edited = change(edited, root => removals(edited, root, [...base, ...parent], keys));
  }
  return edited;
}

function change(text: string, splicesOf: (root: Part) => readonly Splice[]): string {
  const root = partsOf(text);
  if (root === undefined) return text;
  const splices = splicesOf(root);
  return splice(text, [...splices, ...rescueAnchors(text, splices)]);
}

/** A field gets the name of another that is not there yet; its value and what is written around it stay. */
function renameKey(text: string, root: Part, path: FieldPath, from: string): readonly Splice[] {
  const part = partAt(root, [...path.slice(0, -1), from]);
  if (part === undefined || partAt(root, path) !== undefined) return [];
  const start = text.indexOf(from, part.start);
  const isKey = start >= 0 && start + from.length <= part.valueFrom;
  return isKey ? [{ start, end: start + from.length, text: String(path.at(-1) ?? '') }] : [];
}

function removals(
  text: string,
  root: Part,
  path: FieldPath,
  keys: ReadonlySet<string | number>,
): readonly Splice[] {
  const parent = partAt(root, path);
  if (parent === undefined) return [];
  const gone = parent.children.flatMap((child, index) => (keys.has(child.path.at(-1) ?? '') ? [index] : []));
  return removeChildren(text, parent, new Set(gone));
}

/** Siblings go at once, so that indices mean what they meant before; deeper ones first, as they vanish with the rest. */
function removalsByParent(
  edits: readonly FieldEdit[],
): readonly (readonly [FieldPath, ReadonlySet<string | number>])[] {
  const groups = new Map<string, readonly [FieldPath, Set<string | number>]>();
  for (const { kind, path } of edits) {
    if (kind !== 'remove-field') continue;
    const parent = path.slice(0, -1);
    const id = JSON.stringify(parent);
    const group = groups.get(id) ?? ([parent, new Set<string | number>()] as const);
    group[1].add(path.at(-1) ?? '');
    groups.set(id, group);
  }
  return [...groups.values()].toSorted(([a], [b]) => b.length - a.length);
}
