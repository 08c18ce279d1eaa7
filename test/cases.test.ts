import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../src/6-emit/apply-edits.ts';
import { convert } from '../src/index.ts';
import type { Options } from '../src/options.ts';
import { type CaseFolder, caseFolders, convertCase, linesOf, outputOf } from './case-folders.ts';
import { describeTrees } from './tree-cases.ts';
import { twiceWritten } from './twice-written.ts';

const update = process.env['UPDATE'] !== undefined;

/** Holds a text against a file; with UPDATE set, writes it instead. An empty text is no file. */
function expectFile(path: string, text: string): void {
  if (update) {
    if (text === '') rmSync(path, { force: true });
    else writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
}

function expectNothingLeft({ input, facts }: CaseFolder, options: Options): void {
  const { path } = input;
  const text = applyEdits(input, convert([input], facts, options).edits).text ?? '';
  const again = convert([{ path, text }], facts, options);
  expect(applyEdits({ path, text }, again.edits).text).toBe(text);
  expect(twiceWritten([input], [{ path, text }])).toEqual([]);
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

  test('tells of every difference that a proof has met', () => {
    const untold = conversion.resources.flatMap(({ resource, proof, diagnostics }) =>
      (proof?.declared ?? [])
        .filter(({ code }) => !diagnostics.some(diagnostic => diagnostic.code === code))
        .map(({ code }) => `${resource.name}: ${code}`),
    );
    expect(untold).toEqual([]);
  });

  test('gives the same again', () => {
    expect(linesOf(convertCase(folder))).toBe(linesOf(conversion));
  });

  test('leaves nothing to do for a second run', () => {
    expectNothingLeft(folder, folder.options);
  });

  test('leaves nothing to do for a second run where VirtualServices stay and waypoints are created', () => {
    expectNothingLeft(folder, { ...folder.options, keepVirtualServices: true, createWaypoints: true });
  });
});

describeTrees();
