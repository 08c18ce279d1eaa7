import { hostsOverlap } from '../../../src/3-link/hostname.ts';
import type { CutOverStep } from '../../../src/reporters/cut-over.ts';
import { applyChange, type Change } from './plan.ts';
import type { State } from './whole-cluster.ts';

/** More VirtualServices have too many orders to try. */
const most = 6;

/** Before the hosts of which the plan says that no order of deleting keeps all their requests. */
const told = /^# Several VirtualServices of a host are merged at the old pods\. .*, in any order: (.*)$/;

/** @returns the hosts of which the plan says so */
export function hostsWithoutOrder(steps: readonly CutOverStep[]): readonly string[] {
  return steps.flatMap(({ commands }) =>
    commands.flatMap(command =>
      (told.exec(command)?.[1] ?? '').split(' ').flatMap(host => host.replaceAll("'", '') || []),
    ),
  );
}

/** The deletions that a host depends on: of VirtualServices for it, and of those that have another host in common with these. */
export function deletionsFor(host: string, state: State, deletions: readonly Change[]): readonly Change[] {
  const hostsOf = ({ key }: Change) =>
    ((state.get(key)?.['spec'] ?? {}) as { readonly hosts?: readonly string[] }).hosts ?? [];
  let hosts: readonly string[] = [host];
  for (;;) {
    const found = deletions.filter(change =>
      hostsOf(change).some(own => hosts.some(one => hostsOverlap(own, one))),
    );
    const all = [...new Set([...hosts, ...found.flatMap(hostsOf)])];
    if (all.length === hosts.length) return found;
    hosts = all;
  }
}

/**
 * Whether VirtualServices can go one after the other, in some order, so that each state on the way is right. Of too many nobody
 * tries that.
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
  if (deletions.length > most) return false;
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
