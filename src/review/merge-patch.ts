import { isRecord } from '../yaml/yaml-node.ts';

/** The mark of an object to remove: `$patch: delete` in its place. */
export const deleted = Symbol('deleted');

/**
 * Applies a strategic merge patch. Kinds of CRDs merge as in a JSON merge patch: mappings key by key, lists as a whole. The
 * ports of a Service merge by their number.
 *
 * @returns the object as it is then, or `deleted`
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function mergePatch(value: unknown, patch: unknown, path: readonly string[] = []): unknown {
  if (!isRecord(patch)) return patch;
  const { $patch: directive, ...fields } = patch;
  if (directive === 'delete') return deleted;
  const base: Readonly<Record<string, unknown>> = directive === 'replace' || !isRecord(value) ? {} : value;
  const result = new Map<string, unknown>(Object.entries(base));
  for (const [name, part] of Object.entries(fields)) {
    const merged =
      part === null
        ? deleted
        : isPorts([...path, name], part)
          ? mergePorts(base[name], part)
          : mergePatch(base[name], part, [...path, name]);
    if (merged === deleted) result.delete(name);
    else result.set(name, merged);
  }
  return Object.fromEntries(result);
}

/** The path begins with the kind. */
function isPorts(path: readonly string[], part: unknown): part is readonly unknown[] {
  return path.join('.') === 'Service.spec.ports' && Array.isArray(part);
}

function mergePorts(ports: unknown, patch: readonly unknown[]): readonly unknown[] {
  const merged: unknown[] = Array.isArray(ports) ? [...(ports as readonly unknown[])] : [];
  for (const part of patch) {
    const index = merged.findIndex(port => isRecord(port) && isRecord(part) && port['port'] === part['port']);
    const next = index < 0 ? part : mergePatch(merged[index], part);
    if (next === deleted) merged.splice(index, 1);
    else if (index < 0) merged.push(next);
    else merged[index] = next;
  }
  return merged;
}
