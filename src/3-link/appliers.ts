import type { Kustomization } from '../2-decode/kustomization.ts';
import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import { type Deployment, deploymentsOf, walkDeployment } from './deployments.ts';
import { folderOf, kustomizationsOf, usersOf, walkKustomization } from './kustomizations.ts';

/** What changes objects on their way to the cluster, by fields that are about all of them alike. */
export interface Applier {
  readonly by: Resource<'kustomize.Kustomization'> | Deployment['by'];
  readonly namespace: string | undefined;
  readonly renames: boolean;
  /** What Services select by, besides what they say themselves. */
  readonly selectorLabels: Readonly<Record<string, string>>;
  /** The files whose objects it changes. */
  readonly files: () => ReadonlySet<string>;
}

/** Finds kustomizations, and what GitOps tools write into one; a kustomization comes before those that include it. */
export function appliersOf(resources: readonly AnyResource[]): readonly Applier[] {
  const own = resources.filter(isType('kustomize.Kustomization'));
  const deployments = resources.flatMap(deploymentsOf);
  if (own.length + deployments.length === 0) return [];
  const kustomizations = kustomizationsOf(resources);
  const paths = new Set(resources.flatMap(({ source }) => source?.document.file.path ?? []));
  const inFolder = new Map(own.map(by => [folderOf(by.source?.document.file.path ?? ''), by]));
  return [
    ...[...inFolder].map(([folder, by]): Applier => {
      const files = () => {
        const found = new Set<string>();
        // A component changes what those who list it have, too.
        for (const root of [folder, ...usersOf(kustomizations, folder)])
          walkKustomization(kustomizations, root, file => found.add(file));
        return found;
      };
      return { by, files, ...changesOf(by.spec), selectorLabels: selectorLabelsOf(by.spec) };
    }),
    ...deployments.map((deployment): Applier => {
      const files = () => {
        const found = new Set<string>();
        walkDeployment(deployment, kustomizations, paths, file => found.add(file));
        return found;
      };
      const { by, selectorLabels = {} } = deployment;
      return { by, files, ...changesOf(deployment), selectorLabels: textsOf(selectorLabels) };
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
