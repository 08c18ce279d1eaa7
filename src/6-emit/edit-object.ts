import type { FieldPath } from '../yaml/source.ts';
import { editFields } from './edit-fields.ts';
import type { FileStyle } from './file-style.ts';
import { commentsGone } from './lost-comments.ts';
import type { ObjectEdits } from './object-edits.ts';
import { printDocuments, replaceObject } from './replace-object.ts';
import { isOfVersion, versionDocument } from './version-document.ts';

/** The texts that an object and what is written after it become. */
export interface EditedObject {
  /** The object itself where it stays, in its own bytes but for the fields that were changed. */
  readonly kept: readonly string[];
  /** The objects that take its place or follow it, with plain line breaks, not indented. */
  readonly made: readonly string[];
  /** Comments that are in none of these texts; they may be in others. */
  readonly lostComments: readonly string[];
}

/**
 * Makes the edits of one object. Comments at fields that go follow their meaning into the objects that are written, or
 * are told of as lost.
 *
 * @param body the text of the object, as it stands in the file
 * @param base where in this text the object is: `[0]` for a list item with its dash
 */
export function editObject(
  body: string,
  base: FieldPath,
  edits: ObjectEdits,
  style: FileStyle,
): EditedObject {
  const { replaced, fields, appended } = edits;
  const own = (replaced ?? []).filter(output => !isOfVersion(output));
  const replacement = replaceObject(body, base, own, style);
  const inPlace = (replaced ?? []).map(output =>
    isOfVersion(output) ? versionDocument(output, style) : (replacement.documents[own.indexOf(output)] ?? ''),
  );
  const after = appended.map(output =>
    isOfVersion(output) ? versionDocument(output, style) : printDocuments([output], style.yaml).join(''),
  );
  const kept = replaced === undefined ? [editFields(body, base, fields, style)] : [];
  const made = [...inPlace, ...after];
  return {
    kept,
    made,
    lostComments:
      own.length > 0 ? replacement.lostComments : commentsGone(body, [...kept, ...made].join('\n---\n')),
  };
}
