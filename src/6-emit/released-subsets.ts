import type { DestinationRule } from '../3-link/subsets/destination-rules.ts';
import type { Edit } from './edit.ts';

/**
 * The annotation by which `--stage 2a` leaves word for `--stage 2b` of the subsets that the VirtualServices named which it
 * removes: without them nothing else tells these subsets from those of somebody else's VirtualServices.
 */
const annotation = 'vs2route/unused-subsets';

/** @returns the names of subsets that an earlier stage released */
export function releasedBefore({ metadata }: DestinationRule): readonly string[] {
  return (metadata.annotations?.[annotation] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}

/** Notes on a DestinationRule which subsets a later stage takes out of it. */
export function noteReleased(rule: DestinationRule, subsets: readonly string[]): readonly Edit[] {
  const { source } = rule;
  const names = [...new Set([...releasedBefore(rule), ...subsets])];
  if (source === undefined || subsets.length === 0) return [];
  return [
    { kind: 'set-field', source, path: ['metadata', 'annotations', annotation], value: names.join(',') },
  ];
}

/** Takes the note off again. */
export function forgetReleased({ source, metadata: { annotations = {} } }: DestinationRule): readonly Edit[] {
  if (source === undefined || annotations[annotation] === undefined) return [];
  const isAlone = Object.keys(annotations).length === 1;
  const path = ['metadata', 'annotations', ...(isAlone ? [] : [annotation])];
  return [{ kind: 'remove-field', source, path }];
}
