import { fieldOf, type YamlNode } from '../../yaml/yaml-node.ts';
import { checked, type Decoder, int32, isNull } from '../decoder.ts';

/** The share of a destination, relative to the others: any sum will do. */
export const weight = checked(int32, (value, at) => {
  if (value < 0) at.report('count-negative', { field: at.name, value });
});

/** A destination on its own gets everything; of several, one without a weight gets nothing. */
export function withWeights<T extends { readonly weight?: number }>(
  destinations: Decoder<readonly T[]>,
): Decoder<readonly T[]> {
  return {
    ...destinations,
    read(node, at) {
      const value = destinations.read(node, at);
      if (value === undefined || value.length < 2) return value;
      const total = value.reduce((sum, destination) => sum + (destination.weight ?? 0), 0);
      if (total === 0 && !isWeightUnread(node, value)) at.report('weights-all-zero', {});
      return value;
    },
  };
}

/** Whether a weight is written that is no number, such as a placeholder: it is not known whether that is 0. */
function isWeightUnread(node: YamlNode, destinations: readonly { readonly weight?: number }[]): boolean {
  if (node.kind !== 'sequence') return false;
  return node.items.some((item, index) => {
    const written = fieldOf(item, 'weight');
    return written !== undefined && !isNull(written) && destinations[index]?.weight === undefined;
  });
}
