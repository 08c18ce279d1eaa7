import type { Part } from '../suggest/changes.ts';
import { REMOVED_IN_USE, removedInUse } from '../suggest/convertible.ts';
import type { DiffFile } from '../suggest/diff.ts';
import type { ChangeItem, Item, LossItem } from '../suggest/items.ts';
import { offeredParts } from '../suggest/offered.ts';

/** The changes of a pull request; undefined for a whole tree. */
export type Diff = readonly DiffFile[] | undefined;

/** The rule of what a pull request takes away from VirtualServices that stay; it is no diagnostic of the catalog. */
export const lossRule = {
  id: REMOVED_IN_USE,
  shortDescription: { text: removedInUse.message },
  fullDescription: { text: removedInUse.why },
  help: {
    text: `${removedInUse.why}\n${removedInUse.remedy}`,
    markdown: `**Why.** ${removedInUse.why}\n\n**Action.** ${removedInUse.remedy}`,
  },
  defaultConfiguration: { level: 'error' },
  properties: { tags: ['istio'], precision: 'very-high', 'problem.severity': 'error' },
} as const;

/** @returns what is taken away, each at the line that goes, or that follows it */
export function lossesIn(items: readonly Item[]): readonly LossItem[] {
  return items.filter(item => item.kind === 'loss');
}

/** The region of a loss: one line. */
export function lossRegion({ line }: LossItem) {
  return { startLine: line, startColumn: 1, endLine: line + 1, endColumn: 1 };
}

/**
 * The parts of a fix, which are made at once. On a pull request it has what is offered there.
 *
 * @returns undefined where a part is not in the diff
 */
export function fixedParts(item: ChangeItem, diff: Diff): readonly Part[] | undefined {
  if (diff === undefined) return item.change.parts;
  const edited = diff.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
  const parts = offeredParts(item);
  return parts.every(({ file }) => edited.includes(file.path)) ? parts : undefined;
}
