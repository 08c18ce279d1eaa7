import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../src/6-emit/apply-edits.ts';
import { convert } from '../src/index.ts';
import { caseFolders, convertCase, linesOf, outputOf } from './case-folders.ts';

const update = process.env['UPDATE'] !== undefined;

/** Holds a text against a file; with UPDATE set, writes it instead. An empty text is no file. */
function expectFile(path: string, text: string): void {
  if (update) {
    if (text === '') rmSync(path, { force: true });
    else writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
}

// As `%s`, since vitest shortens what `$name` stands for.
describe.each(caseFolders().map(folder => [folder.name, folder] as const))('%s', (_name, folder) => {
  const conversion = convertCase(folder);

  test('gives the objects and the diagnostics that are expected', () => {
    expectFile(join(folder.path, 'expected.yaml'), outputOf(conversion));
    expectFile(join(folder.path, 'diagnostics.txt'), linesOf(conversion));
  });

  const edited = join(folder.path, 'edited.yaml');
  if (existsSync(edited)) {
    test('edits the file as expected', () => {
      expectFile(edited, applyEdits(folder.input, conversion.edits).text ?? '');
    });
  }

  test('gives the same again', () => {
    expect(linesOf(convertCase(folder))).toBe(linesOf(conversion));
  });

  test('leaves nothing to do for a second run', () => {
    const { text } = applyEdits(folder.input, conversion.edits);
    const again = convert([{ path: folder.input.path, text: text ?? '' }], folder.facts, folder.options);
    expect(applyEdits({ path: folder.input.path, text: text ?? '' }, again.edits).text).toBe(text);
  });
});
