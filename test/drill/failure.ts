/** The exit statuses of the drill, one for each reason to stop. */
export const exitStatuses = {
  /** Some request met a fate that is neither the one before nor the one after, or a step failed. */
  'drill-failed': 1,
  /** A neighbour stopped, or does something else than the expected tables say. */
  'neighbour-failed': 1,
  usage: 2,
  'port-taken': 3,
  'no-space': 4,
  'build-refused': 5,
  'not-started': 6,
  /** As automated test suites say it. */
  skipped: 77,
  interrupted: 130,
} as const;

export type Reason = keyof typeof exitStatuses;

/** Why the drill stops; everything that was started is ended. */
export class Failure extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** @returns the failure that an error stands for: a full disk has a reason of its own */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new Failure('no-space', message);
  if (code === 'EADDRINUSE') return new Failure('port-taken', message);
  return new Failure('drill-failed', stack ?? message);
}
