import type { SourceFile } from '../yaml/source.ts';
import type { AnyResource, Resource } from './resource.ts';
import { fieldsOf, transformersIn } from './transformers.ts';

/**
 * The files that kustomizations apply as patches. A patch looks like an object and lacks most of one, so such files
 * are not to be read as manifests.
 *
 * @param resources the kustomizations, with what their transformers are, and whatever else there is
 * @returns paths like those of the kustomizations' own files
 */
export function patchFiles(resources: readonly AnyResource[]): ReadonlySet<string> {
  return new Set(
    resources.flatMap(resource =>
      resource.type === 'kustomize.Kustomization'
        ? listedPatches(resource).map(path => normalize(folderOf(resource) + path))
        : [],
    ),
  );
}

/** Puts what kustomizations have changed by plugins and functions into what is known of these. */
export function withTransformers(
  resources: readonly AnyResource[],
  files: readonly SourceFile[],
): readonly AnyResource[] {
  const byPath = new Map(files.map(file => [file.path, file]));
  return resources.map(resource => {
    if (resource.type !== 'kustomize.Kustomization' || resource.spec.transformers === undefined)
      return resource;
    const folder = folderOf(resource);
    const transforming = transformersIn(resource.spec, path => byPath.get(normalize(folder + path)));
    return { ...resource, spec: { ...fieldsOf(transforming), ...resource.spec, transforming } };
  });
}

/** Puts the patches of kustomizations, as far as they are files of their own, into what is known of these. */
export function withPatchFiles(
  resources: readonly AnyResource[],
  files: readonly SourceFile[],
): readonly AnyResource[] {
  const byPath = new Map(files.map(file => [file.path, file]));
  return resources.map(resource => {
    if (resource.type !== 'kustomize.Kustomization') return resource;
    const found = listedPatches(resource).flatMap(path => {
      const file = byPath.get(normalize(folderOf(resource) + path));
      return file === undefined ? [] : [[path, file] as const];
    });
    if (found.length === 0) return resource;
    return { ...resource, spec: { ...resource.spec, patchFiles: Object.fromEntries(found) } };
  });
}

function listedPatches({ spec }: Resource<'kustomize.Kustomization'>): readonly string[] {
  const { patches = [], patchesJson6902 = [], patchesStrategicMerge = [], replacements = [] } = spec;
  const named = [...patches, ...patchesJson6902, ...replacements].flatMap(({ path }) => path ?? []);
  const ofTransformers = (spec.transforming ?? []).flatMap(({ config = {} }) => [
    config['path'],
    config['paths'],
  ]);
  const { configurations = [] } = spec;
  return [...named, ...patchesStrategicMerge, ...configurations, ...ofTransformers.flat().filter(isString)];
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function folderOf({ source }: Resource<'kustomize.Kustomization'>): string {
  return source?.document.file.path.replace(/[^/]*$/, '') ?? '';
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
