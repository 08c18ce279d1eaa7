import type { AnyResource } from '../2-decode/resource.ts';
import { type Applier, appliersOf } from './appliers.ts';

/** What adds labels to the selectors of the Services in a file. */
export type SelectorLabels = ReadonlyMap<string, readonly Applier[]>;

/** @returns for each file those that label what its Services select by; empty where nobody does */
export function selectorLabelsOf(resources: readonly AnyResource[]): SelectorLabels {
  const byFile = new Map<string, Applier[]>();
  for (const applier of appliersOf(resources)) {
    if (Object.keys(applier.selectorLabels).length === 0) continue;
    for (const file of applier.files()) byFile.set(file, [...(byFile.get(file) ?? []), applier]);
  }
  return byFile;
}

/**
 * Looks for what labels the selector of one Service and not that of another.
 *
 * @param own a label that a Service has in its selector anyway makes no difference
 */
export function labelledApart(
  labels: SelectorLabels,
  file: string,
  other: string,
  own: Readonly<Record<string, string>>,
): Applier | undefined {
  const [mine, theirs] = [labels.get(file) ?? [], labels.get(other) ?? []];
  const apart = [...mine.filter(one => !theirs.includes(one)), ...theirs.filter(one => !mine.includes(one))];
  return apart.find(({ selectorLabels }) =>
    Object.entries(selectorLabels).some(([key, value]) => own[key] !== value),
  );
}
