import { placeOf } from '../2-decode/place-of.ts';
import { groupBy } from '../3-link/group-by.ts';
import type { Output } from '../6-emit/edit.ts';
import { deviations, type Implementation, implementations } from '../implementations/deviations.ts';
import {
  deviationsOfGRPCRoute,
  deviationsOfHTTPRoute,
  type FoundDeviation,
} from '../implementations/find-deviations.ts';
import { implementationsOf } from '../implementations/profiles.ts';
import type { Options } from '../options.ts';
import { deviationsAmong } from './deviations-among.ts';
import type { Unit } from './unit.ts';

/** Declares what implementations of the profile are known to do otherwise with the routes of VirtualServices. */
export function reportDeviations(
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
  profile: Options['profile'],
): void {
  const wanted = implementationsOf(profile);
  if (wanted.length === 0) return;
  const routes = units.flatMap(unit =>
    (outputs.get(unit) ?? []).flatMap(({ resource }) => routeOf(resource)),
  );
  const among = groupBy(deviationsAmong(routes, wanted), ({ route }) => route);
  for (const unit of units) {
    const told = new Set<string>();
    for (const { resource } of outputs.get(unit) ?? []) {
      const ofOthers = routeOf(resource).flatMap(route => among.get(route) ?? []);
      for (const found of [...deviationsOf(resource, wanted), ...ofOthers.map(one => one.found)]) {
        // A portable route of a Service is for any mesh.
        if (found.id === 'route-of-a-service' && profile === 'portable') continue;
        reportDeviation(unit, resource, found, told);
      }
    }
  }
}

/** @param told the deviations of the unit that were told before */
function reportDeviation(
  unit: Unit,
  { kind, namespace, name: route }: Output['resource'],
  { id, implementations: deviating }: FoundDeviation,
  told: Set<string>,
): void {
  for (const name of deviating) {
    const key = `${id} ${name}`;
    if (told.has(key)) continue;
    told.add(key);
    const { behaviour, promise } = deviations.find(deviation => deviation.id === id) ?? {};
    const { title, version } = implementations[name];
    unit.report('implementation-deviates', placeOf(unit.vs.resource, 'spec', 'http'), {
      implementation: `${title} ${version}`,
      behaviour: behaviour?.[name] ?? '',
      promise: wordsOf(promise ?? ''),
      route: `${kind} ${namespace}/${route}`,
    });
  }
}

type Route = Extract<Output['resource'], { readonly type: 'gateway.HTTPRoute' | 'gateway.GRPCRoute' }>;

function routeOf(resource: Output['resource']): readonly Route[] {
  return resource.type === 'gateway.HTTPRoute' || resource.type === 'gateway.GRPCRoute' ? [resource] : [];
}

function deviationsOf(
  resource: Output['resource'],
  wanted: readonly Implementation[],
): readonly FoundDeviation[] {
  if (resource.type === 'gateway.HTTPRoute') return deviationsOfHTTPRoute(resource.spec, wanted);
  return resource.type === 'gateway.GRPCRoute' ? deviationsOfGRPCRoute(resource.spec, wanted) : [];
}

/** A promise says by itself where the specification leaves something open. */
function wordsOf(promise: string): string {
  return promise.startsWith('The specification ') ? promise : `The specification says: ${promise}`;
}
