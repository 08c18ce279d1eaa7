import type { ForgeError } from './error.ts';
import type { Found } from './fetch.ts';

/** A refusal that is over when one waits; GitHub says some of them with 403. */
export function isLimit({ status, headers, text }: Extract<Found, { kind: 'answer' }>): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers.has('retry-after') ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /secondary rate limit|abuse detection/i.test(text)
  );
}

/**
 * @see
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export function delayOf(headers: Headers, now: number): number {
  const after = headers.get('retry-after');
  if (after !== null && /^\d+$/.test(after)) return Number(after) * 1000;
  if (after !== null && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - now);
  const reset = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset');
  const seconds = Number(reset);
  if (reset !== null && seconds > 0) return Math.max(1000, seconds * 1000 - now);
  return 60_000;
}

/** The meaning of a status that is not about a limit. */
export function kindOf(status: number): ForgeError['kind'] {
  return status === 401 || status === 403 || status === 404 ? 'denied' : 'rejected';
}

/** The answer of a forge in JSON, short enough to be shown. */
export function messageOf(text: string): string {
  const found = parseJson(text);
  const fields = typeof found === 'object' && found !== null ? found : {};
  const message = 'message' in fields ? fields.message : 'error' in fields ? fields.error : text;
  const errors = 'errors' in fields ? ` ${JSON.stringify(fields.errors)}` : '';
  const said = `${typeof message === 'string' ? message : JSON.stringify(message)}${errors}`;
  return said.replaceAll(/\s+/g, ' ').slice(0, 300);
}

/** @returns undefined for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The address of the next page of a list, undefined behind the last.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api,
 * https://docs.gitlab.com/api/rest/#pagination
 */
export function nextPage(headers: Headers, path: string, page: number): string | undefined {
  const link = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  if (link !== undefined) return link;
  const next = headers.get('x-next-page');
  if (next === null || !/^\d+$/.test(next) || Number(next) <= page) return undefined;
  return `${path}${path.includes('?') ? '&' : '?'}page=${next}`;
}
