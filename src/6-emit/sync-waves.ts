import { type AnyResource, isRoute, nameKey } from '../2-decode/resource.ts';
import { type Facts, syncWave } from '../3-link/facts.ts';
import { backendsOf } from '../3-link/route-backends.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { Output } from './edit.ts';

/** @returns the wave of an object */
export function waveOf({ metadata }: Pick<AnyResource, 'metadata'>): number {
  const wave = Number(metadata.annotations?.[syncWave] ?? 0);
  return Number.isInteger(wave) ? wave : 0;
}

/**
 * Gives routes, and what they need, waves of Argo CD that can be applied one after the other. Argo CD waits for the objects
 * of a wave to be healthy, and a route without its Service or Gateway is not. A VirtualService has no health, so that its
 * wave never mattered.
 *
 * A route moves to the wave of what is there already (Services, Gateways). An object that is made for routes moves to the first
 * wave of those that need it, and a route comes a wave after the Services of versions: a proxy answers 500 for a route that
 * istiod knows before its Service (docs/drill.md).
 *
 * @param versions the Services that stand for subsets, made now or there already, as name keys
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function withSyncWaves<Key>(
  facts: Facts,
  outputs: ReadonlyMap<Key, readonly Output[]>,
  versions: ReadonlySet<string>,
): ReadonlyMap<Key, readonly Output[]> {
  if (!facts.hasSyncWaves) return outputs;
  const all = [...outputs.values()].flat();
  const waves = new Map<AnyResource, number>();
  const first = new Map<string, number>();
  for (const { resource } of all) {
    if (!isRoute(resource)) continue;
    const needs = needsOf(resource);
    const wave = Math.max(waveOf(resource), ...needs.flatMap(need => waveThere(facts, need)));
    waves.set(resource, wave);
    for (const need of needs) first.set(need, Math.min(wave, first.get(need) ?? wave));
  }
  const earliest = Math.min(0, ...waves.values());
  const made = new Map(
    all.flatMap(({ resource }) =>
      resource.type === 'core.Service' ? [[nameKey(resource), resource] as const] : [],
    ),
  );
  const waveFor = (resource: AnyResource): number => {
    if (isRoute(resource)) {
      const services = needsOf(resource).filter(need => versions.has(need));
      const before = services.flatMap(need => {
        const service = made.get(need);
        return service === undefined ? waveThere(facts, need) : [waveFor(service)];
      });
      return Math.max(waves.get(resource) ?? waveOf(resource), ...before.map(wave => wave + 1));
    }
    const service = serviceOf(resource);
    const needed = service === undefined ? earliest : first.get(service);
    return Math.min(waveOf(resource), needed ?? waveOf(resource));
  };
  return new Map(
    [...outputs].map(([key, own]) => [
      key,
      own.map(output => ({ ...output, resource: inWave(output.resource, waveFor(output.resource)) })),
    ]),
  );
}

/** The Service that an object is, or that a DestinationRule is for, as a name key. */
function serviceOf(resource: AnyResource): string | undefined {
  if (resource.type === 'core.Service') return nameKey(resource);
  if (resource.type !== 'istio.DestinationRule') return undefined;
  return nameKey({ type: 'core.Service', namespace: resource.namespace, name: resource.spec.host });
}

/** The Services and Gateways that a route names, as name keys. */
function needsOf(
  route: Extract<AnyResource, { readonly spec: { readonly parentRefs?: unknown } }>,
): readonly string[] {
  const parents = (route.spec.parentRefs ?? []) as readonly gateway.ParentReference[];
  return [
    ...parents.map(({ kind = 'Gateway', namespace = route.namespace, name }) =>
      nameKey({ type: kind === 'Service' ? 'core.Service' : 'gateway.Gateway', namespace, name }),
    ),
    ...backendsOf(route).map(({ namespace = route.namespace, name }) =>
      nameKey({ type: 'core.Service', namespace, name }),
    ),
  ];
}

/** The wave of an object that is there, or of the Istio Gateway whose place a Gateway takes. */
function waveThere({ byName }: Facts, key: string): readonly number[] {
  const found = byName.get(key) ?? byName.get(key.replace(/^gateway\.Gateway /, 'istio.Gateway '));
  return found === undefined ? [] : [waveOf(found)];
}

function inWave(resource: AnyResource, wave: number): AnyResource {
  if (wave === waveOf(resource)) return resource;
  const annotations = { ...resource.metadata.annotations, [syncWave]: String(wave) };
  return { ...resource, metadata: { ...resource.metadata, annotations } };
}
