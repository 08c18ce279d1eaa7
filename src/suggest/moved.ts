import type { CatalogEntry } from '../diagnostics/catalog-entry.ts';
import type { Finding } from './check.ts';
import { redact } from './credentials.ts';
import type { DiffFile } from './diff.ts';

/** The code of a VirtualService that a pull request moves to where nobody looks. */
export const NOT_READ = 'not-read';

/** The text of code scanning for it. */
export const notRead: CatalogEntry = {
  severity: 'error',
  fate: 'input',
  family: 'files',
  message: 'a VirtualService was moved to where it is not read',
  why: 'vs2route reads manifests that are not hidden and not ignored. Nothing is said of a VirtualService elsewhere, so that moving one would hide it.',
  remedy: 'Move it back, or delete it where it is not applied.',
};

/** The knowledge of a run about the files of a pull request. */
export interface Sight {
  /** Whether a file was looked into. */
  readonly isSeen: (path: string) => boolean;
  /** Whether a file by this path would be looked into. */
  readonly wouldBeSeen: (path: string) => boolean;
  /** @returns undefined where there is no such file */
  readonly textOf: (path: string) => string | undefined;
}

/**
 * The VirtualServices that a pull request takes out of sight: by a new name for their file, or by writing them anew where
 * they are not read. Nothing would be said of them otherwise.
 */
export function movedOutOfSight(diff: readonly DiffFile[], sight: Sight): readonly Finding[] {
  const taken = diff.flatMap(file =>
    sight.wouldBeSeen(file.oldPath ?? file.path) ? namesRemoved(file) : [],
  );
  return diff.flatMap((file): readonly Finding[] => {
    const { path, oldPath = path, status } = file;
    if (status === 'deleted' || sight.isSeen(path)) return [];
    const names = namesIn(sight.textOf(path) ?? '');
    const isMoved = status === 'renamed' && sight.wouldBeSeen(oldPath) && names.length > 0;
    if (!isMoved && !(status === 'added' && names.some(name => taken.includes(name)))) return [];
    const from = isMoved ? `from ${oldPath} ` : '';
    const message = `VirtualService ${names.join(' and ')} was moved ${from}to where it is not read`;
    return [
      { code: NOT_READ, path, line: 1, severity: 'convertible', message: redact(message), isTouched: true },
    ];
  });
}

function namesRemoved({ hunks }: DiffFile): readonly string[] {
  const lines = hunks.flatMap(hunk => hunk.lines.filter(({ kind }) => kind === 'removed'));
  return namesIn(lines.map(({ text }) => text).join('\n'));
}

/** The names of the VirtualServices of a text that need not parse: it may be a template now, or a part of a file. */
function namesIn(text: string): readonly string[] {
  return text.split(/^---/m).flatMap(document => {
    if (!/\bkind["']?\s*:\s*["']?VirtualService\b/.test(document)) return [];
    const [, name] = /^\s*["']?name["']?\s*:\s*["']?([^\s"',}]+)/m.exec(document) ?? [];
    return name === undefined ? [] : [name];
  });
}
