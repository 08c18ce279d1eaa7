import { expect, test } from 'vitest';
import { ansiPalette, plainPalette } from '../../src/print/palette.ts';
import { codeFrames } from '../../src/reporters/code-frame.ts';
import { textReport } from '../../src/reporters/text.ts';
import type { SourceFile } from '../../src/yaml/source.ts';
import { conversion, diagnostic, locate, textOf } from './sample.ts';

const plain = { palette: plainPalette, quiet: false };

test('errors and warnings with their lines, infos in one line, and what became of everything', () => {
  expect(textReport(conversion, textOf, plain)).toBe(`error[fault-injection] Faults are injected
 --> shop/reviews.yaml:8:5
  |
8 |   - fault:
  |     ^^^^^
  in  VirtualService shop/reviews (not converted), spec.http[0].fault
  why: The Gateway API has no faults.
  fix: Delete \`fault\`, or inject the fault in the application.

error[yaml-invalid] Faults are injected
 --> shop/rules.yaml:2:7
  |
2 | kind: List
  |       ^^^^

warning[subset-assumed] The subset is assumed
  --> shop/reviews.yaml:11:44
   |
11 |     - destination: {host: reviews, subset: v2}
   |                                            ^^
  ::: shop/rules.yaml:10:7
   |
10 |     - name: v2
   |       -------- the subset
  in  VirtualService shop/reviews, spec.http[0].route[0].destination.subset

info[prefix-by-segment] The prefix ends at a slash (shop/reviews.yaml:17:7)

                 no difference  only prefixes  differences  not converted  unchanged
VirtualService               0              1            0              1          0
DestinationRule              1              0            0              0          0

only prefixes differ because of
  1  prefix-by-segment

not converted because of
  1  fault-injection

Checked 1,200 requests before and after: 1,197 the same, 3 differ as listed.

\`vs2route explain CODE\` explains a code.
`);
});

test('quietly: errors alone', () => {
  const report = textReport(conversion, textOf, { ...plain, quiet: true });
  expect(report.match(/^\w+\[/gm)).toEqual(['error[', 'error[']);
  expect(report).not.toContain('converted with differences');
});

test('nothing to tell is told in no words', () => {
  expect(textReport({ resources: [], diagnostics: [] }, textOf, plain)).toBe('');
});

test('colours are where they are wanted only', () => {
  const coloured = textReport(conversion, textOf, { palette: ansiPalette, quiet: false });
  expect(coloured).toContain('\u001b[31merror[fault-injection]\u001b[0m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(textReport(conversion, textOf, plain));
});

const frameOf = (text: string, marked: string): readonly string[] => {
  // Only the kinds of files that people expect to see are quoted.
  const file: SourceFile = { path: 'kustomization.yaml', text };
  return codeFrames(
    () => text,
    plainPalette,
  )(diagnostic('kustomization.yaml', locate(file, marked))).slice(2);
};

test('tabs and wide characters do not move the mark', () => {
  expect(frameOf('a: 1\n- \thost: 評価 # 評価\n', 'host')).toEqual([
    '2 | -   host: 評価 # 評価',
    '  |     ^^^^',
  ]);
  expect(frameOf('評価: 👩‍👧 x # e\u0301\n', 'x')).toEqual(['1 | 評価: 👩‍👧 x # e\u0301', '  |          ^']);
  expect(frameOf('a: 評価\n', '評価')).toEqual(['1 | a: 評価', '  |    ^^^^']);
});

test('long lines are cut around the mark', () => {
  const long = `a: ${'x'.repeat(500)} here ${'y'.repeat(500)}`;
  expect(frameOf(long, 'here')).toEqual([
    `1 | …${'x'.repeat(29)} here ${'y'.repeat(65)}…`,
    `  | ${' '.repeat(31)}^^^^`,
  ]);
  expect(frameOf(`${'😀'.repeat(40)}! ${'b'.repeat(50)}`, '!')[0]).toBe(
    `1 | …${'😀'.repeat(15)}! ${'b'.repeat(50)}`,
  );
  expect(frameOf(`a: [${'z'.repeat(300)}]\n`, `[${'z'.repeat(300)}]`)[1]).toBe(`  |    ${'^'.repeat(97)}`);
});

test('in a narrow terminal a long line is cut, and its mark stays below it', () => {
  const file: SourceFile = {
    path: 'kustomization.yaml',
    text: `a: ${'x'.repeat(60)} here ${'y'.repeat(60)}\n`,
  };
  const lines = codeFrames(
    () => file.text,
    plainPalette,
    50,
  )(diagnostic('kustomization.yaml', locate(file, 'here')));
  const [line = '', mark = ''] = lines.slice(2);
  expect(Math.max(...lines.map(one => one.length))).toBeLessThanOrEqual(50);
  expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('here');
});

test('a mark over several lines shows the first one; an empty one has a width', () => {
  expect(frameOf('a:\r\n  b: 1\r\n  c: 2\r\n', 'b: 1\r\n  c')).toEqual(['2 |   b: 1', '  |   ^^^^']);
  const end = locate({ path: 'kustomization.yaml', text: 'ab' }, 'b');
  const range = { start: 2, end: 2 };
  const empty = diagnostic('kustomization.yaml', { ...end, range, start: end.end });
  expect(codeFrames(() => 'ab', plainPalette)(empty).slice(2)).toEqual(['1 | ab', '  |   ^']);
});

test('a manifest cannot talk to the terminal', () => {
  expect(frameOf('a: \u001b[31mred\u202e\n', 'red')).toEqual(['1 | a: ·[31mred·', '  |         ^^^']);
});
