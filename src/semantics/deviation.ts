import type { Aspect } from './outcome.ts';
import type { Request } from './request.ts';

/** Requests that a conversion treats differently on purpose, and in what. */
export interface Deviation {
  readonly aspects: readonly Aspect[] | 'all';
  readonly takes: (request: Request) => boolean;
}

/** Whether declared deviations account for everything that is different about a request. */
export function isDeclared(
  deviations: readonly Deviation[],
  request: Request,
  aspects: readonly Aspect[],
): boolean {
  const taking = deviations.filter(({ takes }) => takes(request));
  return aspects.every(aspect =>
    taking.some(deviation => deviation.aspects === 'all' || deviation.aspects.includes(aspect)),
  );
}
