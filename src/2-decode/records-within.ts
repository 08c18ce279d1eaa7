import { isRecord } from '../yaml/yaml-node.ts';

/** Nesting beyond this holds nothing that another object is named by. */
const MOST_LEVELS = 16;

/** @returns the mappings in a value at any level, those within before those around them */
export function recordsWithin(
  value: unknown,
  levels = MOST_LEVELS,
): readonly Readonly<Record<string, unknown>>[] {
  if (levels === 0 || typeof value !== 'object' || value === null) return [];
  const within = Object.values(value).flatMap(one => recordsWithin(one, levels - 1));
  return isRecord(value) ? [...within, value] : within;
}
