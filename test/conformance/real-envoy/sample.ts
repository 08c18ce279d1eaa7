import { METHODS } from 'node:http';
import type { Request } from '../../../src/semantics/request.ts';
import type { World } from '../../../src/semantics/world.ts';
import { toEnvoyRequest } from '../../envoy/request.ts';
import { backendOf } from '../../envoy/to-outcome.ts';
import type { Verdict } from '../../envoy/verdict.ts';
import type { RouteTable } from '../../envoy/virtual-host.ts';
import type { Examination } from '../examine.ts';
import type { Place } from '../places.ts';
import { randomFrom } from '../random.ts';
import { randomRequests } from '../random-requests.ts';

/** A table that istiod made, and what the evaluator says of requests. */
export interface Sample {
  readonly name: string;
  readonly virtualHosts: readonly unknown[];
  readonly requests: readonly { readonly request: Request; readonly verdict: Verdict }[];
  /** The clusters that the requests go to, and whether anybody stands behind them. */
  readonly clusters: ReadonlyMap<string, 'there' | 'empty'>;
}

/** Samples are tried side by side: of those that have a cluster of one name with somebody behind it and without, the first. */
export function agreeing(samples: readonly Sample[]): readonly Sample[] {
  const known = new Map<string, 'there' | 'empty'>();
  return samples.filter(({ clusters }) => {
    if ([...clusters].some(([name, state]) => (known.get(name) ?? state) !== state)) return false;
    for (const [name, state] of clusters) known.set(name, state);
    return true;
  });
}

/** Keeps tables for a spot check, each once. */
export class Samples {
  readonly #byTable = new Map<string, Sample>();
  readonly #limit: number;

  /** @param limit no more tables than these are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get all(): readonly Sample[] {
    return [...this.#byTable.values()];
  }

  add(scenario: string, { before, after }: Examination): void {
    for (const { places, world } of [before, after])
      for (const place of places) this.#addPlace(scenario, place, world);
  }

  #addPlace(scenario: string, { label, address, theirs, proxy }: Place, world: World): void {
    const mentions = theirs.mentions(address.host);
    // Behind TLS the client's scheme is another; a table that looks at nothing shows nothing.
    if (address.scheme === 'https' || mentions.length === 0 || this.#byTable.size >= this.#limit) return;
    const key = JSON.stringify(theirs.virtualHosts);
    if (this.#byTable.has(key)) return;
    const requests = randomRequests(mentions, address, 30, randomFrom(this.#byTable.size)).filter(isPlain);
    const judged = requests.map(request => ({ request, verdict: verdictOf(theirs, request) }));
    const clusters = judged.flatMap(({ verdict }) => clustersOf(verdict));
    this.#byTable.set(key, {
      name: `${scenario}: ${label}`,
      virtualHosts: theirs.virtualHosts,
      requests: judged,
      clusters: new Map(
        clusters.map(name => {
          const { state } = backendOf(world, proxy.request.namespace, name);
          return [name, state === 'empty' ? state : 'there'];
        }),
      ),
    });
  }
}

function clustersOf(verdict: Verdict): readonly string[] {
  if (verdict.kind !== 'forward') return [];
  return [...verdict.clusters, ...verdict.mirrors]
    .filter(({ exists }) => exists)
    .map(({ cluster }) => cluster);
}

function verdictOf(table: RouteTable, request: Request): Verdict {
  return table.verdict(toEnvoyRequest(request));
}

/**
 * A Host that is not the one asked for leads to another virtual host, which the model does not look at; methods that nobody
 * knows Envoy refuses before it looks at routes.
 */
function isPlain({ method, headers }: Request): boolean {
  if (!METHODS.includes(method)) return false;
  return headers['host'] === undefined && Object.keys(headers).every(name => /^[\w-]+$/.test(name));
}
