import type { Kustomization, KustomizePatch } from '../2-decode/kustomization.ts';
import type { Resource } from '../2-decode/resource.ts';
import { folderOf, resolvePath } from '../3-link/gitops/kustomizations.ts';
import type { Source } from '../yaml/source.ts';
import type { Edit } from './edit.ts';

/** Files that got another path; undefined where a file is gone. */
export type MovedFiles = ReadonlyMap<string, string | undefined>;

/** The lists of a kustomization whose items are paths. */
const lists = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'crds'] as const;

/** The lists of a kustomization whose items have a path. */
const patchLists = ['patches', 'patchesJson6902', 'replacements'] as const;

/**
 * Mends the lists of kustomizations: a file that is gone is listed no longer, or `kustomize build` fails; a file with
 * another name is listed by that.
 */
export function mendKustomizations(
  kustomizations: readonly Resource<'kustomize.Kustomization'>[],
  moved: MovedFiles,
): readonly Edit[] {
  if (moved.size === 0) return [];
  return kustomizations.flatMap(({ source, spec }) =>
    source === undefined ? [] : mend(source, spec, moved),
  );
}

function mend(source: Source, spec: Kustomization, moved: MovedFiles): readonly Edit[] {
  const folder = folderOf(source.document.file.path);
  const all: Readonly<Record<string, unknown>> = { ...spec };
  const ofPaths = lists.flatMap(list =>
    itemsOf(all[list]).flatMap((item, index): readonly Edit[] => {
      const entry = typeof item === 'string' ? item : '';
      const path = resolvePath(folder, entry);
      if (!moved.has(path)) return [];
      const to = moved.get(path);
      if (to === undefined) return [{ kind: 'remove-field', source, path: [list, index] }];
      return [{ kind: 'set-field', source, path: [list, index], value: asWritten(entry, folder, to) }];
    }),
  );
  const ofPatches = patchLists.flatMap(list =>
    itemsOf(all[list]).flatMap((item, index): readonly Edit[] => {
      const { path: entry = '' } = item as KustomizePatch;
      const listed = resolvePath(folder, entry);
      if (entry === '' || !moved.has(listed)) return [];
      const to = moved.get(listed);
      if (to === undefined) return [{ kind: 'remove-field', source, path: [list, index] }];
      const value = asWritten(entry, folder, to);
      return [{ kind: 'set-field', source, path: [list, index, 'path'], value }];
    }),
  );
  return [...ofPaths, ...ofPatches];
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A renamed file stays in its folder, so only the last part of the entry changes. */
function asWritten(entry: string, folder: string, to: string): string {
  const name = to.slice(to.lastIndexOf('/') + 1);
  const slash = entry.lastIndexOf('/');
  return slash < 0 && folderOf(to) === folder ? name : `${entry.slice(0, slash + 1)}${name}`;
}
