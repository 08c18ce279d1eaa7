import type { Aspect } from './outcome.ts';
import type { Request } from './request.ts';

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
  /** Whether it concerns connections to a host, by its full name; without it, none. */
  readonly connectsTo?: (host: string) => boolean;
}

/** Whether a deviation says something about a request of a client. */
export function appliesTo(deviation: Deviation, request: Request, client: string | undefined): boolean {
  return (deviation.isFrom?.(client) ?? true) && deviation.takes(request);
}

/** Whether a deviation speaks of the clients of some namespaces, and a client is one of them. */
export function appliesToClient({ isFrom }: Deviation, client: string | undefined): boolean {
  return client !== undefined && isFrom?.(client) === true;
}

/** Whether declared deviations account for everything that is different about a request. */
export function isDeclared(
  deviations: readonly Deviation[],
  request: Request,
  aspects: readonly Aspect[],
  client?: string,
): boolean {
  const taking = deviations.filter(deviation => appliesTo(deviation, request, client));
  return aspects.every(aspect =>
    taking.some(deviation => deviation.aspects === 'all' || deviation.aspects.includes(aspect)),
  );
}
