import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changesLines,
  fitsText,
  oldLineOf,
  parseDiff,
  removesLines,
  visibleRanges,
} from '../../src/suggest/diff.ts';
import { folderWith } from '../forge/run.ts';
import { shownLines } from '../forge/server.ts';

/** Lines that are all different, so that nobody can disagree on which of them stayed. */
const change = fc.array(
  fc.record({ number: fc.nat(59), kind: fc.constantFrom('remove', 'replace', 'insert') }),
  { minLength: 1, maxLength: 6 },
);

function changed(lines: readonly string[], changes: readonly { number: number; kind: string }[]): string[] {
  return lines.flatMap((line, index) => {
    const own = changes.find(({ number }) => number === index);
    if (own === undefined) return [line];
    if (own.kind === 'remove') return [];
    return own.kind === 'replace' ? [`new ${index}`] : [`new ${index}`, line];
  });
}

test('git decides the added, changed and removed lines, however much context a diff has', () => {
  const folder = folderWith({});
  const git = (context: number): string =>
    spawnSync('git', ['diff', '--no-index', `--unified=${context}`, 'old.yaml', 'new.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
  fc.assert(
    fc.property(change, changes => {
      const before = Array.from({ length: 60 }, (_, index) => `line ${index}`);
      const after = changed(before, changes);
      writeFileSync(join(folder, 'old.yaml'), `${before.join('\n')}\n`);
      writeFileSync(join(folder, 'new.yaml'), `${after.join('\n')}\n`);
      const asForges = git(3);
      const shown = (shownLines(asForges).get('new.yaml') ?? []).filter(([start, end]) => end >= start);
      for (const context of [3, 5, 60]) {
        const [file] = parseDiff(git(context));
        if (file === undefined) throw new Error('git shows nothing');
        expect(visibleRanges(file).map(({ start, end }) => [start, end])).toEqual(shown);
        expect(fitsText(file, `${after.join('\n')}\n`)).toBe(true);
        expect(fitsText(file, `x\n${after.join('\n')}\n`)).toBe(false);
        for (const [index, line] of after.entries()) {
          const here = { start: index + 1, end: index + 1 };
          expect(changesLines(file, here)).toBe(line.startsWith('new'));
          const old = oldLineOf(file, index + 1);
          if (old !== undefined) expect(before[old - 1]).toBe(line);
          // Two lines that were apart have lost what stood between them.
          const next = after[index + 1];
          const isApart = next !== undefined && before.indexOf(next) > before.indexOf(line) + 1;
          if (before.includes(line) && next !== undefined && before.includes(next))
            expect(removesLines(file, { start: index + 1, end: index + 2 })).toBe(isApart);
        }
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('names as git quotes them, files that come, go and move, and what has no lines', () => {
  const text = [
    'diff --git "a/\\303\\274 \\"x\\".yaml" "b/\\303\\274 \\"x\\".yaml"',
    'new file mode 100644',
    '--- /dev/null',
    '+++ "b/\\303\\274 \\"x\\".yaml"',
    '@@ -0,0 +1 @@',
    '+a: 1',
    'diff --git a/gone.yaml b/gone.yaml',
    'deleted file mode 100644',
    '--- a/gone.yaml',
    '+++ /dev/null',
    '@@ -1 +0,0 @@',
    '-a: 1',
    'diff --git a/old.yaml b/new.yaml',
    'similarity index 100%',
    'rename from old.yaml',
    'rename to new.yaml',
    'diff --git a/a.png b/a.png',
    'index 1111111..2222222 100644',
    'Binary files a/a.png and b/a.png differ',
    '',
  ].join('\n');
  const [added, deleted, renamed, binary] = parseDiff(text);
  expect(added).toMatchObject({ path: 'ü "x".yaml', status: 'added' });
  expect(deleted).toMatchObject({ path: 'gone.yaml', status: 'deleted' });
  expect(renamed).toEqual({ path: 'new.yaml', oldPath: 'old.yaml', status: 'renamed', hunks: [] });
  expect(binary).toMatchObject({ path: 'a.png', hunks: [] });
  expect([added, deleted, renamed, binary].map(file => file && visibleRanges(file))).toEqual([
    [{ start: 1, end: 1 }],
    [],
    [],
    [],
  ]);
});
