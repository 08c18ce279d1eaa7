import { placeOf } from '../2-decode/place-of.ts';
import type { Output } from '../6-emit/edit.ts';
import { deviations, type Implementation, implementations } from '../implementations/deviations.ts';
import {
  deviationsOfGRPCRoute,
  deviationsOfHTTPRoute,
  type FoundDeviation,
} from '../implementations/find-deviations.ts';
import { implementationsOf } from '../implementations/profiles.ts';
import type { Options } from '../options.ts';
import type { Unit } from './unit.ts';

/** Declares what implementations of the profile are known to do otherwise with the routes of a VirtualService. */
export function reportDeviations(unit: Unit, outputs: readonly Output[], profile: Options['profile']): void {
  const wanted = implementationsOf(profile);
  if (wanted.length === 0) return;
  const told = new Set<string>();
  for (const { resource } of outputs) {
    for (const found of deviationsOf(resource, wanted)) {
      for (const name of found.implementations) {
        const key = `${found.id} ${name}`;
        if (told.has(key)) continue;
        told.add(key);
        const { behaviour, promise } = deviations.find(({ id }) => id === found.id) ?? {};
        const { title, version } = implementations[name];
        unit.report('implementation-deviates', placeOf(unit.vs.resource, 'spec', 'http'), {
          implementation: `${title} ${version}`,
          behaviour: behaviour?.[name] ?? '',
          promise: wordsOf(promise ?? ''),
          route: `${resource.kind} ${resource.namespace}/${resource.name}`,
        });
      }
    }
  }
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
