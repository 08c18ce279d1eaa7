import type { Comment } from './comment.ts';
import type { Plan, Posted } from './plan.ts';

/** A request to a forge, to be sent or to be shown. */
export interface PlannedRequest {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Behind the address of the API. */
  readonly path: string;
  readonly body?: unknown;
  /** The comments that it makes or changes. */
  readonly comments: readonly Comment[];
}

/** The requests to a forge that make its comments as they are to be. */
export interface Requests<Ref> {
  /** New comments and changed ones. */
  readonly write: (plan: Plan<Ref>) => readonly PlannedRequest[];
  readonly remove: (posted: Posted<Ref>) => PlannedRequest;
  /** The same comments in requests of their own, when one of them was refused. */
  readonly split: (request: PlannedRequest) => readonly PlannedRequest[];
}
