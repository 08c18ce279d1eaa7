import { parseDocument } from 'yaml';
import { type Manifest, toManifest } from './manifest.ts';
import type { ObjectEdits } from './object-edits.ts';

/**
 * The manifests that are written for an object between braces. The keys of an object that takes its place, and those of
 * its metadata, have the order that they had.
 *
 * @param body the text of the object, as it stands in the file
 */
export function manifestsLike(body: string, { replaced = [], appended }: ObjectEdits): readonly Manifest[] {
  const old: unknown = replaced.length === 0 ? {} : parseDocument(body, { logLevel: 'silent' }).toJS();
  const likeOld = ({ spec, ...around }: Manifest): Manifest => {
    const { spec: _spec, ...order } = isMap(old) ? old : {};
    const ordered = inOrderOf(order, around) as Omit<Manifest, 'spec'>;
    return spec === undefined ? ordered : { ...ordered, spec };
  };
  return [
    ...replaced.map(output =>
      output.origins.length === 0 ? toManifest(output.resource) : likeOld(toManifest(output.resource)),
    ),
    ...appended.map(({ resource }) => toManifest(resource)),
  ];
}

function inOrderOf(old: unknown, value: unknown): unknown {
  if (!isMap(old) || !isMap(value)) return value;
  const keys = [
    ...Object.keys(old).filter(key => Object.hasOwn(value, key)),
    ...Object.keys(value).filter(key => !Object.hasOwn(old, key)),
  ];
  return Object.fromEntries(keys.map(key => [key, inOrderOf(old[key], value[key])]));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
