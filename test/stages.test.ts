import { describe, expect, test } from 'vitest';
import { applyEdits as editText } from '../src/6-emit/apply-edits.ts';
import { convert } from '../src/convert.ts';
import type { SourceFile } from '../src/index.ts';
import type { Options, Stage } from '../src/options.ts';
import { type CaseFolder, caseFolders } from './case-folders.ts';

/** Cases in which stages cannot give the bytes of one run, and why. */
const apart: ReadonlyMap<string, string> = new Map([
  [
    'name/taken-by-another-document',
    // Two environments have a VirtualService of one name. In one file nothing tells which of the two routes is whose.
    'one file holds two documents for one object',
  ],
]);

/** @returns what a stage leaves of a text */
function textAfter({ input, facts, options }: Case, text: string, stage: Stage): string {
  const file = { ...input, text };
  const [after] = filesAfter([file], facts, { ...options, stage });
  return after?.text ?? '';
}

type Case = Pick<CaseFolder, 'input' | 'facts' | 'options'>;

function filesAfter(
  files: readonly SourceFile[],
  facts: readonly SourceFile[],
  options: Options,
): readonly SourceFile[] {
  const { edits } = convert(files, facts, options);
  return files.map(file => {
    const own = edits.filter(({ source }) => source.document.file.path === file.path);
    return { ...file, text: editText(file, own).text ?? '' };
  });
}

function textsOf(
  one: Case,
): Readonly<Record<'whole' | 'first' | 'second' | 'needs' | 'routes' | 'last', string>> {
  const { text } = one.input;
  const whole = textAfter(one, text, 'all');
  // Where nothing is converted no stage is there to prepare another.
  if (whole === text)
    return {
      whole,
      first: text,
      second: textAfter(one, text, '2'),
      needs: text,
      routes: textAfter(one, text, '1'),
      last: text,
    };
  const first = textAfter(one, text, '1');
  const second = textAfter(one, first, '2');
  const needs = textAfter(one, text, '1a');
  const routes = textAfter(one, needs, '1b');
  // What is compared with the bytes of stage 1 above is not converted once more.
  const gone = textAfter(one, routes, '2a');
  return { whole, first, second, needs, routes, last: textAfter(one, gone, '2b') };
}

const folders = caseFolders().filter(
  ({ options }) => !options.keepVirtualServices && options.stage === 'all',
);

describe('stages give the bytes of one run, two or four of them', () => {
  test.each(folders.filter(({ name }) => !apart.has(name)))('$name', folder => {
    const { whole, first, second, routes, last } = textsOf(folder);
    expect({ '1 and 2': second, '1a and 1b': routes, 'all four': last }).toEqual({
      '1 and 2': whole,
      '1a and 1b': first,
      'all four': whole,
    });
  });
});

test.each([...apart])('%s is still an exception: %s', name => {
  const folder = folders.find(one => one.name === name);
  if (folder === undefined) throw new Error(`there is no case ${name}`);
  const { whole, second, last } = textsOf(folder);
  expect([second === whole, last === whole]).toEqual([false, false]);
});
