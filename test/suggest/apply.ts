import type { SourceFile } from '../../src/1-read/source.ts';
import { editFiles } from '../../src/6-emit/edit-files.ts';
import type { Conversion } from '../../src/conversion.ts';
import type { LineComment } from '../../src/suggest/comment.ts';
import type { Dialect } from '../../src/suggest/dialect.ts';
import { type DiffFile, parseDiff } from '../../src/suggest/diff.ts';
import { type Item, itemsOf, scopeOf } from '../../src/suggest/items.ts';
import { buttonsOf } from '../../src/suggest/line-comments.ts';
import { type Placement, place } from '../../src/suggest/place.ts';
import { removedBefore, replaceLines, suggestionIn } from '../forge/server.ts';

/** What is told of some items when as many comments may be made as there are. */
function told(
  items: readonly Item[],
  sources: readonly SourceFile[],
  diff: readonly DiffFile[],
  dialect: Dialect,
): Placement {
  return place(items, {
    dialect,
    diff,
    files: new Map(sources.map(file => [file.path, file])),
    tag: '',
    command: () => 'vs2route convert --write .',
    maxLineComments: 10_000,
    maxFileComments: 10_000,
    refused: new Set(),
  });
}

/** Presses the buttons of comments on one file, as the forges' documentation says what they do. */
function pressed(text: string, comments: readonly LineComment[]): string {
  const found = comments.flatMap(({ anchor, body }) => {
    const suggestion = suggestionIn(body);
    if (suggestion === undefined) return [];
    const reach = /^suggestion:-(\d+)\+(\d+)$/.exec(suggestion.info);
    // GitHub replaces the lines of the comment; GitLab so many around its line.
    const start = reach === null ? anchor.start : anchor.line - Number(reach[1]);
    const end = reach === null ? anchor.end : anchor.line + Number(reach[2]);
    return [{ start, end, lines: suggestion.lines }];
  });
  return replaceLines(text, found);
}

/** What a file becomes by the buttons of suggestions, and by `--write`. */
export interface Compared {
  readonly path: string;
  readonly byButtons: string;
  readonly byWrite: string | undefined;
}

/**
 * Presses buttons: those of one change after another, each on files as they are, and those of all changes at once, in
 * files in which everything that changes is suggested.
 */
export function suggestedFiles(
  sources: readonly SourceFile[],
  conversion: Conversion,
  diffText: string,
  dialect: Dialect,
): readonly Compared[] {
  const diff = parseDiff(diffText);
  const items = itemsOf(conversion, scopeOf(diff, 'nofilter'));
  const changes = items.filter(item => item.kind === 'change');
  const compare = (some: readonly Item[], edits: Conversion['edits']): readonly Compared[] => {
    const { comments } = told(some, sources, diff, dialect);
    const lines = comments.filter(comment => comment.where === 'line');
    refuseDeleted(diffText, lines, dialect);
    return editFiles(sources, edits).flatMap(({ file, text }) => {
      const own = lines.filter(({ path, body }) => path === file.path && suggestionIn(body) !== undefined);
      const others = comments.some(comment => comment.where !== 'line' && comment.body.includes(' convert'));
      if (own.length === 0 || others) return [];
      return [{ path: file.path, byButtons: pressed(file.text, own), byWrite: text }];
    });
  };
  return [
    ...compare(
      items,
      changes.flatMap(buttonsOf).flatMap(({ edits }) => edits),
    ),
    ...(changes.length < 2
      ? []
      : changes.flatMap(item =>
          compare(
            [item],
            buttonsOf(item).flatMap(({ edits }) => edits),
          ),
        )),
  ];
}

/** GitHub takes a suggestion across removed lines, and then refuses to commit it. */
function refuseDeleted(diff: string, comments: readonly LineComment[], { name }: Dialect): void {
  if (name !== 'github') return;
  const removed = removedBefore(diff);
  for (const { path, anchor, body } of comments) {
    const own = [...(removed.get(path) ?? [])];
    if (suggestionIn(body) !== undefined && own.some(line => line > anchor.start && line <= anchor.end))
      throw new Error(`${path}: lines are removed within a suggestion`);
  }
}
