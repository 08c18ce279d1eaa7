import { posix } from 'node:path';
import type { SourceFile } from '../src/index.ts';
import { readResources } from '../src/read-resources.ts';

/** Objects by what a cluster knows them by, each with the files of the documents that define it. */
function filesByObject(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { type, namespace, name, source } of readResources(files, 'default', () => undefined)) {
    if (source === undefined) continue;
    const key = `${type} ${namespace}/${name}`;
    found.set(key, [...(found.get(key) ?? []), source.document.file.path]);
  }
  return found;
}

/**
 * Objects that a conversion defines twice where they were not: of one name in one namespace, in one file, or in two files that
 * nothing shows to be alternatives, as two documents for one object in them or in their folders did before.
 *
 * @returns each with its files
 */
export function twiceWritten(before: readonly SourceFile[], after: readonly SourceFile[]): readonly string[] {
  const old = filesByObject(before);
  const alternatives = [...old.values()].filter(files => files.length > 1);
  const areApart = (a: string, b: string): boolean =>
    alternatives.some(
      files =>
        (a === b ? files.filter(file => file === a).length > 1 : files.includes(a) && files.includes(b)) ||
        (!isBeside(a, b) && [a, b].every(one => files.some(file => isBeside(one, file)))),
    );
  return [...filesByObject(after)].flatMap(([object, files]) => {
    if (files.length <= Math.max(1, old.get(object)?.length ?? 0)) return [];
    const isFine = files.every((one, index) => files.slice(index + 1).every(other => areApart(one, other)));
    return isFine ? [] : [`${object}: ${files.join(', ')}`];
  });
}

function isBeside(a: string, b: string): boolean {
  return posix.dirname(a) === posix.dirname(b);
}
