import type { ReviewCause } from '../review/review.ts';
import { redact } from '../suggest/credentials.ts';

/** @returns a cause in one line without markup */
export function causeLine({ rows, effect, object }: ReviewCause): string {
  const [row] = rows;
  if (row === undefined) return '';
  const words = (parts: typeof row.before): string => parts.map(({ text }) => text).join(', ');
  const more = rows.length > 1 ? `; and ${rows.length - 1} more like this` : '';
  const start = effect === 'lost' ? 'requests lose their destination' : 'requests are treated otherwise';
  const by = object === undefined ? '' : ` by ${object}`;
  return redact(
    `${start}${by}: ${row.requests}${row.from.length === 0 ? '' : ` from ${row.from.join(', ')}`}: before ${words(row.before)}; after ${words(row.after)}${more}`,
  );
}
