import { readdirSync } from 'node:fs';
import fastGlob from 'fast-glob';
import { shownPath } from './paths.ts';
import { explainError, type Problem } from './problem.ts';

// Later: .gitignore, unless --no-ignore, and --exclude.
const ignored = ['**/node_modules/**'];

/**
 * Looks for files in a folder. Links are not followed; a folder that cannot be read is a problem, and no more.
 *
 * @param given the path on the command line that led here
 * @returns paths relative to the folder, sorted
 */
export function search(
  pattern: string,
  folder: string,
  given: string,
  cwd: string,
  problems: Problem[],
): readonly string[] {
  const options: fastGlob.Options = {
    cwd: folder,
    ignore: [...ignored],
    followSymbolicLinks: false,
    caseSensitiveMatch: false,
    fs: {
      // One folder that cannot be read must not keep the others from being read, nor go unnoticed.
      readdirSync: ((path: string, settings: { withFileTypes: true }) => {
        try {
          return readdirSync(path, settings);
        } catch (error) {
          if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
          const remedy = 'Make the folder readable, or leave it out.';
          problems.push({ path: shownPath(path, cwd, given), message: explainError(error), remedy });
          return [];
        }
      }) as typeof readdirSync,
    },
  };
  return fastGlob.globSync(pattern, options).toSorted();
}
