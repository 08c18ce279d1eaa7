import type { FoundBelow, WalkSettings } from '../files/sharing.ts';

/** Asks for what is found in folders, the last one first, until whoever asked has taken the next one. */
export interface WalkTask {
  readonly kind: 'walk';
  /** The folder that is searched, absolute. */
  readonly root: string;
  /** Folders below it, absolute. */
  readonly folders: readonly string[];
  readonly settings: WalkSettings;
  /** A byte for each folder: 0 until a thread takes it. */
  readonly taken: Uint8Array;
}

/** Asks in which files nothing matters, the last one first, until whoever asked has come as far. */
export interface ReadTask {
  readonly kind: 'read';
  /** Absolute; regular files alone, since a pipe can be read once. */
  readonly files: readonly string[];
  /** The number of the file that whoever asked reads now. */
  readonly front: Int32Array;
  /** A byte for each file: {@link NOTHING} where nothing in it matters. */
  readonly verdicts: Uint8Array;
}

/** The answer for one folder of a {@link WalkTask}. */
export interface WalkAnswer {
  readonly index: number;
  /** Absent where whoever asked has to look for itself: something is ignored, which git may track, or cannot be read. */
  readonly result?: FoundBelow;
}

/** The verdict on a file in which nothing matters. */
export const NOTHING = 1;
