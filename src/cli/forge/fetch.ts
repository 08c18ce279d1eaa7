import { ForgeError } from './error.ts';

/** The answer of a forge. */
export interface Answer {
  readonly headers: Headers;
  readonly text: string;
}

/** How long to wait for one answer. */
const ANSWER_WITHIN = 60_000;

/** The token goes to the forge and to nobody else, whatever an answer names as its next page or its new address. */
function urlOf(api: string, path: string): string {
  if (!/^https?:/.test(path)) return `${api}${path}`;
  if (new URL(path).origin !== new URL(api).origin)
    throw new ForgeError('down', undefined, 'it sends us to another server, which must not have the token');
  return path;
}

/** Follows what was moved, as a repository that got another name. */
export async function asked(
  api: string,
  path: string,
  ...rest: Tail<Parameters<typeof ask>>
): Promise<Found> {
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

export type Found =
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
