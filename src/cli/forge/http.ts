import type { PlannedRequest } from '../../suggest/requests.ts';
import { delayOf, isLimit, kindOf, messageOf, nextPage, parseJson } from './answer.ts';
import { ForgeError } from './error.ts';
import { type Answer, asked } from './fetch.ts';

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

/** How requests to a forge are made. */
export interface ForgeClient {
  /** @throws ForgeError */
  readonly get: (path: string, accept?: string) => Promise<Answer>;
  /** Every item of a list, whatever number of pages it has. @throws ForgeError */
  readonly list: (path: string) => Promise<readonly unknown[]>;
  /** @throws ForgeError */
  readonly send: (request: PlannedRequest) => Promise<void>;
}

/** How long to wait for a forge in all. */
const PATIENCE = 15 * 60_000;
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
      // A request that was lost on the way may have been done: only a look at the result can tell.
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
        if (!Array.isArray(found)) throw new ForgeError('down', undefined, 'the answer is not a list');
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
        // A comment that is to go and is not there is gone.
        if (method === 'DELETE' && error instanceof ForgeError && error.status === 404) return;
        throw error;
      }
    },
  };
}
