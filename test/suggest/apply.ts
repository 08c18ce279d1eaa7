import type { SourceFile } from '../../src/1-read/source.ts';
import { editFiles } from '../../src/6-emit/edit-files.ts';
import { convert } from '../../src/index.ts';
import type { LineComment } from '../../src/suggest/comment.ts';
import type { Dialect } from '../../src/suggest/dialect.ts';
import { parseDiff } from '../../src/suggest/diff.ts';
import { itemsOf, scopeOf } from '../../src/suggest/items.ts';
import { type Placement, place } from '../../src/suggest/place.ts';
import { suggestionIn } from '../forge/server.ts';

/** What is told of files when all of them are part of a pull request. */
export function told(sources: readonly SourceFile[], diff: string, dialect: Dialect): Placement {
  const files = parseDiff(diff);
  return place(itemsOf(convert(sources), scopeOf(files, 'nofilter')), {
    dialect,
    diff: files,
    files: new Map(sources.map(file => [file.path, file])),
    tag: '',
    command: () => 'vs2route convert --write .',
    maxLineComments: 10_000,
    maxFileComments: 10_000,
    refused: new Set(),
  });
}

/** Presses the buttons of comments on one file, as the forges' documentation says what they do. */
export function pressed(text: string, comments: readonly LineComment[]): string {
  const lines = text.split('\n');
  const found = comments.flatMap(({ anchor, body }) => {
    const suggestion = suggestionIn(body);
    if (suggestion === undefined) return [];
    const reach = /^suggestion:-(\d+)\+(\d+)$/.exec(suggestion.info);
    // GitHub replaces the lines of the comment; GitLab so many around its line.
    const start = reach === null ? anchor.start : anchor.line - Number(reach[1]);
    const end = reach === null ? anchor.end : anchor.line + Number(reach[2]);
    return [{ start, end, lines: suggestion.lines }];
  });
  for (const { start, end, lines: now } of found.toSorted((a, b) => b.start - a.start))
    lines.splice(start - 1, end - start + 1, ...now);
  return lines.join('\n');
}

/** The files in which everything that changes was suggested, with what they become by the buttons and by `--write`. */
export function suggestedFiles(
  sources: readonly SourceFile[],
  diff: string,
  dialect: Dialect,
): readonly { readonly path: string; readonly byButtons: string; readonly byWrite: string | undefined }[] {
  const { comments } = told(sources, diff, dialect);
  const lines = comments.filter(comment => comment.where === 'line');
  const changes = editFiles(sources, convert(sources).edits);
  return changes.flatMap(({ file, text }) => {
    const own = lines.filter(({ path, body }) => path === file.path && suggestionIn(body) !== undefined);
    const others = comments.some(comment => comment.where !== 'line' && comment.body.includes(' convert'));
    if (own.length === 0 || others) return [];
    return [{ path: file.path, byButtons: pressed(file.text, own), byWrite: text }];
  });
}
