import { editFiles } from '../6-emit/edit-files.ts';
import type { Conversion } from '../conversion.ts';
import { checkConversion } from './check-arguments.ts';

/**
 * Makes the edits of a conversion, as `convert --write` does: every byte that no edit is about stays, and kustomizations
 * list the files that are there then.
 *
 * @param conversion what `convert` returned
 * @returns the text of each file that was converted, by its path and in its order; undefined for a file that goes, since no
 * object is left in it
 * @throws ArgumentError for anything else
 */
export function applyEdits(conversion: Conversion): ReadonlyMap<string, string | undefined> {
  checkConversion(conversion);
  const { files, edits } = conversion;
  const texts = new Map<string, string | undefined>(files.map(({ path, text }) => [path, text]));
  for (const { path, text } of editFiles(files, edits)) texts.set(path, text);
  return texts;
}
