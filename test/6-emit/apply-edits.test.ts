import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applyEdits } from '../../src/6-emit/apply-edits.ts';
import { editCases } from './edit-cases.ts';

const { UPDATE } = process.env;

const read = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

test.each(editCases())('$name', ({ folder, file, edits }) => {
  const { text, lostComments } = applyEdits(file, edits);
  const actual = {
    [file.path.replace('input', 'expected')]: text,
    'lost-comments.txt': lostComments.length > 0 ? `${lostComments.join('\n')}\n` : undefined,
  };
  for (const [name, content] of Object.entries(actual)) {
    const path = `${folder}${name}`;
    if (UPDATE !== undefined) {
      rmSync(path, { force: true });
      if (content !== undefined) writeFileSync(path, content);
    }
    expect(content, name).toBe(read(path));
  }
});
