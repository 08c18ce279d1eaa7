import { groupBy } from '../3-link/group-by.ts';
import type { Edit } from '../6-emit/edit.ts';
import type { Conversion } from '../conversion.ts';
import type { SourceDocument } from '../yaml/source.ts';

/**
 * Edits that one must not make without the others: those of the objects that change together, and of what is edited because of
 * others, such as a kustomization. Rather one too many than one too few.
 */
export function editsTogether({ edits, resources, together }: Conversion): readonly (readonly Edit[])[] {
  const documents = groupBy(edits, edit => edit.source.document);
  const leader = new Map([...documents.keys()].map(document => [document, document]));
  const find = (document: SourceDocument): SourceDocument => {
    let found = document;
    for (let next = leader.get(found); next !== undefined && next !== found; next = leader.get(found))
      found = next;
    leader.set(document, found);
    return found;
  };
  const join = (a: SourceDocument, b: SourceDocument) => {
    leader.set(find(b), find(a));
  };
  for (const objects of together) {
    const [first, ...others] = [...objects]
      .flatMap(({ source }) => source?.document ?? [])
      .filter(document => documents.has(document));
    for (const other of others) if (first !== undefined) join(first, other);
  }
  const known = new Set(resources.flatMap(({ resource }) => resource.source?.document ?? []));
  // A file that is edited because of others goes with all that is in its folder and below.
  for (const document of documents.keys()) {
    if (known.has(document)) continue;
    const folder = folderOf(document.file.path);
    for (const other of documents.keys())
      if (folder === '.' || other.file.path.startsWith(`${folder}/`)) join(document, other);
  }
  return [...groupBy(documents.keys(), find).values()].map(group =>
    group.flatMap(document => documents.get(document) ?? []),
  );
}

/** @returns the folder of a path with `/`; `.` for a path without a folder */
function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, Math.max(slash, 1));
}
