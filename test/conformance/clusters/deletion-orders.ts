import { completeHost } from '../../../src/3-link/host.ts';
import { hostsOverlap, isSubsetOfHost } from '../../../src/3-link/hostname.ts';
import type { CutOverStep } from '../../../src/reporters/cut-over.ts';
import { applyChange, type Change } from './plan.ts';
import type { Spot } from './spots.ts';
import type { State } from './whole-cluster.ts';

/** More VirtualServices have too many orders to try. */
const most = 6;

/** Requests of which the plan says that some proxies treat them otherwise between two deletions. */
export interface Told {
  readonly at: 'old pods' | 'mesh';
  /** The VirtualServices, as `NAMESPACE/NAME`. */
  readonly from: string;
  readonly to: string;
  /** Hosts, or `port NUMBER` or `HOST:NUMBER` for connections without a name. */
  readonly hosts: readonly string[];
}

const told =
  /^# Between deleting (\S+) and (\S+), (the old pods|proxies inside the mesh) treat some requests otherwise, .* Hosts: (.*)$/;

/** @returns all that the plan says of requests between deletions */
export function toldBetween(steps: readonly CutOverStep[]): readonly Told[] {
  return steps.flatMap(({ commands }) =>
    commands.flatMap(command => {
      const [, from = '', to = '', proxies, hosts = ''] = told.exec(command.replaceAll("'", '')) ?? [];
      const at = proxies === 'the old pods' ? 'old pods' : 'mesh';
      return hosts === '' ? [] : [{ at, from, to, hosts: hosts.split(', ') }];
    }),
  );
}

/** Whether the plan says of a host that it changes while these VirtualServices are deleted and no others are. */
export function isTold(
  all: readonly Told[],
  gone: ReadonlySet<string>,
  { kind, host, port, scheme }: Spot,
): boolean {
  const isConnection = scheme === 'tcp' || scheme === 'tls';
  const nameless = kind === 'gateway' ? `port ${port}` : `:${port}`;
  return all.some(
    ({ at, from, to, hosts }) =>
      (at === 'old pods') === (kind === 'gateway') &&
      gone.has(from) &&
      !gone.has(to) &&
      hosts.some(
        one => (isConnection && one.endsWith(nameless)) || (scheme !== 'tcp' && isSubsetOfHost(host, one)),
      ),
  );
}

/**
 * The deletions that a host depends on: of VirtualServices for it, and of those that have another host in common with these.
 *
 * @param host undefined for connections without a name, which depend on all that have entries for connections
 */
export function deletionsFor(
  host: string | undefined,
  state: State,
  deletions: readonly Change[],
): readonly Change[] {
  const specOf = ({ key }: Change) =>
    (state.get(key)?.['spec'] ?? {}) as { readonly [field in 'hosts' | 'tcp' | 'tls']?: readonly string[] };
  const hostsOf = (change: Change) => {
    const [namespace = ''] = change.key.split(' ')[2]?.split('/') ?? [];
    return (specOf(change).hosts ?? []).map(own => completeHost(own, namespace));
  };
  const connecting = deletions.filter(change => {
    const { tcp = [], tls = [] } = specOf(change);
    return tcp.length + tls.length > 0;
  });
  let hosts: readonly string[] = [...new Set(host === undefined ? connecting.flatMap(hostsOf) : [host])];
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
