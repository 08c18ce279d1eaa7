import type { SourceFile } from './1-read/source.ts';
import type { Conversion } from './conversion.ts';
import { convert } from './convert.ts';
import { defaultOptions, type Options } from './options.ts';
import { type ReadFile, readOne } from './read-resources.ts';

/** Texts that change while somebody looks at their conversion: an editor, a page, a watched folder. */
export interface Session {
  /**
   * Takes a text instead of what was at its path, or takes it away. Costs nothing until somebody asks for the conversion.
   *
   * @param path as it is shown to people, and by which the files are put in order
   * @param text undefined where the file is gone; one that does not parse is a diagnostic of the next conversion
   */
  readonly update: (path: string, text: string | undefined) => void;
  /**
   * The conversion of all texts as they are now: what `convert` returns for the files in the order of their paths.
   * Texts that did not change are not read again; what takes several objects to know is worked out anew, in time that
   * grows with their number. Without an update in between it is the same object as before, at no cost.
   */
  readonly conversion: () => Conversion;
}

/**
 * Starts with no text at all.
 *
 * @param options `defaultOptions` where nothing else is said
 * @param facts texts that are read for what they say of Services, Gateways and the like, and left alone
 */
export function createSession(options: Options = defaultOptions, facts: readonly SourceFile[] = []): Session {
  const files = new Map<string, SourceFile>();
  const known = new Map<SourceFile, ReadFile>();
  let current: Conversion | undefined;
  const forget = (path: string): void => {
    const before = files.get(path);
    if (before !== undefined) known.delete(before);
    files.delete(path);
  };
  const read = (file: SourceFile): ReadFile => {
    const found = known.get(file) ?? readOne(file);
    known.set(file, found);
    return found;
  };
  return {
    update(path, text) {
      if (files.get(path)?.text === text) return;
      current = undefined;
      forget(path);
      if (text !== undefined) files.set(path, { path, text });
    },
    conversion() {
      current ??= convert(
        [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
        facts,
        options,
        undefined,
        [],
        read,
      );
      return current;
    },
  };
}
