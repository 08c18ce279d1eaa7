import type { ChooseLots, Kept } from '../8-convert/kept.ts';
import type { Conversion } from '../conversion.ts';
import type { Options } from '../options.ts';
import { ansiPalette, type Palette, plainPalette } from '../print/palette.ts';
import type { SourceFile } from '../yaml/source.ts';
import type { BaseSettings } from './files/base-settings.ts';
import type { convertInJobs } from './jobs/convert-in-jobs.ts';
import type { SecondThread } from './second-thread/second-thread.ts';

/** The main phase of the program, as the commands see it. */
export type Convert = (
  files: readonly SourceFile[],
  facts: readonly SourceFile[],
  options: Options,
  progress?: (done: number, total: number) => void,
  beside?: readonly SourceFile[],
  kept?: Kept,
  examples?: number,
  choose?: ChooseLots,
) => Conversion;

/** Runs git to its end. @returns what it prints; undefined where it fails */
export type RunGit = (
  args: readonly string[],
  options: Pick<World, 'cwd' | 'env'> & { readonly input?: string },
) => Buffer | undefined;

/** Where a command runs. Tests put other things here. */
export interface World {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Asks git; starts the program where nothing else is said. */
  readonly runGit?: RunGit;
  /** Files that decide how others are read, where those on the disk are of a stranger. */
  readonly baseSettings?: BaseSettings;
  /** When a watched folder is looked at again; now and then, until somebody ends the program, where it is not said. */
  readonly looks?: AsyncIterable<unknown>;
  /** Loaded when needed, since `--help` does without. */
  readonly loadConvert: () => Promise<Convert>;
  /** Has V8 wait longer before it optimises a function; called when the conversion is loaded, since kept code depends on flags. */
  readonly waitLonger?: (() => void) | undefined;
  /** Loads the conversion in several threads; without it, one thread converts. */
  readonly loadJobs?: (() => Promise<typeof convertInJobs>) | undefined;
  /** Starts a thread that helps to search large trees; without it, one thread does. */
  readonly startSecondThread?: (() => SecondThread | undefined) | undefined;
}

/** The part of a stream that commands use. */
export interface Stream {
  readonly isTTY?: boolean;
  /** The width of the terminal; absent for files and pipes. */
  readonly columns?: number;
  write(text: string): unknown;
}

export type ColorFlag = 'auto' | 'always' | 'never';

/**
 * Whether to colour what goes to a stream: the flag decides, then `NO_COLOR`, then `FORCE_COLOR`, then whether
 * a terminal is there that can.
 *
 * @see https://no-color.org
 */
export function wantsColor(stream: Stream, flag: ColorFlag | undefined, env: World['env']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (flag === 'always' || flag === 'never') return flag === 'always';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}

/** @returns the colours for a stream */
export function paletteFor(stream: Stream, flag: ColorFlag | undefined, env: World['env']): Palette {
  return wantsColor(stream, flag, env) ? ansiPalette : plainPalette;
}
