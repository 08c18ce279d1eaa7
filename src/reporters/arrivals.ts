import type { AnyResource } from '../2-decode/resource.ts';
import { once } from '../3-link/memoised.ts';
import { sampleOf } from '../semantics/asked-host.ts';
import { type ConnectionRule, decideConnection } from '../semantics/connections.ts';
import type { Outcome } from '../semantics/outcome.ts';

/** Requests that the VirtualServices at one host and port cannot tell apart, or connections with one name. */
export interface Sort {
  /** The host, or `port NUMBER` or `HOST:NUMBER` for connections without a name. */
  readonly host: string;
  /** One of them, for people. */
  readonly example: string;
}

/** A host at a port of some proxies, or a port for connections: what becomes of what arrives there. */
export interface Arrival {
  readonly at: 'old pods' | 'mesh';
  /** Those that have a say there. */
  readonly virtualServices: readonly AnyResource[];
  readonly sorts: () => readonly Sort[];
  /** @returns what becomes of each sort before the first of the VirtualServices goes */
  readonly before: () => readonly Outcome[];
  /** @returns what becomes of each sort while only some of the VirtualServices are there */
  readonly outcomes: (isThere: IsThere) => readonly Outcome[];
}

export type IsThere = (resource: AnyResource) => boolean;

/** So many sorts of requests of a host are looked at. */
export const mostSorts = 2000;

/** No rule, or no list. */
export const nothing: Outcome = { kind: 'no-route' };

/** Stands for all names that nobody mentions. */
const unmentioned = 'unmentioned.example';

/**
 * Connections that arrive at one port.
 *
 * @param nameless how connections without a name are called
 * @param all every rule that there may be
 */
export function connectionArrival(
  { at, virtualServices, port }: Pick<Arrival, 'at' | 'virtualServices'> & { readonly port: number },
  nameless: string,
  rules: {
    readonly all: () => readonly ConnectionRule[];
    readonly before: () => readonly ConnectionRule[];
    readonly with: (isThere: IsThere) => readonly ConnectionRule[];
  },
): Arrival {
  const names = once((): readonly (string | undefined)[] => {
    const mentioned = rules.all().flatMap(({ sniHosts = [] }) => sniHosts);
    const rest = mentioned.length === 0 ? [undefined] : [undefined, unmentioned];
    return [...rest, ...new Set(mentioned)];
  });
  const outcomesOf = (own: readonly ConnectionRule[]) =>
    names().map(name => {
      const rule = decideConnection(own, name === undefined ? undefined : sampleOf(name));
      return rule === undefined ? nothing : told(forwarded(rule));
    });
  return {
    at,
    virtualServices,
    sorts: () =>
      names().map(name => ({
        host: name === undefined || name === unmentioned ? nameless : name,
        example: name === undefined ? `TCP ${nameless}` : `TLS ${sampleOf(name)}:${port}`,
      })),
    before: () => outcomesOf(rules.before()),
    outcomes: isThere => outcomesOf(rules.with(isThere)),
  };
}

function forwarded({ destinations }: ConnectionRule): Outcome {
  return {
    kind: 'forward',
    path: '',
    mirrors: [],
    timeout: 0,
    retries: '',
    cors: '',
    fault: '',
    destinations,
  };
}

/** Where nobody stands behind a destination, the destination counts: more may be there than was read. */
export function told(outcome: Outcome): Outcome {
  if (outcome.kind !== 'forward') return outcome;
  const destinations = outcome.destinations.map(one =>
    one.backend.startsWith('missing') ? { ...one, backend: one.label } : one,
  );
  return { ...outcome, destinations };
}
