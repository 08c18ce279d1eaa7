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
  if (items.length < 2) return;
  const keys = unique === 'set' ? unique : unique.toSorted();
  const times = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item, keys);
    const seen = times.get(key) ?? 0;
    times.set(key, seen + 1);
    // The second of several is told, and no more.
    if (seen === 1) refuse({ path: [...path, index], type: 'Duplicate value', detail: key });
  }
}

/** @param keys the fields that tell items apart, in the order in which the API server prints them */
function keyOf(item: unknown, keys: NonNullable<Schema['unique']>): string {
  if (keys === 'set') return JSON.stringify(item);
  const own = isRecord(item) ? keys.filter(name => Object.hasOwn(item, name)) : [];
  return JSON.stringify(Object.fromEntries(own.map(name => [name, isRecord(item) ? item[name] : undefined])));
}
