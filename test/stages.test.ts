import { describe, expect, test } from 'vitest';
import { applyEdits as editText } from '../src/6-emit/apply-edits.ts';
import { convert } from '../src/index.ts';
import type { Options } from '../src/options.ts';
import { type CaseFolder, caseFolders } from './case-folders.ts';

/**
 * Cases in which the two stages cannot give the bytes of one run, each for a reason of its own: documents for one object are
 * environments, a policy is moved only once the VirtualServices are gone, an item of a List stays where the first
 * stage wrote it, and at a waypoint routes beside a VirtualService that stays are one list with it.
 */
const apart: ReadonlySet<string> = new Set([
  'name/taken-by-another-document',
  'data-plane/ambient-namespace',
  'data-plane/ambient-pods',
  'exportTo/private-beside-public-elsewhere',
  'two-for-one-host/merged-at-a-waypoint',
  'waypoint/a-wildcard-beside-a-name',
  'policies/converted-past-a-version',
  'policies/converted-with-a-version',
  'metadata/between-braces',
]);

function textAfter({ input, facts }: CaseFolder, text: string, options: Options): string {
  const file = { ...input, text };
  const { edits } = convert([file], facts, options);
  const own = edits.filter(({ source }) => source.document.file.path === file.path);
  return editText(file, own).text ?? '';
}

const folders = caseFolders().filter(
  ({ options }) => !options.keepVirtualServices && options.stage === 'all',
);

describe('stage 1 and stage 2 give the bytes of one run', () => {
  test.each(folders.filter(({ name }) => !apart.has(name)))('$name', folder => {
    const { input, options } = folder;
    const whole = textAfter(folder, input.text, options);
    const first = textAfter(folder, input.text, { ...options, stage: '1' });
    expect(textAfter(folder, first, { ...options, stage: '2' })).toBe(whole);
  });
});

test('the exceptions are still exceptions', () => {
  const same = folders
    .filter(({ name }) => apart.has(name))
    .filter(folder => {
      const { input, options } = folder;
      const first = textAfter(folder, input.text, { ...options, stage: '1' });
      return textAfter(folder, first, { ...options, stage: '2' }) === textAfter(folder, input.text, options);
    });
  expect(same.map(({ name }) => name)).toEqual([]);
});
