import type { PlannedRequest } from '../suggest/requests.ts';

/** Time, which tests let pass faster. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export const realClock: Clock = {
  now: Date.now,
  sleep: milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
};

/** A request that came to nothing. */
export class ForgeError extends Error {
  /**
   * `denied`: we may not, or must not know. `rejected`: the forge does not take what was sent. `limited`: too many
   * requests, for longer than we wait. `down`: no answer, or that of a server in trouble.
   */
  readonly kind: 'denied' | 'rejected' | 'limited' | 'down';
  readonly status: number | undefined;

  constructor(kind: ForgeError['kind'], status: number | undefined, message: string) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

/** How requests to a forge are made. */
export interface ForgeClient {
  /** @throws ForgeError */
  readonly get: (path: string, accept?: string) => Promise<Answer>;
  /** Every item of a list, whatever number of pages it has. @throws ForgeError */
  readonly list: (path: string) => Promise<readonly unknown[]>;
  /** @throws ForgeError */
  readonly send: (request: PlannedRequest) => Promise<void>;
}

export interface Answer {
  readonly headers: Headers;
  readonly text: string;
}

/** How long to wait for a forge in all, and for one answer. */
const PATIENCE = 15 * 60_000;
const ANSWER_WITHIN = 60_000;
const TRIES = 4;
/** GitHub asks for so much time between requests that write. */
const PACE = 1000;
const MAX_PAGES = 100;

/**
 * A client that keeps to a forge's limits: it waits when told to, and tries again where that cannot do a thing twice.
 *
 * @param api its address, without a slash at the end
 */
export function forgeClient(
  api: string,
  headers: Readonly<Record<string, string>>,
  clock: Clock,
): ForgeClient {
  let patience = PATIENCE;
  let written = false;

  const wait = async (milliseconds: number, status: number | undefined, said: string): Promise<void> => {
    if (milliseconds > patience) {
      const seconds = Math.ceil(milliseconds / 1000);
      throw new ForgeError('limited', status, `asks us to wait ${seconds} seconds (${said})`);
    }
    patience -= milliseconds;
    await clock.sleep(milliseconds);
  };

  const request = async (method: string, path: string, accept: string, body?: unknown): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const found = await asked(api, path, method, { ...headers, accept }, body);
      if (found.kind === 'answer' && found.status < 300) return found;
      const said = found.kind === 'answer' ? messageOf(found.text) : found.message;
      const status = found.kind === 'answer' ? found.status : undefined;
      if (found.kind === 'answer' && isLimit(found)) {
        if (attempt >= TRIES) throw new ForgeError('limited', status, said);
        await wait(delayOf(found.headers, clock.now()), status, said);
        continue;
      }
      if (status !== undefined && status < 500) throw new ForgeError(kindOf(status), status, said);
      // What was lost on the way may have been done: only who looks at what is there can tell.
      if (method === 'POST' || attempt >= TRIES) throw new ForgeError('down', status, said);
      await wait(1000 * 2 ** (attempt - 1), status, said);
    }
  };

  const get = (path: string, accept = 'application/json'): Promise<Answer> => request('GET', path, accept);
  return {
    get,
    list: async path => {
      const items: unknown[] = [];
      let next: string | undefined = path;
      for (let page = 1; next !== undefined && page <= MAX_PAGES; page += 1) {
        const answer: Answer = await get(next);
        const found = parseJson(answer.text);
        if (!Array.isArray(found)) throw new ForgeError('down', undefined, 'the answer is no list');
        items.push(...found);
        next = nextPage(answer.headers, path, page);
      }
      return items;
    },
    send: async ({ method, path, body }) => {
      if (written) await clock.sleep(PACE);
      written = true;
      try {
        await request(method, path, 'application/json', body);
      } catch (error) {
        // What is to go and is not there is gone.
        if (method === 'DELETE' && error instanceof ForgeError && error.status === 404) return;
        throw error;
      }
    },
  };
}

/** The token goes to the forge and to nobody else, whatever an answer names as its next page or its new address. */
function urlOf(api: string, path: string): string {
  if (!/^https?:/.test(path)) return `${api}${path}`;
  if (new URL(path).origin !== new URL(api).origin)
    throw new ForgeError('down', undefined, 'it sends us to another server, which must not have the token');
  return path;
}

/** Follows what was moved, as a repository that got another name. */
async function asked(api: string, path: string, ...rest: Tail<Parameters<typeof ask>>): Promise<Found> {
  let url = urlOf(api, path);
  for (let left = MOST_MOVES; ; left -= 1) {
    const found = await ask(url, ...rest);
    const location = found.kind === 'answer' ? found.headers.get('location') : null;
    const isMoved = found.kind === 'answer' && [301, 302, 307, 308].includes(found.status);
    if (!isMoved || location === null || left === 0) return found;
    url = urlOf(api, new URL(location, url).href);
  }
}

const MOST_MOVES = 3;

type Tail<List extends readonly unknown[]> = List extends readonly [unknown, ...infer Rest] ? Rest : never;

type Found =
  | ({ readonly kind: 'answer'; readonly status: number } & Answer)
  | { readonly kind: 'silence'; readonly message: string };

async function ask(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<Found> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(ANSWER_WITHIN),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return {
      kind: 'answer',
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'silence', message: cause === '' ? message : `${message}: ${cause}` };
  }
}

/** A refusal that is over when one waits; GitHub says some of them with 403. */
function isLimit({ status, headers, text }: Extract<Found, { kind: 'answer' }>): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers.has('retry-after') ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /secondary rate limit|abuse detection/i.test(text)
  );
}

/** @see https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately */
function delayOf(headers: Headers, now: number): number {
  const after = headers.get('retry-after');
  if (after !== null && /^\d+$/.test(after)) return Number(after) * 1000;
  if (after !== null && !Number.isNaN(Date.parse(after))) return Math.max(0, Date.parse(after) - now);
  const reset = headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset');
  const seconds = Number(reset);
  if (reset !== null && seconds > 0) return Math.max(1000, seconds * 1000 - now);
  return 60_000;
}

function kindOf(status: number): ForgeError['kind'] {
  return status === 401 || status === 403 || status === 404 ? 'denied' : 'rejected';
}

/** What a forge says of itself in JSON, short enough to be shown. */
function messageOf(text: string): string {
  const found = parseJson(text);
  const fields = typeof found === 'object' && found !== null ? found : {};
  const message = 'message' in fields ? fields.message : 'error' in fields ? fields.error : text;
  const errors = 'errors' in fields ? ` ${JSON.stringify(fields.errors)}` : '';
  const said = `${typeof message === 'string' ? message : JSON.stringify(message)}${errors}`;
  return said.replaceAll(/\s+/g, ' ').slice(0, 300);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @see https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api, https://docs.gitlab.com/api/rest/#pagination */
function nextPage(headers: Headers, path: string, page: number): string | undefined {
  const link = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  if (link !== undefined) return link;
  const next = headers.get('x-next-page');
  if (next === null || !/^\d+$/.test(next) || Number(next) <= page) return undefined;
  return `${path}${path.includes('?') ? '&' : '?'}page=${next}`;
}
