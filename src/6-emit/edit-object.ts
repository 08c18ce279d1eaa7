import type { FieldPath } from '../1-read/source.ts';
import { commentsIn } from './comments.ts';
import { editFields } from './edit-fields.ts';
import type { FileStyle } from './file-style.ts';
import { commentsGone } from './lost-comments.ts';
import type { ObjectEdits } from './object-edits.ts';
import { printDocuments, replaceObject } from './replace-object.ts';

/** The texts that an object and what is written after it become. */
export interface EditedObject {
  /** The object itself where it stays, in its own bytes but for the fields that were changed. */
  readonly kept: readonly string[];
  /** The objects that take its place or follow it, with plain line breaks, not indented. */
  readonly made: readonly string[];
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
  if (replaced !== undefined) {
    // A DestinationRule that goes gives way to what is written after it.
    const isEmptied = replaced.length === 0;
    const { documents, lostComments } = replaceObject(body, base, isEmptied ? appended : replaced, style);
    const others = isEmptied ? [] : printDocuments(appended, style.yaml);
    return { kept: [], made: [...documents, ...others], lostComments };
  }
  const kept = editFields(body, base, fields, style);
  const gone = [...commentsGone(body, kept)];
  if (fields.length === 0)
    return { kept: [kept], made: printDocuments(appended, style.yaml), lostComments: [] };
  const comments = commentsIn(body).filter(({ lines }) => {
    const isGone = lines.every(line => gone.includes(line));
    if (isGone) for (const line of lines) gone.splice(gone.indexOf(line), 1);
    return isGone;
  });
  const { documents, lostComments } = replaceObject(body, base, appended, style, comments);
  return { kept: [kept], made: documents, lostComments: [...lostComments, ...gone] };
}
