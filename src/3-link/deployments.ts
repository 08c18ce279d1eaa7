import type { FieldPath } from '../1-read/source.ts';
import type { KustomizePatch } from '../2-decode/kustomization.ts';
import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { type Kustomizations, resolvePath, walkKustomization } from './kustomizations.ts';

/** What has a folder applied to a cluster and changes it on the way: Flux and Argo CD write patches into a kustomization. */
export interface Deployment {
  readonly by: Resource<'flux.Kustomization'> | Resource<'argo.Application'>;
  /** The folder that is applied; where the root of the repository is, nobody says. */
  readonly folder: string;
  readonly patches: readonly { readonly path: FieldPath; readonly patch: KustomizePatch }[];
}

/** @returns the folders that an object has applied with patches, if it is one that does so */
export function deploymentsOf(resource: AnyResource): readonly Deployment[] {
  if (resource.type === 'flux.Kustomization') {
    const { path = '', patches } = resource.spec;
    return patched(resource, path, ['spec', 'patches'], patches);
  }
  if (resource.type !== 'argo.Application') return [];
  const { source, sources = [] } = resource.spec;
  const all = [
    ...(source === undefined ? [] : [{ source, path: ['spec', 'source'] }]),
    ...sources.map((one, index) => ({ source: one, path: ['spec', 'sources', index] })),
  ];
  return all.flatMap(({ source: one, path }) =>
    patched(resource, one.path ?? '', [...path, 'kustomize', 'patches'], one.kustomize?.patches),
  );
}

function patched(
  by: Deployment['by'],
  folder: string,
  at: FieldPath,
  patches: readonly KustomizePatch[] = [],
): readonly Deployment[] {
  if (patches.length === 0) return [];
  const listed = patches.map((patch, index) => ({ path: [...at, index], patch }));
  return [{ by, folder: resolvePath('', folder.replace(/^\/+/, '')), patches: listed }];
}

/**
 * Goes through the files that are applied: those of the kustomization in the folder, or all below it. Paths of files
 * may start above or below the root of the repository, so that the end of their folder counts.
 *
 * @param visitFile gets the kustomizations on the way, the outermost first
 */
export function walkDeployment(
  { folder }: Deployment,
  kustomizations: Kustomizations,
  files: Iterable<string>,
  visitFile: (file: string, folders: readonly string[]) => void,
): void {
  const roots = [...kustomizations.keys()].filter(own => `/${own}`.endsWith(`/${folder}`));
  const exact = folder === '' ? roots.filter(own => own === '') : roots;
  for (const root of exact) walkKustomization(kustomizations, root, visitFile);
  if (exact.length > 0) return;
  for (const file of files) {
    if (folder === '' || `/${file}`.includes(`/${folder}/`)) visitFile(file, []);
  }
}
