import type { Kustomization } from '../../2-decode/kustomization.ts';
import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import { type Deployment, deployedFiles, deploymentsOf } from './deployments.ts';
import { filesBelow, folderOf, kustomizationsByFile, kustomizationsOf } from './kustomizations.ts';

/** Changes to objects on their way to the cluster, by fields that are about all of them alike. */
export interface Applier {
  readonly by: Resource<'kustomize.Kustomization'> | Deployment['by'];
  readonly namespace: string | undefined;
  readonly renames: boolean;
  /** Labels that Services select by, besides their own. */
  readonly selectorLabels: Readonly<Record<string, string>>;
  /**
   * The files whose objects it changes.
   *
   * @param seen what the walks of others went through already, whose files are left out
   */
  readonly files: (seen?: Set<string>) => ReadonlySet<string>;
  /** Whether it changes the objects of a file. */
  readonly reaches: (file: string) => boolean;
}

/** Finds kustomizations, and what GitOps tools write into one; a kustomization comes before those that include it. */
export function appliersOf(resources: readonly AnyResource[]): readonly Applier[] {
  const own = resources.filter(isType('kustomize.Kustomization'));
  const deployments = resources.flatMap(deploymentsOf);
  if (own.length + deployments.length === 0) return [];
  const kustomizations = kustomizationsOf(resources);
  const paths = new Set(resources.flatMap(({ source }) => source?.document.file.path ?? []));
  const above = kustomizationsByFile(kustomizations);
  const inFolder = new Map(own.map(by => [folderOf(by.source?.document.file.path ?? ''), by]));
  return [
    ...[...inFolder].map(([folder, by]): Applier => {
      // A component changes what those who list it have, too.
      const roots = [folder, ...(kustomizations.users.get(folder) ?? [])];
      return {
        by,
        files: seen => filesBelow(kustomizations, roots, seen),
        reaches: file => {
          const found = above(file);
          return roots.some(root => found.has(root));
        },
        ...changesOf(by.spec),
        selectorLabels: selectorLabelsOf(by.spec),
      };
    }),
    ...deployments.map((deployment): Applier => {
      let known: ReadonlySet<string> | undefined;
      const files = () => {
        known ??= deployedFiles(deployment, kustomizations, paths);
        return known;
      };
      const { by, selectorLabels = {} } = deployment;
      return {
        by,
        files,
        reaches: file => files().has(file),
        ...changesOf(deployment),
        selectorLabels: textsOf(selectorLabels),
      };
    }),
  ];
}

function changesOf({
  namespace,
  namePrefix,
  nameSuffix,
}: Pick<Kustomization, 'namespace' | 'namePrefix' | 'nameSuffix'>): Pick<Applier, 'namespace' | 'renames'> {
  return { namespace, renames: Boolean(namePrefix) || Boolean(nameSuffix) };
}

function selectorLabelsOf({ commonLabels = {}, labels = [] }: Kustomization): Applier['selectorLabels'] {
  const selected = labels.filter(({ includeSelectors }) => includeSelectors === true);
  return textsOf(Object.assign({}, ...selected.map(({ pairs = {} }) => pairs), commonLabels) as object);
}

function textsOf(labels: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
}

/** @returns what a message calls it */
export function describeApplier(by: Applier['by']): string {
  if (by.type !== 'kustomize.Kustomization') return `${by.kind} ${by.metadata.namespace ?? ''}/${by.name}`;
  const folder = folderOf(by.source?.document.file.path ?? '');
  return `the kustomization in ${folder === '' ? '.' : folder}`;
}
