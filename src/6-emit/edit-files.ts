import { isKustomizationFile } from '../1-read/manifests.ts';
import { readFile } from '../1-read/read-file.ts';
import { decode } from '../2-decode/decode.ts';
import type { Resource } from '../2-decode/resource.ts';
import { groupBy } from '../3-link/group-by.ts';
import type { SourceFile } from '../yaml/source.ts';
import { applyEdits, type EditedFile } from './apply-edits.ts';
import type { Edit } from './edit.ts';
import { type MovedFiles, mendKustomizations } from './kustomizations.ts';
import { renamed } from './rename.ts';

/** A file whose text, name or existence changes. */
export interface FileChange extends EditedFile {
  readonly file: SourceFile;
  /** Its path afterwards, which is another one only if it was renamed. */
  readonly path: string;
}

/** Changes to files beyond the edits themselves. */
export interface EditFilesOptions {
  /** Whether `virtualservice.yaml` and the like are to be called after the routes that they hold now. */
  readonly rename?: boolean;
  /** Whether something that is not among the files has the path that a file is to get. */
  readonly isTaken?: (path: string, file: SourceFile) => boolean;
}

/**
 * Makes all edits of a conversion: a file without an object is deleted, and kustomizations list what is there then.
 *
 * @param files those that may be edited
 * @returns the files that change, in their order
 */
export function editFiles(
  files: readonly SourceFile[],
  edits: readonly Edit[],
  { rename = false, isTaken = () => false }: EditFilesOptions = {},
): readonly FileChange[] {
  const byFile = groupBy(edits, edit => edit.source.document.file.path);
  const known = new Set(files.map(({ path }) => path));
  const changed = new Map<string, FileChange>();
  const moved = new Map<string, string | undefined>();
  for (const file of files) {
    const own = byFile.get(file.path);
    if (own === undefined) continue;
    const edited = applyEdits(file, own);
    const wanted = rename && edited.text !== undefined ? newName(file.path, edited.text, own) : file.path;
    const path = known.has(wanted) || isTaken(wanted, file) ? file.path : wanted;
    if (edited.text === undefined) moved.set(file.path, undefined);
    else if (path !== file.path) moved.set(file.path, path);
    known.add(path);
    changed.set(file.path, { ...edited, file, path });
  }
  for (const change of mended(files, byFile, moved)) changed.set(change.file.path, change);
  return files.flatMap(({ path }) => {
    const change = changed.get(path);
    return change === undefined || (change.text === change.file.text && change.path === path) ? [] : [change];
  });
}

/** A name that speaks of VirtualServices stays as long as one of them does. */
function newName(path: string, text: string, edits: readonly Edit[]): string {
  if (/\bkind["']?\s*:\s*["']?VirtualService\b/.test(text)) return path;
  return renamed(
    path,
    edits.flatMap(edit => (edit.kind === 'replace' ? edit.outputs : [])),
  );
}

function mended(
  files: readonly SourceFile[],
  byFile: ReadonlyMap<string, readonly Edit[]>,
  moved: MovedFiles,
): readonly FileChange[] {
  if (moved.size === 0) return [];
  const mends = mendKustomizations(files.flatMap(kustomizationIn), moved);
  return [...groupBy(mends, edit => edit.source.document.file)].map(([file, edits]) => ({
    ...applyEdits(file, [...(byFile.get(file.path) ?? []), ...edits]),
    file,
    path: file.path,
  }));
}

function kustomizationIn(file: SourceFile): readonly Resource<'kustomize.Kustomization'>[] {
  if (!isKustomizationFile(file.path)) return [];
  return [...readFile(file, () => undefined)].flatMap(manifest => {
    const resource = decode(manifest, () => undefined);
    return resource?.type === 'kustomize.Kustomization' ? [resource] : [];
  });
}
