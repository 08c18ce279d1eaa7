import type { Resource } from '../2-decode/resource.ts';
import type { FieldPath } from '../yaml/source.ts';
import type { Action } from './action.ts';
import type { Match } from './match.ts';

/** One line of the list that a proxy goes through: the first whose match holds acts. */
export interface Rule {
  readonly match: Match;
  readonly action: Action;
  readonly origin: RuleOrigin;
}

/** Where a rule was written, for `trace` and for telling differences. */
export interface RuleOrigin {
  readonly resource: Resource;
  /** The path of the http entry or the rule, from the root of the object. */
  readonly path: FieldPath;
  /** Which of its matches; undefined for an entry without any. */
  readonly match: number | undefined;
  /** The entry that delegates to this one, and the match that the rule has from there. */
  readonly root?: Omit<RuleOrigin, 'root'>;
}
