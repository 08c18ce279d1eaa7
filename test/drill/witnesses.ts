import { METHODS } from 'node:http';
import { dataPlanesOf } from '../../src/3-link/data-plane.ts';
import { findService } from '../../src/3-link/registry.ts';
import { collect } from '../../src/diagnostics/locate.ts';
import { defaultOptions } from '../../src/options.ts';
import { readResources } from '../../src/read-resources.ts';
import { exploreTables } from '../../src/semantics/compare.ts';
import { outcomeOf, type Table } from '../../src/semantics/decide.ts';
import { meshTable } from '../../src/semantics/mesh-table.ts';
import { placesBetween } from '../../src/semantics/places.ts';
import { requestFrom } from '../../src/semantics/request.ts';
import { buildWorld, type World } from '../../src/semantics/world.ts';
import type { SourceFile } from '../../src/yaml/source.ts';
import type { Witness } from './pod/load.ts';

/** A witness, and from where it is sent. */
export interface PlacedWitness extends Witness {
  /** For people. */
  readonly place: string;
  /** Of the sidecar or the waypoint; empty at gateways. */
  readonly namespace: string;
}

/**
 * The witness requests of the proof: one for every region that the tables before and after tell apart, at every place that
 * `verify` looks from, with what the model says of it on both sides.
 */
export function witnessesOf(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
): readonly PlacedWitness[] {
  const texts = [resourcesOf(before), resourcesOf(after)] as const;
  const worlds: readonly [World, World] = [worldOf(texts[0]), worldOf(texts[1])];
  const planes = dataPlanesOf(texts[0], worlds[0].mesh.waypoints, undefined);
  const outlook = {
    gatewayMap: [],
    fromOf: (host: string) => {
      const service = findService(worlds[0].registry, host);
      return service === undefined ? ('sidecar' as const) : planes.seenFrom(service);
    },
  };
  const found: PlacedWitness[] = [];
  for (const { label, host, address, client, gateways, isName, before: left, after: right } of placesBetween(
    ...worlds,
    outlook,
  ).all()) {
    const at = gateways !== undefined ? 'gateway' : client === undefined ? 'waypoint' : 'sidecar';
    const service = at === 'gateway' ? undefined : findService(worlds[0].registry, host);
    // At a port that only other Services have, istiod knows a host of a VirtualService by its full name alone.
    const isOthers = service !== undefined && !service.ports.some(({ number }) => number === address.port);
    const asked = isOthers ? { ...address, host: service.host } : address;
    const sent = [
      { place: label, namespace: client ?? homeOf(worlds[0], host), left, right },
      ...(at === 'sidecar' && client !== elsewhere ? seenElsewhere(worlds, host, address.port) : []),
    ];
    for (const { place, namespace, left: old, right: now } of sent)
      for (const { probe, decisions } of exploreTables(old, now, asked, isName).witnesses) {
        const [first, second] = decisions;
        const request = requestFrom(probe, asked);
        if (first === undefined || second === undefined || !isSendable(request.method)) continue;
        found.push({
          id: found.length,
          place,
          at,
          namespace,
          request,
          before: outcomeOf(old, first, request),
          after: outcomeOf(now, second, request),
        });
      }
  }
  return found;
}

/** The namespace of a Service, in which its waypoint is. */
function homeOf({ registry }: World, host: string): string {
  return findService(registry, host)?.namespace ?? '';
}

function isSendable(method: string): boolean {
  return METHODS.includes(method) && method !== 'CONNECT';
}

/**
 * A client in a namespace that no object names: the proof does not tell it from one beside the Service, but while routes and
 * VirtualServices are both there it follows the older of them.
 */
const elsewhere = 'elsewhere';

function seenElsewhere(
  [before, after]: readonly [World, World],
  host: string,
  port: number,
): readonly { place: string; namespace: string; left: Table; right: Table }[] {
  const [old, now] = [findService(before.registry, host), findService(after.registry, host)];
  if (old === undefined || now === undefined) return [];
  const proxy = { kind: 'sidecar', namespace: elsewhere, labels: {} } as const;
  return [
    {
      place: `sidecar in ${elsewhere}`,
      namespace: elsewhere,
      left: meshTable(before, proxy, old, port),
      right: meshTable(after, proxy, now, port),
    },
  ];
}

function resourcesOf(files: readonly SourceFile[]): ReturnType<typeof readResources> {
  const { report } = collect();
  return readResources(files, 'default', report);
}

function worldOf(resources: ReturnType<typeof readResources>): World {
  return buildWorld(resources, {
    defaultPort: undefined,
    versions: new Map(),
    empty: new Set(),
    absent: new Set(),
    profile: defaultOptions.profile,
  });
}
