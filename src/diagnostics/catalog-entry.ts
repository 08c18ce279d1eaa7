import type { Family } from './families.ts';

/** error: not converted. warning: traffic can change, or somebody has to act. info: no action needed. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * The result for the field of a diagnostic. `input`: the input itself is wrong. `note`: no request changes. The status
 * of an object follows from fates; the severity is for people and decides nothing.
 */
export type Fate = 'approximate' | 'unsupported' | 'needs-input' | 'irrelevant' | 'input' | 'note';

/** One code. `{placeholders}` in the three texts are filled in by whoever reports it. */
export interface CatalogEntry {
  readonly severity: Severity;
  readonly fate: Fate;
  readonly family: Family;
  /** The fact with its names and numbers, in one sentence without a full stop. */
  readonly message: string;
  /** The reason, citing the behaviour of istiod or the specification. */
  readonly why: string;
  /** The likeliest action first; `No action needed` as the first words where there is none. */
  readonly remedy: string;
  /** A manifest that shows it, for `explain` and docs/codes. */
  readonly example?: string;
}
