import { nameKey } from '../2-decode/resource.ts';
import type { EntryOrigin } from '../3-link/virtual-services.ts';
import type { Aspect, Outcome } from './outcome.ts';
import type { Request } from './request.ts';
import type { RuleOrigin } from './rule.ts';

/** Requests that a conversion treats differently on purpose, and in what. */
export interface Deviation {
  readonly aspects: readonly Aspect[] | 'all';
  readonly takes: (request: Request) => boolean;
  /** Whether it concerns clients in a namespace, which is not known at gateways and waypoints; without it, all clients. */
  readonly isFrom?: (client: string | undefined) => boolean;
  /**
   * Whether it names its hosts by itself, so that it counts where nothing was translated, too. Without it, a deviation
   * is of the places that routes are made for.
   */
  readonly isAnywhere?: true;
  /**
   * Where it comes from, an entry by `entryKey` or a VirtualService by `nameKey`: it is about requests that this takes today, or
   * that what is made of it takes. Without it, whatever takes them.
   */
  readonly from?: string;
  /** Whether what is done with a request before and after is what it tells of; without it, whatever that is. */
  readonly between?: (before: Outcome, after: Outcome) => boolean;
  /** Whether it concerns connections to a host, by its full name; without it, none. */
  readonly connectsTo?: (host: string) => boolean;
}

/** A request that is treated differently. */
export interface Change {
  readonly request: Request;
  readonly aspects: readonly Aspect[];
  readonly before: Outcome;
  readonly after: Outcome;
  /** The entries that take it before and after, and their VirtualServices; undefined where nobody knows. */
  readonly takenBy: ReadonlySet<string> | undefined;
  /** The namespace of the client; undefined at gateways and waypoints. */
  readonly client: string | undefined;
}

/** @returns text that is the same for the same entry */
export function entryKey({ resource, path }: Pick<EntryOrigin, 'resource' | 'path'>): string {
  return `${nameKey(resource)} ${path.join(' ')}`;
}

/** @returns an entry and the VirtualService that it belongs to, as `Deviation.from` names them */
export function keysOfEntry(
  origin: Pick<RuleOrigin, 'resource' | 'path'> & { readonly root?: Pick<RuleOrigin, 'resource'> },
): readonly string[] {
  return [entryKey(origin), nameKey((origin.root ?? origin).resource)];
}

/** Whether a deviation says something about a request of a client. */
export function appliesTo(deviation: Deviation, change: Change): boolean {
  const { isFrom, from, between } = deviation;
  // The cheapest question first: there may be as many deviations as requests.
  return (
    (from === undefined || change.takenBy?.has(from) !== false) &&
    deviation.takes(change.request) &&
    between?.(change.before, change.after) !== false &&
    isFrom?.(change.client) !== false
  );
}

/** Whether a deviation speaks of the clients of some namespaces, a client is one of them, and what takes it is meant. */
export function appliesToClient(
  { isFrom, from }: Deviation,
  client: string | undefined,
  takenBy: ReadonlySet<string>,
): boolean {
  return client !== undefined && isFrom?.(client) === true && (from === undefined || takenBy.has(from));
}

/** Whether declared deviations account for everything that is different about a request. */
export function isDeclared(deviations: readonly Deviation[], change: Change): boolean {
  return change.aspects.every(aspect =>
    deviations.some(
      deviation =>
        (deviation.aspects === 'all' || deviation.aspects.includes(aspect)) && appliesTo(deviation, change),
    ),
  );
}
