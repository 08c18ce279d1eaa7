import { hasPlaceholder } from '../2-decode/validation/placeholder.ts';
import { parseDuration } from '../semantics/duration.ts';
import { type EntryContext, entryPlace, isPortable } from './context.ts';
import type { RuleBody } from './entry.ts';

/**
 * Writes a timeout. Without one istiod sets none, while other implementations may have a default of their own.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts
 */
export function translateTimeout(
  context: EntryContext,
  timeout: string | undefined,
): Partial<RuleBody> | undefined {
  if (timeout === undefined) return isPortable(context) ? { timeouts: { request: '0s' } } : {};
  const request = writeDuration(timeout);
  if (request !== undefined) return { timeouts: { request } };
  if (hasPlaceholder(timeout)) {
    context.report('placeholder-unresolved', entryPlace(context, 'timeout'), {
      field: 'timeout',
      text: timeout,
    });
    return undefined;
  }
  context.report('timeout-too-fine', entryPlace(context, 'timeout'), { timeout });
  return undefined;
}

/**
 * Writes a duration of Istio as a GEP-2257 duration: as it is where that is one already.
 *
 * @returns undefined for what it cannot say
 */
export function writeDuration(duration: string): string | undefined {
  if (/^(\d{1,5}h)?(\d{1,5}m)?(\d{1,5}s)?(\d{1,5}ms)?$/.test(duration)) return duration;
  return formatDuration(parseDuration(duration) ?? Number.NaN);
}

/**
 * Writes milliseconds as a GEP-2257 duration: up to four numbers of up to five digits, largest unit first.
 *
 * @returns undefined for what it cannot say
 * @see https://gateway-api.sigs.k8s.io/geps/gep-2257/
 */
function formatDuration(milliseconds: number): string | undefined {
  if (!Number.isInteger(milliseconds) || milliseconds < 0) return undefined;
  if (milliseconds === 0) return '0s';
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const;
  // People write 90s and 1500ms, not 1m30s: one unit is enough where it divides and stays short.
  const single = units.find(([, size]) => milliseconds % size === 0 && milliseconds / size <= 99_999);
  if (single !== undefined && milliseconds / single[1] < 1000)
    return `${milliseconds / single[1]}${single[0]}`;
  let rest = milliseconds;
  let text = '';
  for (const [unit, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 99_999) return undefined;
    if (amount > 0) text += `${amount}${unit}`;
  }
  return text;
}
