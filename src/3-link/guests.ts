import type { Facts } from './facts.ts';
import type { ResolvedVirtualService } from './virtual-services.ts';

/**
 * VirtualServices that share a host with others, also through others: what shares a host is decided together, even where
 * it is converted in other company.
 *
 * @param candidates those that may be converted at all
 */
export function guestsOf(
  facts: Facts,
  members: readonly ResolvedVirtualService[],
  candidates: readonly ResolvedVirtualService[],
): readonly ResolvedVirtualService[] {
  const others = new Set(candidates.filter(vs => !members.includes(vs)));
  if (others.size === 0) return [];
  const byKey = new Map<string, ResolvedVirtualService[]>();
  for (const vs of others) {
    for (const key of keysOf(vs)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [vs]);
      else known.push(vs);
    }
  }
  const guests = new Set<ResolvedVirtualService>();
  const open = [...members];
  for (let vs = open.pop(); vs !== undefined; vs = open.pop()) {
    for (const found of keysOf(vs).flatMap(key => byKey.get(key) ?? [])) {
      if (guests.has(found)) continue;
      guests.add(found);
      open.push(found);
    }
  }
  return facts.virtualServices.filter(vs => guests.has(vs));
}

function keysOf({ gateways, hosts }: ResolvedVirtualService): readonly string[] {
  return gateways.flatMap(gateway => hosts.map(host => `${gateway} ${host}`));
}
