import type { AnyResource } from './resource.ts';

/**
 * The files that kustomizations apply as patches. A patch looks like an object and lacks most of one, so such files
 * are not to be read as manifests.
 *
 * @param resources the kustomizations, and whatever else there is
 * @returns paths like those of the kustomizations' own files
 */
export function patchFiles(resources: readonly AnyResource[]): ReadonlySet<string> {
  return new Set(
    resources.flatMap(resource => {
      if (resource.type !== 'kustomize.Kustomization') return [];
      const { patches = [], patchesJson6902 = [], patchesStrategicMerge = [] } = resource.spec;
      const named = [...patches, ...patchesJson6902].flatMap(patch => patch.path ?? []);
      const folder = resource.source?.document.file.path.replace(/[^/]*$/, '') ?? '';
      return [...named, ...patchesStrategicMerge].map(path => normalize(folder + path));
    }),
  );
}

/** Takes `.` and `..` out of a path with `/` between its parts. */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
