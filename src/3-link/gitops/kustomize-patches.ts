import { splitDocuments } from '../../1-read/split-documents.ts';
import type { Kustomization, KustomizePatch, Replacement, Selector } from '../../2-decode/kustomization.ts';
import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type { Budget } from '../../budget.ts';
import { ownValue } from '../../yaml/own-value.ts';
import { parseDocument } from '../../yaml/parse-document.ts';
import type { FieldPath, SourceDocument } from '../../yaml/source.ts';
import { isRecord, toJson } from '../../yaml/yaml-node.ts';
import { once } from '../memoised.ts';
import { type AddedObject, addedObjects } from './added-objects.ts';
import { type Deployment, deployedFiles, deploymentsOf, walkDeployment } from './deployments.ts';
import { type Affixes, filesBelow, folderOf, kustomizationsOf, walkKustomization } from './kustomizations.ts';
import { type SelectedObjects, selectorsOf, transformationsIn } from './kustomize-transformers.ts';

/** A change that a kustomization makes to an object before it reaches the cluster. */
export interface ObjectPatch {
  readonly kustomization: Resource<'kustomize.Kustomization'> | Deployment['by'];
  /** Where that lists it: `['patches', 2]`. */
  readonly path: FieldPath;
  /** The selector that names the object; undefined where the patch itself names it. */
  readonly target: Selector | undefined;
  /** The document of a file of its own, if it is there. */
  readonly document: SourceDocument | undefined;
  /** A strategic merge patch, as it is written; undefined for what is none. */
  readonly merge: Patch | undefined;
  /** The effect of a JSON patch; undefined for a text that is not one. */
  readonly operations: readonly unknown[] | undefined;
  /** Whether it touches labels and annotations alone, which mean the same on any object. */
  readonly metadataOnly: boolean;
  /** Whether the item at `path` can be taken out, and with it this patch alone. */
  readonly removable: boolean;
  /** The name of something that is no patch, with an effect that is not known. */
  readonly unknown?: string;
  /** Whether it reads the object, and writes another one. */
  readonly reads?: true;
  /** There are too many ways to the object to tell which patches it gets: `--limit-paths`. */
  readonly unfollowed?: true;
}

/** A patch with a target that would select an object that a conversion adds. */
export interface PatchToCome {
  readonly patch: ObjectPatch;
  /** The one that it would select. */
  readonly added: AddedObject;
}

/** Patches of what a conversion removes, rewrites or relies on, and of what it adds in the place of an object. */
export interface ObjectPatches {
  readonly patches: ReadonlyMap<AnyResource, readonly ObjectPatch[]>;
  readonly patchesToCome: ReadonlyMap<AnyResource, readonly PatchToCome[]>;
}

type Patch = Readonly<Record<string, unknown>>;

/** The kinds that a conversion takes away or rewrites, and Services, of which routes repeat the ports. */
const types = new Set([
  'core.Service',
  'istio.VirtualService',
  'istio.DestinationRule',
  'istio.Gateway',
  'istio.AuthorizationPolicy',
  'istio.RequestAuthentication',
]);

/**
 * Finds the patches of objects that a conversion may take away, rewrite or rely on. When one is gone, kustomize fails
 * for a strategic merge patch that names the object, and passes over a JSON patch in silence.
 *
 * @param resources with the patch files of the kustomizations filled in
 * @param budget of ways through kustomizations; an object that is not reached in time counts as patched
 */
export function objectPatches(resources: readonly AnyResource[], budget: Budget): ObjectPatches {
  const toCome = new Map<AnyResource, PatchToCome[]>();
  const found = new Map<AnyResource, Set<ObjectPatch>>();
  const patching = resources
    .filter(isType('kustomize.Kustomization'))
    .map(kustomization => ({ kustomization, patches: patchesIn(kustomization) }))
    .filter(({ patches }) => patches.length > 0);
  const deployments = resources.flatMap(deploymentsOf).filter(({ patches }) => patches.length > 0);
  if (patching.length === 0 && deployments.length === 0)
    return { patches: new Map(), patchesToCome: new Map() };
  const kustomizations = kustomizationsOf(resources);
  const objects = byFile(resources);
  const visitorFor =
    (patches: readonly ObjectPatch[]) =>
    (file: string, affixes: Affixes): void => {
      for (const object of objects.get(file) ?? []) {
        const names = namesOn(object.name, affixes);
        const toAdd = once(() => addedObjects(object, affixes));
        for (const patch of patches) {
          if (!matches(patch, object, names)) {
            const added = changesAny(patch) ? toAdd().find(one => selectsAdded(patch, one)) : undefined;
            if (added !== undefined) toCome.set(object, [...(toCome.get(object) ?? []), { patch, added }]);
            continue;
          }
          const known = found.get(object);
          if (known === undefined) found.set(object, new Set([patch]));
          else known.add(patch);
        }
      }
    };
  const take = (): boolean => budget.take('limitPaths', 1);
  // Past the limit nobody knows by which names patches call an object.
  const giveUp = (by: ObjectPatch['kustomization'], files: Iterable<string>): void => {
    const patch: ObjectPatch = { kustomization: by, path: [], target: {}, ...opaque, unfollowed: true };
    for (const file of files) visitorFor([patch])(file, []);
  };
  for (const { kustomization, patches } of patching) {
    const folder = folderOf(kustomization.source?.document.file.path ?? '');
    // A component changes what those who list it have, and not only what it brings along.
    for (const root of [folder, ...(kustomizations.users.get(folder) ?? [])])
      if (!walkKustomization(kustomizations, root, visitorFor(patches), take))
        giveUp(kustomization, filesBelow(kustomizations, [root]));
  }
  for (const deployment of deployments) {
    const patches = deployment.patches.flatMap(({ path, patch }) => patchesOf(deployment.by, path, patch));
    if (!walkDeployment(deployment, kustomizations, objects.keys(), visitorFor(patches), take))
      giveUp(deployment.by, deployedFiles(deployment, kustomizations, objects.keys()));
  }
  return {
    patches: new Map([...found].map(([object, patches]) => [object, [...patches]])),
    patchesToCome: toCome,
  };
}

/** Labels and annotations do no harm to an object that nobody has patched so far. */
function changesAny({ target, metadataOnly, reads, unknown, unfollowed }: ObjectPatch): boolean {
  return (
    target !== undefined &&
    !metadataOnly &&
    reads === undefined &&
    unknown === undefined &&
    unfollowed === undefined
  );
}

/** A target that selects the Service of a subset and the one with all pods changes both alike. */
function selectsAdded({ target = {} }: ObjectPatch, added: AddedObject): boolean {
  const { kind, apiVersion, namespace } = added;
  const selectsName = (name: string): boolean =>
    selects(target, { kind, apiVersion, namespace }, namesOn(name, added.affixes));
  return selectsName(added.name) && (added.beside === undefined || !selectsName(added.beside));
}

function byFile(resources: readonly AnyResource[]): ReadonlyMap<string, readonly AnyResource[]> {
  const files = new Map<string, AnyResource[]>();
  for (const resource of resources) {
    const path = resource.source?.document.file.path;
    if (path === undefined || !types.has(resource.type)) continue;
    const known = files.get(path);
    if (known === undefined) files.set(path, [resource]);
    else known.push(resource);
  }
  return files;
}

/** An object has its own name and those that kustomizations on the way make of it. */
function namesOn(name: string, affixes: Affixes): ReadonlySet<string> {
  const names = new Set([name]);
  let current = name;
  for (const { prefix, suffix } of affixes) {
    current = `${prefix}${current}${suffix}`;
    names.add(current);
  }
  return names;
}

function matches(
  { target, merge, reads }: ObjectPatch,
  object: AnyResource,
  names: ReadonlySet<string>,
): boolean {
  // Services stay.
  if (reads === true && object.type === 'core.Service') return false;
  if (target !== undefined) return selects(target, object, names);
  const { kind, metadata } = merge ?? {};
  const name = isRecord(metadata) ? metadata['name'] : undefined;
  return kind === object.kind && typeof name === 'string' && names.has(name);
}

/** Kind, name and the like are regular expressions; labels that are asked for are taken to be there. */
function selects(
  target: Selector,
  object: Pick<AnyResource, 'kind' | 'apiVersion' | 'namespace'>,
  names: ReadonlySet<string>,
): boolean {
  const [group = ''] = object.apiVersion.split('/');
  return (
    isMatch(target.group, [group]) &&
    isMatch(target.kind, [object.kind]) &&
    isMatch(target.name, [...names]) &&
    (target.namespace === undefined || isMatch(target.namespace, [object.namespace, '']))
  );
}

function isMatch(pattern: string | undefined, values: readonly string[]): boolean {
  if (pattern === undefined || pattern === '') return true;
  try {
    const expression = new RegExp(`^(?:${pattern})$`);
    return values.some(value => expression.test(value));
  } catch {
    return true;
  }
}

function patchesIn(kustomization: Resource<'kustomize.Kustomization'>): readonly ObjectPatch[] {
  const {
    patches = [],
    patchesJson6902 = [],
    patchesStrategicMerge = [],
    replacements = [],
  } = kustomization.spec;
  const listed = (list: string, items: readonly KustomizePatch[]): readonly ObjectPatch[] =>
    items.flatMap((item, index) => patchesOf(kustomization, [list, index], item));
  const replaced = replacements.flatMap((replacement, index) =>
    // A replacement reads and writes fields of the object, whichever they are.
    selectorsOfReplacement(replacement, kustomization.spec).map(
      (selected): ObjectPatch => ({ kustomization, path: ['replacements', index], ...selected, ...opaque }),
    ),
  );
  const transformed = transformationsIn(kustomization.spec).flatMap(
    ({ path, alone, patches: own, selectors, unknown }): readonly ObjectPatch[] => [
      ...own
        .flatMap(item => patchesOf(kustomization, path, item))
        .map(patch => ({ ...patch, removable: alone })),
      ...selectors.map(selected => ({ kustomization, path, ...selected, ...opaque, removable: alone })),
      ...(unknown === undefined ? [] : [{ kustomization, path, target: {}, ...opaque, unknown }]),
    ],
  );
  return [
    ...listed('patches', patches),
    ...listed('patchesJson6902', patchesJson6902),
    ...listed(
      'patchesStrategicMerge',
      patchesStrategicMerge.map(item => (item.includes('\n') ? { patch: item } : { path: item })),
    ),
    ...replaced,
    ...transformed,
  ];
}

/**
 * The objects that a replacement reads and writes. One with a `path` is in a file of its own, alone or in a list; without the file
 * it may be about any object.
 *
 * @see sigs.k8s.io/kustomize/api/internal/builtins/ReplacementTransformer.go, Config
 */
function selectorsOfReplacement(
  replacement: Replacement,
  { patchFiles = {} }: Kustomization,
): readonly SelectedObjects[] {
  if (replacement.path === undefined) return selectorsOf([replacement]) ?? [];
  const file = ownValue(patchFiles, replacement.path);
  const found = file === undefined ? [] : splitDocuments(file);
  if (found.length === 0) return [{ target: {} }];
  return found.flatMap(document => {
    const { root } = parseDocument(document);
    const value = root === undefined ? undefined : toJson(root);
    return selectorsOf(Array.isArray(value) ? value : [value]) ?? [{ target: {} }];
  });
}

function patchesOf(
  kustomization: ObjectPatch['kustomization'],
  path: FieldPath,
  { path: listed, patch, target }: KustomizePatch,
): readonly ObjectPatch[] {
  const isPlain = kustomization.type === 'kustomize.Kustomization';
  const file = listed === undefined || !isPlain ? undefined : ownValue(kustomization.spec.patchFiles, listed);
  const text = file ?? { path: '', text: patch ?? '' };
  const found = splitDocuments(text).flatMap((document): readonly ObjectPatch[] => {
    const { root } = parseDocument(document);
    if (root === undefined) return [];
    const value = toJson(root);
    const merge = isRecord(value) ? value : undefined;
    const metadataOnly = merge === undefined ? touchesMetadata(value) : isMetadata(merge);
    const operations = Array.isArray(value) ? value : undefined;
    const own = file === undefined ? undefined : document;
    return [{ kustomization, path, target, document: own, merge, operations, metadataOnly, removable: true }];
  });
  if (found.length > 0 || target === undefined) return found;
  // A patch that nobody showed us may do anything.
  return [{ kustomization, path, target, ...opaque }];
}

/** An applier that may do anything. */
const opaque = {
  document: undefined,
  merge: undefined,
  operations: undefined,
  metadataOnly: false,
  removable: true,
} as const;

const carried = new Set(['labels', 'annotations']);

function isMetadata(merge: Patch): boolean {
  const { metadata = {} } = merge;
  const fields = Object.keys(merge).every(key => ['apiVersion', 'kind', 'metadata'].includes(key));
  return (
    fields &&
    isRecord(metadata) &&
    Object.keys(metadata).every(key => carried.has(key) || key === 'name' || key === 'namespace')
  );
}

/** Whether all operations of a JSON patch are about labels and annotations. */
function touchesMetadata(value: unknown): boolean {
  const operations: readonly unknown[] = Array.isArray(value) ? value : [value];
  return operations.every(
    operation =>
      isRecord(operation) &&
      [operation['path'], operation['from']].every(
        pointer =>
          pointer === undefined || /^\/metadata\/(?:labels|annotations)(?:\/|$)/.test(String(pointer)),
      ),
  );
}
