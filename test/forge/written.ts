import { editFiles } from '../../src/6-emit/edit-files.ts';
import { convert } from '../../src/index.ts';
import type { Files } from './run.ts';

/** What `convert --write` makes of files. */
export function written(files: Files): Files {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  const changes = new Map(
    editFiles(sources, convert(sources).edits).map(({ file, text }) => [file.path, text]),
  );
  return Object.fromEntries(
    sources.flatMap(({ path, text }) => {
      const now = changes.has(path) ? changes.get(path) : text;
      return now === undefined ? [] : [[path, now]];
    }),
  );
}
