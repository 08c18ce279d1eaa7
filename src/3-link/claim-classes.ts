import { canonicalJson } from './canonical.ts';
import { ownerOf } from './gitops/ownership.ts';
import { groupBy } from './group-by.ts';
import { byAge, isOlder, type ResolvedVirtualService } from './virtual-services.ts';

/** VirtualServices that claim one host for the same clients: others lie to all of them alike. */
export interface ClaimClass {
  /** The older first; those that do not tell their age come before all others. */
  readonly members: readonly ResolvedVirtualService[];
  readonly positions: ReadonlyMap<ResolvedVirtualService, number>;
  /** How many do not tell their age. */
  readonly undated: number;
  /** The ports that their entries are for; undefined where one is for all ports. */
  readonly ports: ReadonlySet<number> | undefined;
  /** Those that say the same as one of them, itself included. */
  readonly sayingSame: (vs: ResolvedVirtualService) => SameRules | undefined;
}

interface SameRules {
  readonly members: readonly ResolvedVirtualService[];
  readonly positions: ReadonlyMap<ResolvedVirtualService, number>;
  readonly undated: number;
}

/** Some members of a class, which are not listed unless somebody asks. */
export interface Rivals {
  readonly count: number;
  readonly first: () => ResolvedVirtualService | undefined;
  readonly list: () => readonly ResolvedVirtualService[];
}

/** @returns everything that a VirtualService has a proxy do, and for whom, as a key */
export function saidBy({ http, tls, tcp, exportTo }: ResolvedVirtualService): string {
  return canonicalJson([http.map(entry => entry.http), tls, tcp, [...exportTo].sort()]);
}

/**
 * Sorts the VirtualServices that claim one host by who sees them. A VirtualService that a controller owns stays as it is, which
 * is said elsewhere, and is in no class.
 *
 * @param hasSidecars whether namespace and hosts of a VirtualService decide who sees it, too
 */
export function claimClasses(
  claimants: readonly ResolvedVirtualService[],
  hasSidecars: boolean,
): readonly ClaimClass[] {
  const speaking = claimants.filter(
    ({ http, resource }) => http.length > 0 && ownerOf(resource) === undefined,
  );
  const classes = groupBy(speaking, vs => {
    const { exportTo, namespace, hosts } = vs;
    const isForAll = exportTo.includes('*') && !hasSidecars;
    const ports = [...(portsOf(vs) ?? [])].sort((a, b) => a - b);
    return canonicalJson([[...exportTo].sort(), ports, ...(isForAll ? [] : [namespace, hosts])]);
  });
  return [...classes.values()].map((unsorted): ClaimClass => {
    const sorted = sortedByAge(unsorted);
    const [first] = unsorted;
    let bySaid: ReadonlyMap<string, SameRules> | undefined;
    return {
      ...sorted,
      ports: first === undefined ? undefined : portsOf(first),
      sayingSame: vs => {
        bySaid ??= new Map(
          [...groupBy(sorted.members, saidBy)].map(([said, same]) => [said, sortedByAge(same)] as const),
        );
        return bySaid.get(saidBy(vs));
      },
    };
  });
}

/**
 * The ports at which a VirtualService has entries in the mesh. At other ports a sidecar asks the next VirtualService of the host.
 *
 * @returns undefined where an entry is for all ports
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, buildSidecarVirtualHostsForVirtualService
 */
export function portsOf({ http }: ResolvedVirtualService): ReadonlySet<number> | undefined {
  const ports = new Set<number>();
  for (const {
    http: { match = [] },
  } of http) {
    if (match.length === 0) return undefined;
    for (const { port, gateways = [] } of match) {
      if (gateways.length > 0 && !gateways.includes('mesh')) continue;
      if (!port) return undefined;
      ports.add(port);
    }
  }
  return ports;
}

function sortedByAge(unsorted: readonly ResolvedVirtualService[]): SameRules {
  const members = unsorted.toSorted(byAge);
  return {
    members,
    positions: new Map(members.map((vs, index) => [vs, index])),
    undated: members.filter(({ resource }) => resource.metadata.creationTimestamp === undefined).length,
  };
}

/** @returns the members of a class but one */
export function allIn({ members, positions }: SameRules, vs: ResolvedVirtualService): Rivals {
  return between(members, 0, members.length, positions.get(vs));
}

/**
 * The members of a class by how they stand to a VirtualService of the same clients.
 *
 * @returns those that are older; those of which nobody knows whether they are; and of the latter those that say the same
 * and come first by their names
 */
export function rivalsIn(
  claims: ClaimClass,
  vs: ResolvedVirtualService,
): { readonly older: Rivals; readonly unknown: Rivals; readonly same: Rivals } {
  const { members, undated, positions } = claims;
  if (members.length === 1 && members[0] === vs) return { older: nobody, unknown: nobody, same: nobody };
  const isDated = vs.resource.metadata.creationTimestamp !== undefined;
  const unknown = isDated
    ? between(members, 0, undated)
    : between(members, 0, members.length, positions.get(vs));
  const saying = claims.sayingSame(vs);
  const alike =
    saying === undefined
      ? nobody
      : isDated
        ? between(saying.members, 0, saying.undated)
        : between(saying.members, 0, saying.members.length, saying.positions.get(vs));
  const before =
    saying === undefined ? 0 : firstNot(saying.members, 0, saying.undated, one => byAge(one, vs) < 0);
  return {
    older: isDated
      ? between(
          members,
          undated,
          firstNot(members, undated, members.length, one => one !== vs && isOlder(one, vs) === true),
        )
      : nobody,
    unknown: without(unknown, alike, claims, vs),
    same: between(saying?.members ?? [], 0, before),
  };
}

/** As `rivalsIn` for a VirtualService that all members of a class come before, whatever their ages. */
export function allAsOlder(claims: ClaimClass, vs: ResolvedVirtualService): ReturnType<typeof rivalsIn> {
  const all = allIn(claims, vs);
  const saying = claims.sayingSame(vs);
  const same = saying === undefined ? nobody : allIn(saying, vs);
  return { older: without(all, same, claims, vs), unknown: nobody, same };
}

const nobody: Rivals = { count: 0, first: () => undefined, list: () => [] };

/** @returns the first place in a part of a list at which something does not hold that holds for all before it */
function firstNot(
  members: readonly ResolvedVirtualService[],
  start: number,
  end: number,
  holds: (member: ResolvedVirtualService) => boolean,
): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    const member = members[middle];
    if (member !== undefined && holds(member)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param left position of a member that is left out */
function between(members: readonly ResolvedVirtualService[], start: number, end: number, left = -1): Rivals {
  const isLeft = left >= start && left < end;
  const count = end - start - (isLeft ? 1 : 0);
  return {
    count,
    first: () => (count > 0 ? members[left === start ? start + 1 : start] : undefined),
    list: () => members.slice(start, end).filter((_, index) => start + index !== left),
  };
}

function without(rivals: Rivals, alike: Rivals, claims: ClaimClass, vs: ResolvedVirtualService): Rivals {
  if (alike.count === 0) return rivals;
  const list = (): readonly ResolvedVirtualService[] => {
    const same = claims.sayingSame(vs)?.positions;
    return rivals.list().filter(rival => same?.has(rival) !== true);
  };
  return { count: rivals.count - alike.count, first: () => list()[0], list };
}
