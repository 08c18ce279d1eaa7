import { applyChange, type Change } from './plan.ts';
import type { State } from './whole-cluster.ts';

/** More VirtualServices have too many orders to try. */
const most = 6;

/**
 * Whether VirtualServices can go one after the other, in any order, so that each state on the way is right. Where two lists of a
 * gateway have an entry for every request, and one of them others besides, there may be none: the plan waits before it deletes
 * until nobody asks the old Pods any more.
 *
 * @param before all that comes is there, and nothing that goes is gone
 * @param isRight asked once for each state
 */
export async function hasOrder(
  before: State,
  after: State,
  deletions: readonly Change[],
  isRight: (state: State) => Promise<boolean>,
): Promise<boolean> {
  if (deletions.length > most) return true;
  const known = new Map<number, boolean>();
  const all = 2 ** deletions.length - 1;
  const leadsOn = async (gone: number): Promise<boolean> => {
    if (gone === all) return true;
    const earlier = known.get(gone);
    if (earlier !== undefined) return earlier;
    const state = deletions
      .filter((_, index) => (gone & (1 << index)) !== 0)
      .reduce((one, change) => applyChange(one, change, after), before);
    let found = gone === 0 || (await isRight(state));
    if (found) {
      found = false;
      for (let index = 0; index < deletions.length && !found; index += 1)
        if ((gone & (1 << index)) === 0) found = await leadsOn(gone | (1 << index));
    }
    known.set(gone, found);
    return found;
  };
  return leadsOn(0);
}
