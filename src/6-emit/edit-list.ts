import { rescueAnchors } from './anchors.ts';
import { commentsIn } from './comments.ts';
import { editFields } from './edit-fields.ts';
import { editObject } from './edit-object.ts';
import type { FileStyle } from './file-style.ts';
import { flowStyleOf, printFlow } from './flow.ts';
import { manifestsLike } from './key-order-like.ts';
import { indentAt, lineStart } from './lines.ts';
import { commentsGone } from './lost-comments.ts';
import { type ObjectEdits, vanishes } from './object-edits.ts';
import { objectTextOf } from './object-text.ts';
import { type Part, partAt, partsOf } from './parts.ts';
import { removeChildren } from './remove-part.ts';
import { type Splice, splice } from './splice.ts';

/** A document with a List after the edits of the List's items. */
export interface EditedList {
  readonly text: string;
  /** No item is left. */
  readonly emptied: boolean;
  readonly lostComments: readonly string[];
}

/**
 * Makes the edits of items of one list: their text is replaced item by item, in the style of the list.
 *
 * @param text the document
 * @param items with paths into the same list
 */
export function editList(text: string, items: readonly ObjectEdits[], style: FileStyle): EditedList {
  const list = partAt(partsOf(text), items[0]?.path.slice(0, -1) ?? []);
  if (list === undefined) return { text, emptied: false, lostComments: [] };
  const gone = new Set(items.filter(vanishes).map(item => Number(item.path.at(-1))));
  if (gone.size === list.children.length) return { text, emptied: true, lostComments: [] };
  const removals = removeChildren(text, list, gone);
  const lostComments = removals.flatMap(({ start, end }) => commentsGone(text.slice(start, end), ''));
  const splices: Splice[] = [...removals];
  for (const item of items) {
    const child = list.children[Number(item.path.at(-1))];
    if (child === undefined || vanishes(item)) continue;
    const edited = list.flow
      ? editBetweenCommas(text, child, item, style)
      : editDashed(text, child, item, style);
    splices.push(edited.splice);
    lostComments.push(...edited.lostComments);
  }
  const rescued = rescueAnchors(text, splices);
  return { text: splice(text, [...splices, ...rescued]), emptied: false, lostComments };
}

interface EditedItem {
  readonly splice: Splice;
  readonly lostComments: readonly string[];
}

// The line on which an item ends, and the blank lines and comments below it: some of these may belong to the item.
const below = /[^\n]*(?:\n[ \t]*(?:#[^\n]*)?\r?(?=\n|$))*/y;

function editDashed(text: string, child: Part, edits: ObjectEdits, style: FileStyle): EditedItem {
  const margin = ' '.repeat(child.start - lineStart(text, child.start));
  const rest = new RegExp(below);
  rest.lastIndex = child.end;
  const end = child.end + (rest.exec(text)?.[0].length ?? 0);
  const { body } = objectTextOf(margin + text.slice(child.start, end), margin.length);
  const { kept, made, lostComments } = editObject(body, [0], edits, style);
  const behindDash = /^\s*-[ \t]*#/.test(body);
  const added = made.map(document => dashed(document.split('\n'), margin, behindDash).join(style.lineBreak));
  const items = [...kept, ...added].join(style.lineBreak).slice(margin.length);
  return {
    splice: { start: child.start, end: child.start + body.length - margin.length, text: items },
    lostComments,
  };
}

/** The dash belongs to the first line that is not a comment, unless comments stood behind the old one. */
export function dashed(lines: readonly string[], margin: string, behindDash: boolean): readonly string[] {
  const first = behindDash ? 0 : lines.findIndex(line => !line.startsWith('#'));
  return lines.map((line, index) => {
    if (line === '') return line;
    return margin + (index < first ? '' : index === first ? '- ' : '  ') + line;
  });
}

function editBetweenCommas(text: string, child: Part, edits: ObjectEdits, style: FileStyle): EditedItem {
  const body = text.slice(child.start, child.end);
  const margin = indentAt(text, child.start);
  const flowStyle = flowStyleOf(body, style.jsonIndent);
  const kept = edits.replaced === undefined ? [editFields(body, [], edits.fields, style)] : [];
  const added = manifestsLike(body, edits).map(manifest =>
    printFlow(manifest, flowStyle, margin, style.lineBreak),
  );
  const space = flowStyle.spaced ? ' ' : '';
  const comma = `,${flowStyle.indent === undefined ? space : `${style.lineBreak}${margin}`}`;
  const lostComments = edits.replaced === undefined ? [] : commentsIn(body).flatMap(comment => comment.lines);
  return {
    splice: { start: child.start, end: child.end, text: [...kept, ...added].join(comma) },
    lostComments,
  };
}
