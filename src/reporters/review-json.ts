import type { Review } from '../review/review.ts';
import { printVerification } from './verify-json.ts';

/**
 * A review for programs. Fields are added without notice; what is there keeps its name and meaning as long as `version` stays.
 *
 * @see ../../schemas/review.schema.json
 */
export function reviewJson(review: Review): string {
  const { base, environments, builders, checked, verdict, lost, causes, more, moves, removals, unread } =
    review;
  const value = {
    version: 1,
    base,
    environments,
    builders,
    checked,
    asked: review.verification.asked ?? 'all',
    verdict,
    lost,
    causes: causes.map(({ place, object, effect, count, rows, command }) => ({
      place: place ?? null,
      object: object ?? null,
      effect,
      count,
      command,
      rows: rows.map(({ requests, from, environments: where, before, after }) => ({
        requests,
        from,
        environments: where,
        before: before.map(({ text }) => text),
        after: after.map(({ text }) => text),
      })),
    })),
    more,
    moves,
    idle: review.idle.map(({ object, by, host, place }) => ({ object, by, host, place: place ?? null })),
    removals: removals.map(({ part, owner, users }) => ({ part, owner, users })),
    unread,
    verification: JSON.parse(printVerification(review.verification, [])) as unknown,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}
