import { kindIn } from '../1-read/relevance.ts';
import { splitDocuments } from '../1-read/split-documents.ts';
import { isHarmlessKind, mayName, type UnreadText } from '../1-read/unread-text.ts';
import type { AnyResource, ResourceType } from '../2-decode/resource.ts';
import { holdsBack } from '../diagnostics/catalog.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import type { SourceDocument, SourceFile } from '../yaml/source.ts';

/** Kinds that are read in part: patches, values and names of subsets in them are text. */
const partly: ReadonlySet<ResourceType> = new Set([
  'kustomize.Kustomization',
  'flux.Kustomization',
  'argo.Application',
  'argo.Rollout',
]);

/**
 * Finds the documents whose content nobody knows, so that any name in them may be the name of an object in use:
 * templates, patches, documents that do not parse or have errors, kinds that are not read.
 *
 * @param files everything that was read
 * @param resources the objects that were found in them
 * @param findings what reading them reported
 * @param documentsOf gives the documents of a text in which a name may stand
 */
export function unreadTexts(
  files: readonly SourceFile[],
  resources: readonly AnyResource[],
  findings: readonly Finding[],
  documentsOf: (file: SourceFile) => readonly SourceDocument[] = namingDocuments,
): readonly UnreadText[] {
  const keysOf = (objects: readonly AnyResource[]): Set<string> =>
    new Set(objects.flatMap(({ source }) => (source === undefined ? [] : keyOf(source.document))));
  const objects = keysOf(resources.filter(({ type }) => !partly.has(type)));
  const known = new Set(objects);
  const partlyKnown = keysOf(resources.filter(({ type }) => partly.has(type)));
  for (const { code, place } of findings) {
    if (place.document !== undefined && holdsBack(code)) known.delete(keyOf(place.document));
  }
  return files.flatMap(file =>
    documentsOf(file).flatMap((document): readonly UnreadText[] => {
      if (known.has(keyOf(document))) return [];
      const { path } = file;
      const text = file.text.slice(document.range.start, document.range.end);
      const isPartlyRead = partlyKnown.has(keyOf(document));
      const isFaulty = objects.has(keyOf(document));
      return isHarmlessKind(kindIn(text)) || !mayName({ path, text })
        ? []
        : [{ path, text, isPartlyRead, isFaulty }];
    }),
  );
}

/** @returns the documents of a text in which a name may stand; none where none may */
export function namingDocuments(file: SourceFile): readonly SourceDocument[] {
  return mayName(file) ? splitDocuments(file) : [];
}

function keyOf({ file, index }: { readonly file: SourceFile; readonly index: number }): string {
  return `${index} ${file.path}`;
}
