import { answersIn } from '../../suggest/conversation.ts';
import type { DiffFile } from '../../suggest/diff.ts';
import { fingerprint } from '../../suggest/fingerprint.ts';
import type { Filter, Item } from '../../suggest/items.ts';
import { type Placement, place } from '../../suggest/place.ts';
import { type Posted, plan } from '../../suggest/plan.ts';
import type { PlannedRequest } from '../../suggest/requests.ts';
import type { CommandLine } from '../../suggest/wording.ts';
import type { SourceFile } from '../../yaml/source.ts';
import { ForgeError } from './error.ts';
import type { Forge, PullRequest, Talk } from './forge.ts';

/** The texts to print, and how. */
export interface Message {
  readonly items: readonly Item[];
  readonly diff: readonly DiffFile[];
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly command: CommandLine;
  readonly tag: string;
  readonly maxLineComments: number;
  readonly maxFileComments: number;
  readonly filter: Filter;
}

/** The result. */
export interface Posting {
  readonly placement: Placement;
  readonly counts: { created: number; edited: number; removed: number; kept: number; refused: number };
  /** Why not everything could be said at the pull request, in words. */
  readonly trouble: string | undefined;
  /** Whether nothing at all is there of what was to be said, so that it has to be said elsewhere. */
  readonly silent: boolean;
  /** Somebody said that nothing is to be said here. */
  readonly isOff: boolean;
}

/** Each round leaves fewer places to try; a server that answers and forgets ends it. */
const MAX_ROUNDS = 6;

/**
 * Makes the comments of a pull request what they are to be. A comment that the forge refuses goes to the next place
 * where it can be; a request without an answer is not repeated before what is there was looked at again.
 */
export async function post<Ref>(
  message: Message,
  forge: Forge<Ref>,
  pull: PullRequest<Ref>,
): Promise<Posting> {
  const refused = new Set<string>();
  const places = placesOnce(forge, refused);
  const counts = { created: 0, edited: 0, removed: 0, kept: 0, refused: 0 };
  let placement: Placement = { comments: [], rest: message.items };
  const end = (trouble: string | undefined, silent: boolean): Posting => {
    return { placement, counts, trouble, silent, isOff: false };
  };
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    let trouble: ForgeError | undefined;
    try {
      const talk = await pull.talk(message.tag);
      if (isOff(talk, pull)) {
        const nothing = { comments: [], rest: [] };
        return { placement: nothing, counts, trouble: undefined, silent: false, isOff: true };
      }
      const heard = heed(message, talk);
      placement = places(heard.message);
      const wanted = plan(placement.comments, heard.posted, forge.linesOf);
      counts.kept = Math.max(0, wanted.keep.length - counts.created - counts.edited);
      const complete = await write(pull.requests.write(wanted), pull, forge, refused, counts);
      if (!complete) continue;
      return end(await remove(wanted.remove.map(pull.requests.remove), forge, counts), false);
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      trouble = error;
    }
    if (trouble.kind !== 'down' || round === MAX_ROUNDS) return end(inWords(trouble, forge), true);
  }
  return end(`${forge.name}: comments were refused`, true);
}

/** Whether somebody who may decide wrote `/vs2route off`, or set the label. */
function isOff<Ref>({ said }: Talk<Ref>, { labels }: PullRequest<Ref>): boolean {
  return answersIn(said, labels, '').isOff;
}

/** After an answer nothing more is said of what was answered; what was said stays as it is. */
function heed<Ref>(
  message: Message,
  { posted }: Talk<Ref>,
): { readonly message: Message; readonly posted: readonly Posted<Ref>[] } {
  const answered = new Set(posted.filter(({ replied }) => replied).flatMap(({ of }) => of));
  const isAnswered = (of: readonly string[]): boolean => of.length > 0 && of.every(one => answered.has(one));
  return {
    message: {
      ...message,
      items: message.items.filter(({ objects }) => !isAnswered(objects.map(name => fingerprint(name)))),
    },
    posted: posted.filter(({ of }) => !isAnswered(of)),
  };
}

function placed<Ref>(message: Message, { dialect }: Forge<Ref>, refused: ReadonlySet<string>): Placement {
  return place(message.items, { ...message, dialect, refused });
}

/**
 * Places comments again only where there is something new to place: between a look at the pull request and the requests that
 * write, servers close connections that rest, and a long computation there would cost each round its first request.
 */
function placesOnce<Ref>(forge: Forge<Ref>, refused: ReadonlySet<string>): (message: Message) => Placement {
  let last:
    | { readonly items: readonly Item[]; readonly refused: number; readonly placement: Placement }
    | undefined;
  return message => {
    const { items } = message;
    const isKnown =
      last !== undefined &&
      last.refused === refused.size &&
      last.items.length === items.length &&
      last.items.every((item, index) => item === items[index]);
    if (last === undefined || !isKnown)
      last = { items, refused: refused.size, placement: placed(message, forge, refused) };
    return last.placement;
  };
}

/** @returns whether the forge took everything */
async function write<Ref>(
  requests: readonly PlannedRequest[],
  pull: PullRequest<Ref>,
  { client }: Forge<Ref>,
  refused: Set<string>,
  counts: Posting['counts'],
): Promise<boolean> {
  let complete = true;
  for (const request of requests) {
    try {
      await client.send(request);
      if (request.method === 'POST') counts.created += request.comments.length;
      else counts.edited += request.comments.length;
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      // Somebody deleted it meanwhile: the next round writes it anew.
      if (request.method !== 'POST' && error.status === 404) complete = false;
      else if (error.kind !== 'rejected') throw error;
      else {
        complete = false;
        const single = request.comments.length === 1 ? [] : pull.requests.split(request);
        if (single.length > 0) await write(single, pull, { client } as Forge<Ref>, refused, counts);
        else
          for (const { id } of request.comments) {
            refused.add(id);
            counts.refused += 1;
          }
      }
    }
  }
  return complete;
}

/** @returns in words why comments that nobody wants any more are still there, if so */
async function remove<Ref>(
  requests: readonly PlannedRequest[],
  forge: Forge<Ref>,
  counts: Posting['counts'],
): Promise<string | undefined> {
  try {
    for (const request of requests) {
      await forge.client.send(request);
      counts.removed += 1;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return inWords(error, forge);
  }
}

/** @returns what to tell people of a request that came to nothing */
export function inWords({ kind, status, message }: ForgeError, { name }: Pick<Forge, 'name'>): string {
  const answer = status === undefined ? '' : ` (${status})`;
  switch (kind) {
    case 'denied':
      return `${name}: may not be commented on with this token${answer}: ${message}`;
    case 'rejected':
      return `${name}: does not take what we send${answer}: ${message}`;
    case 'limited':
      return `${name}: ${message}`;
    case 'down':
      return `${name}: no use talking to it now${answer}: ${message}`;
  }
}

/** The requests that would be sent, as things are. @throws ForgeError */
export async function rehearse<Ref>(
  message: Message,
  forge: Forge<Ref>,
  pull: PullRequest<Ref>,
): Promise<readonly Omit<PlannedRequest, 'comments'>[]> {
  const talk = await pull.talk(message.tag);
  if (isOff(talk, pull)) return [];
  const heard = heed(message, talk);
  const placement = placed(heard.message, forge, new Set());
  const wanted = plan(placement.comments, heard.posted, forge.linesOf);
  return [...pull.requests.write(wanted), ...wanted.remove.map(pull.requests.remove)].map(
    ({ method, path, body }) => ({ method, path, ...(body !== undefined && { body }) }),
  );
}
