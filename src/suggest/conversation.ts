import type { Marker } from './marker.ts';

/** Something that was said on a pull request. */
export interface Said<Ref = unknown> {
  readonly ref: Ref;
  readonly body: string;
  /** The marker of our own comments; one in somebody else's counts for nothing. */
  readonly marker: Marker | undefined;
  /** Whether a program said it. */
  readonly isBot: boolean;
  /** Whether it stands at a line or a file of the diff. */
  readonly isOnDiff: boolean;
  /** Whether its author may decide here: who opened the pull request, or may write to the repository. */
  readonly mayDecide: boolean;
  /** Whether it is an answer in the thread of another; undefined where the forge has no threads. */
  readonly answers: Ref | undefined;
}

/** The answers of people to our comments. */
export interface Answers {
  /** Nothing more is to be said on this pull request. */
  readonly isOff: boolean;
  /** Somebody said something since our comment, so that it must not go. */
  readonly isAnswered: boolean;
}

/** The label that silences us on a pull request. */
export const OFF_LABEL = 'vs2route/off';

/** Looks for a person's `/vs2route off`, `/vs2route on`, and for answers. The last command counts. */
export function answersIn<Ref>(said: readonly Said<Ref>[], labels: readonly string[], id: string): Answers {
  const commands = said
    .filter(({ isBot, mayDecide }) => !isBot && mayDecide)
    .flatMap(({ body }) =>
      [...body.matchAll(/^\s*\/vs2route\s+(off|on)\s*$/gim)].map(([, word = '']) => word.toLowerCase()),
    );
  const own = said.findIndex(({ marker }) => marker?.id === id);
  const isAnswered =
    own >= 0 &&
    said.slice(own + 1).some(({ isBot, isOnDiff, marker }) => !isBot && !isOnDiff && marker === undefined);
  return { isOff: labels.includes(OFF_LABEL) || commands.at(-1) === 'off', isAnswered };
}
