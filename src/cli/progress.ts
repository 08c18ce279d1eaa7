import type { World } from './world.ts';

/** Tells on the terminal how far a run is. */
export interface Progress {
  /** @param total undefined where nobody knows how much there is */
  at(what: string, done?: number, total?: number): void;
  /** Takes away what was shown, so that a report can follow. */
  stop(): void;
}

/** A run of less than a second needs no progress. */
const PATIENCE = 1000;

/** Whoever interrupts the program ends it at once, and finds a terminal that is as it was. */
const harmless = { gracefulExit: false, hideCursor: false, linewrap: true, clearOnComplete: true };

/** For runs that nobody watches. */
export const noProgress: Progress = { at: () => undefined, stop: () => undefined };

/** @returns a progress for the terminal, or none where there is no terminal or nobody wants it */
export async function createProgress(
  { stderr }: World,
  { quiet, progress }: { readonly quiet?: boolean; readonly progress?: boolean },
): Promise<Progress> {
  if (stderr.isTTY !== true || quiet === true || progress === false) return noProgress;
  const { SingleBar, Presets } = await import('cli-progress');
  const start = Date.now();
  let shown: { readonly bar: InstanceType<typeof SingleBar>; readonly what: string } | undefined;
  const stop = (): void => {
    shown?.bar.stop();
    shown = undefined;
  };
  return {
    stop,
    at: (what, done, total) => {
      if (Date.now() - start < PATIENCE) return;
      if (shown?.what !== what) {
        stop();
        const format = total === undefined ? what : `${what} {bar} {percentage} %`;
        const bar = new SingleBar(
          { ...harmless, format, stream: stderr as NodeJS.WriteStream },
          Presets.shades_grey,
        );
        bar.start(total ?? 1, done ?? 0);
        shown = { bar, what };
      }
      shown.bar.update(done ?? 0);
    },
  };
}
