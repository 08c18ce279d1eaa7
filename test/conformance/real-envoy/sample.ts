import type { Request } from '../../../src/semantics/request.ts';
import { toEnvoyRequest } from '../../envoy/request.ts';
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
    for (const place of [...before.places, ...after.places]) this.#addPlace(scenario, place);
  }

  #addPlace(scenario: string, { label, address, theirs }: Place): void {
    const mentions = theirs.mentions(address.host);
    // Behind TLS the client's scheme is another; a table that looks at nothing shows nothing.
    if (address.scheme === 'https' || mentions.length === 0 || this.#byTable.size >= this.#limit) return;
    const key = JSON.stringify(theirs.virtualHosts);
    if (this.#byTable.has(key)) return;
    const requests = randomRequests(mentions, address, 30, randomFrom(this.#byTable.size)).filter(isPlain);
    this.#byTable.set(key, {
      name: `${scenario}: ${label}`,
      virtualHosts: theirs.virtualHosts,
      requests: requests.map(request => ({ request, verdict: verdictOf(theirs, request) })),
    });
  }
}

function verdictOf(table: RouteTable, request: Request): Verdict {
  return table.verdict(toEnvoyRequest(request));
}

/** A Host that is not the one asked for leads to another virtual host, which the model does not look at. */
function isPlain({ headers }: Request): boolean {
  return headers['host'] === undefined && Object.keys(headers).every(name => /^[\w-]+$/.test(name));
}
