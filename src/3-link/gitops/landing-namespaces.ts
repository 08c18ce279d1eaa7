import type { AnyResource } from '../../2-decode/resource.ts';
import { type Applier, appliersOf } from './appliers.ts';
import { folderOf, type Kustomizations, kustomizationsOf, resolvePath } from './kustomizations.ts';

/** The namespaces that appliers give to the objects of files. */
export interface LandingNamespaces {
  /**
   * The namespaces that kustomizations, and Flux, give to all objects of a file, by the folder of the outermost kustomization; the
   * first is the one that a run goes by.
   */
  readonly overriding: ReadonlyMap<string, ReadonlyMap<string, Landing>>;
  /** The namespaces that Argo CD gives to the objects of a file that name none. */
  readonly byDefault: ReadonlyMap<string, string>;
}

/** A namespace, and the applier that gives it. */
export interface Landing {
  readonly namespace: string;
  readonly by: Applier['by'];
}

/**
 * Finds the namespaces in which objects land. The outermost kustomization with a namespace decides, whatever objects and inner
 * kustomizations say; so does the `targetNamespace` of Flux. Argo CD fills in what is missing.
 *
 * @see sigs.k8s.io/kustomize/api/internal/builtins/NamespaceTransformer.go, which runs for each kustomization on all that it lists
 */
export function landingNamespaces(resources: readonly AnyResource[]): LandingNamespaces {
  const appliers = appliersOf(resources);
  const naming = appliers.filter(({ namespace }) => Boolean(namespace));
  if (naming.length === 0) return { overriding: new Map(), byDefault: new Map() };
  const overriding = new Map<string, Map<string, Landing>>();
  const give = (file: string, root: string, landing: Landing): void => {
    const known = overriding.get(file);
    if (known === undefined) overriding.set(file, new Map([[root, landing]]));
    else known.set(root, landing);
  };
  const inFolder = new Map(
    naming.flatMap(({ by, namespace = '' }) =>
      by.type === 'kustomize.Kustomization'
        ? [[folderOf(by.source?.document.file.path ?? ''), { by, namespace }] as const]
        : [],
    ),
  );
  if (inFolder.size > 0) {
    const kustomizations = kustomizationsOf(resources);
    const listed = new Set([...kustomizations.listed.values()].flat());
    for (const root of kustomizations.specs.keys())
      if (!listed.has(root))
        walk(kustomizations, inFolder, root, (file, landing) => give(file, root, landing));
  }
  const byDefault = new Map<string, string>();
  for (const { by, namespace = '', files } of naming) {
    if (by.type === 'kustomize.Kustomization') continue;
    for (const file of files()) {
      if (by.type === 'argo.Application' && !overridesNamespaces(by)) {
        if (!byDefault.has(file)) byDefault.set(file, namespace);
        continue;
      }
      const roots = [...(overriding.get(file)?.keys() ?? [])];
      for (const root of roots.length === 0 ? [''] : roots) give(file, root, { by, namespace });
    }
  }
  return { overriding, byDefault };
}

/** Whether an Application sets the namespace by kustomize, and not as the one of its destination. */
function overridesNamespaces({
  spec,
}: Extract<Applier['by'], { readonly type: 'argo.Application' }>): boolean {
  return [spec.source, ...(spec.sources ?? [])].some(source => Boolean(source?.kustomize?.namespace));
}

function walk(
  { specs, listed }: Kustomizations,
  inFolder: ReadonlyMap<string, Landing>,
  root: string,
  give: (file: string, landing: Landing) => void,
): void {
  const seen = new Set<string>();
  const open: { readonly path: string; readonly outer: Landing | undefined }[] = [
    { path: root, outer: undefined },
  ];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { path, outer } = step;
    const items = listed.get(path);
    if (items === undefined) {
      if (outer !== undefined) give(path, outer);
      continue;
    }
    const state = `${path}\n${outer?.namespace ?? ''}`;
    if (seen.has(state)) continue;
    seen.add(state);
    // A component changes all that its kustomization lists, before that gives its own namespace.
    const { components = [] } = specs.get(path) ?? {};
    const ofComponents = components.flatMap(one => inFolder.get(resolvePath(path, one)) ?? []);
    const landing = outer ?? inFolder.get(path) ?? ofComponents.at(-1);
    for (const item of items) open.push({ path: item, outer: landing });
  }
}
