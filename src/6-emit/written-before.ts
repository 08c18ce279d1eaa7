import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { Source } from '../yaml/source.ts';
import type { Edit, Output } from './edit.ts';
import { dashed } from './edit-list.ts';
import { fileStyleOf } from './file-style.ts';
import { isThere } from './http-routes.ts';
import { lineStart } from './lines.ts';
import { objectTextOf } from './object-text.ts';
import { partAt, partsOf } from './parts.ts';
import { printDocuments } from './replace-object.ts';

/** The objects that take the place of another, where an earlier run wrote some of them beside it. */
export interface Retaken {
  readonly outputs: readonly Output[];
  readonly edits: readonly Edit[];
}

/**
 * Keeps objects that are there already from being written twice.
 *
 * One that still reads as an earlier run wrote it moves to the place of the object that it stands for, so that two steps
 * give the bytes of one. One that somebody has edited since stays where and as it is.
 */
export function retake(facts: Pick<Facts, 'byName' | 'inputs'>, outputs: readonly Output[]): Retaken {
  const edits: Edit[] = [];
  const taken = outputs.filter(output => {
    if (!isThere(facts, output.resource)) return true;
    const found = facts.byName.get(nameKey(output.resource));
    if (found?.source === undefined || !facts.inputs.has(found)) return true;
    if (!readsAsWritten(found, output)) return false;
    edits.push({ kind: 'replace', source: found.source, outputs: [] });
    return true;
  });
  return { outputs: taken, edits };
}

function readsAsWritten({ source }: AnyResource, output: Output): boolean {
  if (source === undefined) return false;
  if (source.path.length > 0) return readsAsItem(source, output);
  const { file, range } = source.document;
  const { head, body, tail } = objectTextOf(file.text.slice(range.start, range.end), 0);
  if (head.includes('#') || tail.includes('#')) return false;
  // The blank lines at the end of a file would go with its last document; without comments to carry it can stay.
  const { document } = output.home;
  const hasComments = document.file.text.slice(document.range.start, document.range.end).includes('#');
  if (!hasComments && /\n[ \t\r]*\n/.test(tail)) return false;
  const style = fileStyleOf(file.text);
  return printDocuments([output], style.yaml).join('') === body.replaceAll('\r\n', '\n').trimEnd();
}

/** An item of a List with dashes. */
function readsAsItem({ document, path }: Source, output: Output): boolean {
  const { file, range } = document;
  const text = file.text.slice(range.start, range.end);
  const list = partAt(partsOf(text), path.slice(0, -1));
  const item = list?.children[Number(path.at(-1))];
  if (list === undefined || item === undefined || list.flow) return false;
  const margin = ' '.repeat(item.start - lineStart(text, item.start));
  const printed = printDocuments([output], fileStyleOf(file.text).yaml).join('').split('\n');
  const written = dashed(printed, margin, false).join('\n').slice(margin.length);
  return written.trimEnd() === text.slice(item.start, item.end).replaceAll('\r\n', '\n').trimEnd();
}
