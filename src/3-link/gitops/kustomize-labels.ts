import type { AnyResource } from '../../2-decode/resource.ts';
import { ownValue } from '../../yaml/own-value.ts';
import { type Applier, appliersOf } from './appliers.ts';

/** The kustomizations that add labels to the selectors of Services. */
export type SelectorLabels = readonly Applier[];

/** @returns those that label what Services select by; empty where nobody does */
export function selectorLabelsOf(resources: readonly AnyResource[]): SelectorLabels {
  return appliersOf(resources).filter(({ selectorLabels }) => Object.keys(selectorLabels).length > 0);
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
  const apart = labels.filter(
    ({ reaches, selectorLabels }) =>
      Object.entries(selectorLabels).some(([key, value]) => ownValue(own, key) !== value) &&
      reaches(file) !== reaches(other),
  );
  // Those of the first Service come first.
  return apart.find(({ reaches }) => reaches(file)) ?? apart[0];
}
