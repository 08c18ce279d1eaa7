import type { Cursor } from '../cursor.ts';
import { checked, int32 } from '../decoder.ts';

/** The share of a destination, relative to the others: any sum will do. */
export const weight = checked(int32, (value, at) => {
  if (value < 0) at.report('count-negative', { field: at.name, value });
});

/** A destination on its own gets everything; of several, one without a weight gets nothing. */
export function checkWeights(destinations: readonly { readonly weight?: number }[], at: Cursor): void {
  const total = destinations.reduce((sum, destination) => sum + (destination.weight ?? 0), 0);
  if (destinations.length > 1 && total === 0) at.report('weights-all-zero', {});
}
