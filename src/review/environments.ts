import type { AnyResource } from '../2-decode/resource.ts';
import { nameKey } from '../2-decode/resource.ts';

/** Objects that are applied together: an overlay, or the plain manifests of a folder. */
export interface Unit {
  /** Its folder, with `/` between the parts. */
  readonly folder: string;
  readonly resources: readonly AnyResource[];
}

/** Units that can be in one cluster together. */
export interface Environment {
  /** `prod`; empty where there is only one. */
  readonly name: string;
  /** The positions of its units. */
  readonly units: readonly number[];
}

/**
 * Tells environments apart: two overlays that have the same object cannot be in one cluster. The first part in which the paths
 * of such overlays differ names the environments, and an overlay whose path has none of these names is in all of them.
 */
export function environmentsOf(units: readonly Unit[]): readonly Environment[] {
  const owners = new Map<string, number[]>();
  for (const [index, { resources }] of units.entries()) {
    for (const key of new Set(resources.filter(isApplied).map(nameKey))) {
      const known = owners.get(key);
      if (known === undefined) owners.set(key, [index]);
      else known.push(index);
    }
  }
  const rivals = [...owners.values()].filter(indices => indices.length > 1);
  const all = [...units.keys()];
  if (rivals.length === 0) return [{ name: '', units: all }];
  const names = new Set<string>();
  for (const indices of rivals) {
    const folders = indices.map(index => (units[index]?.folder ?? '').split('/'));
    const length = Math.max(...folders.map(parts => parts.length));
    const at = [...Array(length).keys()].find(part => new Set(folders.map(parts => parts[part])).size > 1);
    if (at !== undefined) for (const parts of folders) names.add(parts[at] ?? '');
  }
  const isNamed = (folder: string, name: string): boolean =>
    name === '' ? folder === '' : folder.split('/').includes(name);
  const isCommon = ({ folder }: Unit): boolean => [...names].every(name => !isNamed(folder, name));
  return [...names].toSorted().map(name => ({
    name: name === '' ? '.' : name,
    units: all.filter(index => {
      const unit = units[index];
      return unit !== undefined && (isNamed(unit.folder, name) || isCommon(unit));
    }),
  }));
}

function isApplied({ type }: AnyResource): boolean {
  return !['core.Namespace', 'kustomize.Kustomization', 'flux.Kustomization', 'argo.Application'].includes(
    type,
  );
}
