import type { Edit } from '../6-emit/edit.ts';
import { nodeAt } from '../yaml/node-at.ts';
import { toJson } from '../yaml/yaml-node.ts';

/** An object as a plan names it. */
export interface NamedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Policies that name the Services of versions among their targetRefs after a conversion. Clusters of these Services lack
 * what the policies say until they are applied.
 *
 * @param edits of a conversion
 * @returns each once, in the order of the edits
 */
export function policiesWithMoreTargets(edits: readonly Edit[]): readonly NamedObject[] {
  const found = new Map<string, NamedObject>();
  for (const edit of edits) {
    if (edit.kind !== 'set-field' || edit.path[1] !== 'targetRefs') continue;
    const { document, path } = edit.source;
    const at = (...field: readonly string[]) => {
      const node = nodeAt(document, [...path, ...field]);
      const value = node === undefined ? undefined : toJson(node);
      return typeof value === 'string' ? value : undefined;
    };
    const [kind, name] = [at('kind'), at('metadata', 'name')];
    if (kind === undefined || name === undefined) continue;
    const object = { kind, namespace: at('metadata', 'namespace') ?? 'default', name };
    found.set(JSON.stringify(object), object);
  }
  return [...found.values()];
}
