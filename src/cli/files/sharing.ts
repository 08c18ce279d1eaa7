/** How a folder is searched, as data. */
export interface WalkSettings {
  /** Whether the `.gitignore` files above the folder and below it count. */
  readonly ignoreFiles: boolean;
  /** The paths that the command line leaves out, by patterns as in a `.gitignore` of a folder. */
  readonly exclude: readonly string[];
  readonly excludeFrom: string;
  /** A folder that is passed over, as it is written to. */
  readonly skip: string | undefined;
}

/** Another thread, with which the search of folders can be shared. */
export interface Sharing {
  /** How many files are found before it is asked: with fewer in all, it would be ready when everything is found. */
  readonly from: number;
  /**
   * @param root absolute, where the walk began
   * @param folders absolute, below it
   * @returns undefined where there is no other thread
   */
  ask(root: string, folders: readonly string[], settings: WalkSettings): SharedWalk | undefined;
}

/** The files in a folder and below, absolute. */
export interface FoundBelow {
  readonly found: readonly string[];
  /** Those that are no manifests and may name objects. */
  readonly beside: readonly string[];
}

/** The search of folders by two threads: this one takes them from the first on, the other one from the last. */
export interface SharedWalk {
  /** @returns whether this thread is to search the folder of a number */
  take(index: number): boolean;
  /** Waits for the other thread. @returns what it found, by the number of the folder; what is missing is searched here */
  results(): ReadonlyMap<number, FoundBelow>;
}
