import type { Part } from './changes.ts';
import type { ChangeItem } from './items.ts';

/**
 * The parts of a change that a pull request is asked to make, the one that everything is told at first. The part that tidies a
 * DestinationRule is none of them: made alone, it would take subsets away from VirtualServices that are still there, and a
 * subset that the pull request adds may be for what comes next.
 */
export function offeredParts({ main, change }: Pick<ChangeItem, 'main' | 'change'>): readonly Part[] {
  const parts = change.parts.filter(part => !isTidying(part));
  if (parts.length === 0) return change.parts;
  return parts.includes(main) ? [main, ...parts.filter(part => part !== main)] : parts;
}

/** @returns the parts that only tidy, such as a DestinationRule whose subsets nothing names afterwards */
export function tidyingParts(item: Pick<ChangeItem, 'main' | 'change'>): readonly Part[] {
  const offered = offeredParts(item);
  return item.change.parts.filter(part => !offered.includes(part));
}

function isTidying({ resources, edits }: Part): boolean {
  const writesNothing = edits.every(edit => !('outputs' in edit) || edit.outputs.length === 0);
  return (
    writesNothing &&
    resources.length > 0 &&
    resources.every(({ resource }) => resource.type === 'istio.DestinationRule')
  );
}
