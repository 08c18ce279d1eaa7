import { isRecord } from '../yaml/yaml-node.ts';
import type { Refusal, Schema } from './schema.ts';

/**
 * Looks for items that a list has twice: equal ones in a set, ones with equal keys in a map.
 *
 * @see k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go
 */
export function checkItems(
  items: readonly unknown[],
  unique: NonNullable<Schema['unique']>,
  path: Refusal['path'],
  refuse: (refusal: Refusal) => void,
): void {
  const stranger = unique === 'set' ? -1 : items.findIndex(item => item !== null && !isRecord(item));
  if (stranger >= 0) {
    const detail = 'must be an object for an array of list-type map';
    refuse({ path: [...path, stranger], type: 'Invalid value', detail });
    return;
  }
  const times = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item, unique);
    const seen = times.get(key) ?? 0;
    times.set(key, seen + 1);
    // The second of several is told, and no more.
    if (seen === 1) refuse({ path: [...path, index], type: 'Duplicate value', detail: key });
  }
}

function keyOf(item: unknown, unique: NonNullable<Schema['unique']>): string {
  if (unique === 'set') return JSON.stringify(item);
  const keys = isRecord(item) ? unique.filter(name => Object.hasOwn(item, name)).toSorted() : [];
  return JSON.stringify(
    Object.fromEntries(keys.map(name => [name, isRecord(item) ? item[name] : undefined])),
  );
}
