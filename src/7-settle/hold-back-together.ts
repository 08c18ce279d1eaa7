import { placeOf } from '../2-decode/place-of.ts';
import type { Groups } from '../3-link/groups.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { isHeld, isReadNowhere, type Unit } from './unit.ts';

/** The members of a group that may convert, and those that stay in any case. */
export interface GroupUnits {
  readonly units: readonly Unit[];
  /** Owned by a controller, or only read with `--with`. */
  readonly kept: readonly ResolvedVirtualService[];
}

/** Puts units together as their VirtualServices belong together. */
export function groupUnitsOf(groups: Groups, units: readonly Unit[]): readonly GroupUnits[] {
  const unitOf = new Map(units.map(unit => [unit.vs, unit]));
  return groups.all.flatMap(({ members }) => {
    const own = members.flatMap(vs => unitOf.get(vs) ?? []);
    return own.length === 0 ? [] : [{ units: own, kept: members.filter(vs => !unitOf.has(vs)) }];
  });
}

/**
 * An object that stays as it is holds back all that belong together with it. One that nobody reads today is left to the proof, in
 * which it stays beside the routes of the others.
 */
export function holdBackTogether(groups: Groups, grouped: readonly GroupUnits[]): void {
  const { sharedHost } = groups;
  for (const { units, kept } of grouped) {
    const staying = [
      ...kept,
      ...units.filter(unit => isHeld(unit) && !isReadNowhere(unit)).map(({ vs }) => vs),
    ];
    if (staying.length === 0) continue;
    for (const unit of units) {
      if (isHeld(unit)) continue;
      const sharing = staying.find(vs => sharedHost(unit.vs, vs) !== undefined) ?? staying[0];
      if (sharing !== undefined) reportStaying(groups, unit, sharing);
    }
  }
}

/** Holds a VirtualService back beside one that stays. */
export function reportStaying(
  { sharedHost }: Groups,
  { vs, report }: Unit,
  staying: ResolvedVirtualService,
): void {
  const shared = sharedHost(vs, staying);
  const host = shared ?? vs.hosts[0] ?? '';
  const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(host)));
  const other = `VirtualService ${staying.namespace}/${staying.name}`;
  const related =
    staying.resource.source === undefined
      ? []
      : [{ message: 'not converted', place: placeOf(staying.resource, 'metadata', 'name') }];
  report('host-shared-with-held-back', place, { host, other }, related);
}
