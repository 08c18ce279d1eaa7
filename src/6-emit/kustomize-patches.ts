import type { AnyResource } from '../2-decode/resource.ts';
import type { ObjectPatch } from '../3-link/gitops/kustomize-patches.ts';
import { groupBy } from '../3-link/group-by.ts';
import type { Source } from '../yaml/source.ts';
import type { Edit, Output } from './edit.ts';
import { toManifest } from './manifest.ts';
import { printYaml } from './print.ts';

/** The objects that replace an object; undefined for one that stays. */
export type Successors = (object: AnyResource) => readonly Output[] | undefined;

/**
 * Mends the kustomize patches of objects that a conversion takes away: one of labels and annotations goes over to the
 * routes; any other is taken out of its kustomization, since the object was converted in spite of it.
 */
export function patchEdits(
  patches: ReadonlyMap<AnyResource, readonly ObjectPatch[]>,
  successorsOf: Successors,
): readonly Edit[] {
  const uses = [...patches].flatMap(([object, own]) =>
    own.filter(({ unknown }) => unknown === undefined).map(patch => ({ object, patch })),
  );
  return [...groupBy(uses, ({ patch }) => identityOf(patch)).values()].flatMap(own => {
    const [{ patch } = {}] = own;
    if (patch === undefined) return [];
    const { source } = patch.kustomization;
    const gone = own.flatMap(({ object }) => successorsOf(object) ?? []);
    const stays = own.some(({ object }) => successorsOf(object) === undefined);
    if (source === undefined || own.every(({ object }) => successorsOf(object) === undefined)) return [];
    const heirs = gone.filter(({ resource }) => /Route$|^Gateway$/.test(resource.kind));
    if (!patch.metadataOnly || heirs.length === 0) return stays ? [] : removed(patch, source);
    if (patch.kustomization.type !== 'kustomize.Kustomization' || isOfPlugin(patch)) return [];
    if (patch.target === undefined) return renamed(patch, source, heirs);
    return retargeted(patch, source, heirs, stays);
  });
}

/** Alternatives are looked at one by one, and each time a patch is found anew. */
function identityOf({ kustomization, path, document }: ObjectPatch): string {
  return JSON.stringify([kustomization.source?.document.file.path, path, document?.index]);
}

/** Files that `transformers`, `labels` and `configurations` list are no patches that could be rewritten in their place. */
export function isOfPlugin({ path: [list] }: ObjectPatch): boolean {
  return list === 'transformers' || list === 'labels' || list === 'configurations';
}

function removed(patch: ObjectPatch, source: Source): readonly Edit[] {
  const { path, target, document } = patch;
  if (isOfPlugin(patch))
    return patch.removable && path[0] === 'transformers' ? [{ kind: 'remove-field', source, path }] : [];
  // A file can hold patches of other objects, too.
  if (target === undefined && document !== undefined)
    return [{ kind: 'replace', source: { document, path: [] }, outputs: [] }];
  return [{ kind: 'remove-field', source, path }];
}

/** A patch that names its object itself gives way to one for each heir. */
function renamed(patch: ObjectPatch, source: Source, heirs: readonly Output[]): readonly Edit[] {
  const { document, path, merge } = patch;
  const own = metadataOf(merge);
  const objects = heirs.map(({ resource }): AnyResource => {
    const metadata = { ...own, name: resource.name };
    return { ...resource, metadata, spec: {} } as AnyResource;
  });
  if (document !== undefined) {
    const home = { document, path: [] };
    const outputs = objects.map(resource => ({ resource, home, origins: [] }));
    return [{ kind: 'replace', source: home, outputs }];
  }
  const value = objects.map(object => printYaml(toManifest(object))).join('---\n');
  const field = path[0] === 'patchesStrategicMerge' ? path : [...path, 'patch'];
  return [{ kind: 'set-field', source, path: field, value }];
}

function metadataOf(merge: ObjectPatch['merge']): object {
  const metadata = merge?.['metadata'];
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}

/** A patch with a selector gets another one; where it also selects what stays, a second patch has it. */
function retargeted(
  { path, target = {}, kustomization }: ObjectPatch,
  source: Source,
  heirs: readonly Output[],
  stays: boolean,
): readonly Edit[] {
  const [list = '', index = 0] = path;
  const items: unknown = Object.entries(kustomization.spec).find(([name]) => name === list)?.[1];
  const [first] = heirs;
  if (!Array.isArray(items) || first === undefined) return [];
  const [group = '', version = ''] = first.resource.apiVersion.split('/');
  const selector = {
    ...target,
    ...(target.group === undefined ? {} : { group }),
    ...(target.version === undefined ? {} : { version }),
    kind: alternatives(heirs.map(({ resource }) => resource.kind)),
    name: alternatives(heirs.map(({ resource }) => resource.name)),
  };
  if (stays)
    return [
      {
        kind: 'set-field',
        source,
        path: [list, items.length],
        value: { ...items[Number(index)], target: selector },
      },
    ];
  return Object.entries(selector).map(([key, value]) => ({
    kind: 'set-field',
    source,
    path: [...path, 'target', key],
    value,
  }));
}

/** Selectors are regular expressions. */
function alternatives(values: readonly string[]): string {
  return [...new Set(values)].join('|');
}
