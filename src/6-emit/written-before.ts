import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { Edit, Output } from './edit.ts';
import { fileStyleOf } from './file-style.ts';
import { isThere } from './http-routes.ts';
import { objectTextOf } from './object-text.ts';
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
  if (source === undefined || source.path.length > 0) return false;
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
