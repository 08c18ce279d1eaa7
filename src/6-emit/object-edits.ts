import { groupBy } from '../3-link/group-by.ts';
import type { FieldPath } from '../yaml/source.ts';
import type { Edit, Output } from './edit.ts';
import type { FieldEdit } from './edit-fields.ts';

/** All the edits of one object. */
export interface ObjectEdits {
  /** The object's place in its document. */
  readonly path: FieldPath;
  /** The objects that replace it; undefined where it stays. */
  readonly replaced: readonly Output[] | undefined;
  readonly fields: readonly FieldEdit[];
  readonly appended: readonly Output[];
}

/** Whether nothing takes the object's place. */
export function vanishes(edits: ObjectEdits): boolean {
  return edits.replaced?.length === 0 && edits.appended.length === 0;
}

/** @returns the edits of one document, by object, in the order in which the objects are first named */
export function editsByObject(edits: readonly Edit[]): readonly ObjectEdits[] {
  const groups = groupBy(edits, edit => JSON.stringify(edit.source.path));
  return [...groups.values()].map(group => ({
    path: group[0]?.source.path ?? [],
    replaced: group.some(edit => edit.kind === 'replace')
      ? group.flatMap(edit => (edit.kind === 'replace' ? edit.outputs : []))
      : undefined,
    fields: group.filter(edit => edit.kind === 'set-field' || edit.kind === 'remove-field'),
    appended: group.flatMap(edit => (edit.kind === 'append' ? edit.outputs : [])),
  }));
}
