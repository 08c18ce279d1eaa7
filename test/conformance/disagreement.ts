import type { Aspect, Outcome } from '../../src/semantics/outcome.ts';
import type { Request } from '../../src/semantics/request.ts';

/** What is compared with what. */
export type Comparison =
  /** Our reading of the manifests, and istiod's. */
  | 'input'
  /** Our reading of what the conversion leaves, and istiod's. */
  | 'output'
  /** istiod's reading of both. */
  | 'conversion';

/** A request that two readings treat differently. */
export interface Disagreement {
  readonly scenario: string;
  readonly comparison: Comparison;
  readonly place: string;
  readonly request: Request;
  readonly aspects: readonly Aspect[];
  /** Ours, or before the conversion. */
  readonly left: Outcome;
  /** istiod's, or after the conversion. */
  readonly right: Outcome;
}
