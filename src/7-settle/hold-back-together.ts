import type { Facts } from '../3-link/facts.ts';
import { gatewayScopes, meshScopes } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { sharedHosts } from '../5-order/shared-hosts.ts';
import { placeOf } from '../diagnostics/diagnostic.ts';
import { isHeld, type Unit } from './unit.ts';

/** One that is held back holds back all that share a host with it. */
export function holdBackTogether(groups: readonly (readonly Unit[])[]): void {
  for (const group of groups) {
    const held = group.find(isHeld);
    if (held === undefined) continue;
    for (const unit of group.filter(other => !isHeld(other))) {
      const theirs = new Set(sharedHosts(held.vs, held.scopes).map(({ key }) => key));
      const shared = sharedHosts(unit.vs, unit.scopes).find(({ key }) => theirs.has(key));
      const host = shared?.host ?? unit.vs.hosts[0] ?? '';
      const place = placeOf(unit.vs.resource, 'spec', 'hosts', Math.max(0, unit.vs.hosts.indexOf(host)));
      const other = `VirtualService ${held.vs.namespace}/${held.vs.name}`;
      const related = [
        { message: 'this is held back', place: placeOf(held.vs.resource, 'metadata', 'name') },
      ];
      unit.report('host-shared-with-held-back', place, { host, other }, related);
    }
  }
}

/** What is not to be converted, since a controller owns it or it is only shown, keeps its hosts as they are. */
export function holdBackBesideKept(facts: Facts, units: readonly Unit[]): void {
  const members = new Set(units.map(({ vs }) => vs));
  const kept = new Map<string, ResolvedVirtualService>();
  for (const vs of facts.virtualServices) {
    if (members.has(vs) || vs.http.length === 0) continue;
    for (const { key } of sharedHosts(vs, [...meshScopes(facts, vs), ...gatewayScopes(facts, vs)]))
      kept.set(key, vs);
  }
  for (const unit of units) {
    const shared = sharedHosts(unit.vs, unit.scopes).find(({ key }) => kept.has(key));
    const other = shared === undefined ? undefined : kept.get(shared.key);
    if (shared === undefined || other === undefined) continue;
    const place = placeOf(unit.vs.resource, 'spec', 'hosts', Math.max(0, unit.vs.hosts.indexOf(shared.host)));
    const said = `VirtualService ${other.namespace}/${other.name}`;
    unit.report('host-shared-with-held-back', place, { host: shared.host, other: said });
  }
}
