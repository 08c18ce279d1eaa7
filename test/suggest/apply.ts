import { editFiles } from '../../src/6-emit/edit-files.ts';
import type { Conversion } from '../../src/conversion.ts';
import type { LineComment } from '../../src/suggest/comment.ts';
import type { Dialect } from '../../src/suggest/dialect.ts';
import { type DiffFile, parseDiff } from '../../src/suggest/diff.ts';
import { type ChangeItem, type Item, itemsOf, scopeOf } from '../../src/suggest/items.ts';
import { offeredParts } from '../../src/suggest/offered.ts';
import { type Placement, place } from '../../src/suggest/place.ts';
import type { SourceFile } from '../../src/yaml/source.ts';
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
    filter: 'nofilter',
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

/** So many suggestions are made on one pull request; of more there is one comment with one command. */
const CHUNK = 5;

/**
 * Presses buttons: those of one change after another, each on files as they are, and those of several changes at once. Changes
 * without a button, such as those in several places, are left out: nothing can be pressed for them.
 */
export function suggestedFiles(
  sources: readonly SourceFile[],
  conversion: Conversion,
  diffText: string,
  dialect: Dialect,
): readonly Compared[] {
  const diff = parseDiff(diffText);
  const changes = itemsOf(conversion, scopeOf(diff, 'nofilter')).filter(item => item.kind === 'change');
  const compare = (some: readonly ChangeItem[]): readonly Compared[] => {
    const { comments } = told(some, sources, diff, dialect);
    const lines = comments.filter(comment => comment.where === 'line');
    refuseDeleted(diffText, lines, dialect);
    const edits = some.flatMap(offeredParts).flatMap(part => part.edits);
    return editFiles(sources, edits).flatMap(({ file, text }) => {
      const own = lines.filter(({ path, body }) => path === file.path && suggestionIn(body) !== undefined);
      return own.length === 0 ? [] : [{ path: file.path, byButtons: pressed(file.text, own), byWrite: text }];
    });
  };
  const withButton = changes.filter(item => compare([item]).length > 0);
  const chunks = Array.from({ length: Math.ceil(withButton.length / CHUNK) }, (_, index) =>
    withButton.slice(index * CHUNK, (index + 1) * CHUNK),
  );
  return [
    ...chunks.flatMap(compare),
    ...(withButton.length < 2 ? [] : withButton.flatMap(item => compare([item]))),
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
