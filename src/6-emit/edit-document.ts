import { groupBy } from '../3-link/group-by.ts';
import type { Edit } from './edit.ts';
import { editFields } from './edit-fields.ts';
import { editList } from './edit-list.ts';
import { editObject } from './edit-object.ts';
import type { FileStyle } from './file-style.ts';
import { flowStyleOf, isJsonObject, jsonIndentOf, printFlow } from './flow.ts';
import { manifestsLike } from './key-order-like.ts';
import { commentsGone } from './lost-comments.ts';
import { editsByObject, type ObjectEdits, vanishes } from './object-edits.ts';
import { lastingComments, objectTextOf, withoutOldSchema } from './object-text.ts';

/** The text between the marks of a document after its edits. */
export interface EditedDocument {
  readonly text: string;
  /** No object is left in it; `text` has the comments that outlive it. */
  readonly gone: boolean;
  readonly lostComments: readonly string[];
}

/** Where a document stands in its file. */
export interface Surroundings {
  readonly style: FileStyle;
  /** Something of the document stands on the line of its `---`. */
  readonly onMarkLine: boolean;
  /** The file is one JSON object, and has to stay one. */
  readonly soleJson: boolean;
}

/** Makes all the edits of one document. */
export function editDocument(text: string, edits: readonly Edit[], around: Surroundings): EditedDocument {
  const objects = editsByObject(edits);
  const root = objects.find(object => object.path.length === 0);
  const items = objects.filter(object => object.path.length > 0);
  let edited: EditedDocument = { text, gone: false, lostComments: [] };
  if (root !== undefined) edited = editRoot(text, root, around);
  // Items of inner lists first: a list is found by its path, which its own items going would change.
  const lists = groupBy(items, object => JSON.stringify(object.path.slice(0, -1)));
  for (const list of [...lists.values()].toSorted((a, b) => depthOf(b) - depthOf(a))) {
    const { text: next, emptied, lostComments } = editList(edited.text, list, around.style);
    const lost = [...edited.lostComments, ...lostComments];
    if (emptied) {
      const { head, tail } = objectTextOf(edited.text, 0);
      const left = outliving(head, tail);
      return { text: left, gone: true, lostComments: [...lost, ...commentsGone(edited.text, left)] };
    }
    edited = { ...edited, text: next, lostComments: lost };
  }
  return edited;
}

function depthOf(list: readonly ObjectEdits[]): number {
  return list[0]?.path.length ?? 0;
}

function outliving(head: string, tail: string): string {
  return [lastingComments(head), tail.trimStart()].filter(comments => comments.includes('#')).join('');
}

function editRoot(text: string, edits: ObjectEdits, around: Surroundings): EditedDocument {
  const { head, body, tail } = objectTextOf(text, 0);
  if (vanishes(edits)) {
    const left = outliving(head, tail);
    return { text: left, gone: true, lostComments: commentsGone(text, left) };
  }
  if (isJsonObject(text)) return { text: editJson(text, edits, around), gone: false, lostComments: [] };
  const { lineBreak, separator } = around.style;
  const { kept, made, lostComments } = editObject(body, [], edits, around.style);
  const documents = [...kept, ...made.map(document => document.replaceAll('\n', lineBreak))].join(
    `${lineBreak}${separator}`,
  );
  const above = edits.replaced === undefined ? head : withoutOldSchema(head);
  const start = around.onMarkLine && kept.length === 0 && !above.includes('\n') ? lineBreak : '';
  return { text: `${above}${start}${documents}${tail}`, gone: false, lostComments };
}

function editJson(text: string, edits: ObjectEdits, around: Surroundings): string {
  const { lineBreak, separator } = around.style;
  const body = text.trim();
  const style = flowStyleOf(body, jsonIndentOf(body));
  const kept = edits.replaced === undefined ? [editFields(body, [], edits.fields, around.style)] : [];
  const added = manifestsLike(body, edits);
  const documents = [...kept, ...added.map(value => printFlow(value, style, '', lineBreak))];
  const start = text.indexOf(body);
  const surrounded = (content: string): string =>
    text.slice(0, start) + content + text.slice(start + body.length);
  if (!around.soleJson || documents.length === 1)
    return surrounded(documents.join(`${lineBreak}${separator}`));
  const items = documents.map(document => JSON.parse(document));
  return surrounded(printFlow({ apiVersion: 'v1', kind: 'List', items }, style, '', lineBreak));
}
