import type { ArgoSource } from '../../2-decode/gitops.ts';
import type { KustomizePatch } from '../../2-decode/kustomization.ts';
import type { AnyResource, Resource } from '../../2-decode/resource.ts';
import type { FieldPath } from '../../yaml/source.ts';
import {
  type Affixes,
  filesBelow,
  type Kustomizations,
  resolvePath,
  walkKustomization,
} from './kustomizations.ts';

/** Tools that apply a folder to a cluster and change it on the way: Flux and Argo CD write that into a kustomization. */
export interface Deployment {
  readonly by: Resource<'flux.Kustomization'> | Resource<'argo.Application'>;
  /** The folder that is applied; where the root of the repository is, nobody says. */
  readonly folder: string;
  readonly patches: readonly { readonly path: FieldPath; readonly patch: KustomizePatch }[];
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  /** Labels of objects and of what Services select by. */
  readonly selectorLabels?: Readonly<Record<string, unknown>>;
}

/** @returns the folders that an object has applied and changed, if it is one that does so */
export function deploymentsOf(resource: AnyResource): readonly Deployment[] {
  if (resource.type === 'flux.Kustomization') return [fluxDeployment(resource)];
  if (resource.type !== 'argo.Application') return [];
  const { source, sources = [] } = resource.spec;
  const all = [
    ...(source === undefined ? [] : [{ source, path: ['spec', 'source'] }]),
    ...sources.map((one, index) => ({ source: one, path: ['spec', 'sources', index] })),
  ];
  return all.flatMap(({ source: one, path }) => argoDeployment(resource, one, path) ?? []);
}

function fluxDeployment(by: Resource<'flux.Kustomization'>): Deployment {
  const { spec } = by;
  return {
    by,
    folder: folderIn(spec.path),
    patches: [
      ...listed(['spec', 'patches'], spec.patches),
      ...listed(
        ['spec', 'patchesStrategicMerge'],
        spec.patchesStrategicMerge?.map(merge => ({ patch: JSON.stringify(merge) })),
      ),
      ...listed(
        ['spec', 'patchesJson6902'],
        spec.patchesJson6902?.map(({ patch = [], target }) => ({
          patch: JSON.stringify(patch),
          ...(target === undefined ? {} : { target }),
        })),
      ),
    ],
    ...(spec.targetNamespace === undefined ? {} : { namespace: spec.targetNamespace }),
    ...names(spec),
  };
}

function argoDeployment(
  by: Resource<'argo.Application'>,
  { path, kustomize = {} }: ArgoSource,
  at: FieldPath,
): Deployment | undefined {
  const folder = folderIn(path);
  const { commonLabels, labelWithoutSelector = false, patches } = kustomize;
  // Charts have no folder, and the root can be that of any repository.
  const byDefault = folder === '' ? undefined : by.spec.destination?.namespace;
  const namespace = kustomize.namespace || byDefault;
  return {
    by,
    folder,
    patches: listed([...at, 'kustomize', 'patches'], patches),
    ...(namespace ? { namespace } : {}),
    ...names(kustomize),
    ...(commonLabels === undefined || labelWithoutSelector ? {} : { selectorLabels: commonLabels }),
  };
}

function names({
  namePrefix = '',
  nameSuffix = '',
}: Pick<Deployment, 'namePrefix' | 'nameSuffix'>): Pick<Deployment, 'namePrefix' | 'nameSuffix'> {
  return { namePrefix, nameSuffix };
}

function folderIn(path = ''): string {
  return resolvePath('', path.replace(/^\/+/, ''));
}

function listed(at: FieldPath, patches: readonly KustomizePatch[] = []): Deployment['patches'] {
  return patches.map((patch, index) => ({ path: [...at, index], patch }));
}

/**
 * Goes through the files that are applied: those of the kustomization in the folder, or all below it. Paths of files
 * may start above or below the root of the repository, so that the end of their folder counts.
 *
 * @param visitFile gets how kustomizations on the way rename what is in a file
 * @param take as for `walkKustomization`
 * @returns whether every way was followed
 */
export function walkDeployment(
  deployment: Deployment,
  kustomizations: Kustomizations,
  files: Iterable<string>,
  visitFile: (file: string, affixes: Affixes) => void,
  take?: () => boolean,
): boolean {
  const roots = rootsOf(deployment, kustomizations);
  if (roots.length > 0) return roots.every(root => walkKustomization(kustomizations, root, visitFile, take));
  for (const file of filesInFolder(deployment, files)) visitFile(file, []);
  return true;
}

/** @returns the files that are applied, each once */
export function deployedFiles(
  deployment: Deployment,
  kustomizations: Kustomizations,
  files: Iterable<string>,
): ReadonlySet<string> {
  const roots = rootsOf(deployment, kustomizations);
  return roots.length > 0 ? filesBelow(kustomizations, roots) : new Set(filesInFolder(deployment, files));
}

function rootsOf({ folder }: Deployment, { specs }: Kustomizations): readonly string[] {
  const roots = [...specs.keys()].filter(own => `/${own}`.endsWith(`/${folder}`));
  return folder === '' ? roots.filter(own => own === '') : roots;
}

function filesInFolder({ folder }: Deployment, files: Iterable<string>): readonly string[] {
  return [...files].filter(file => folder === '' || `/${file}`.includes(`/${folder}/`));
}
