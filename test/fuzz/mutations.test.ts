import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseFolders } from '../case-folders.ts';
import { randomFrom } from '../conformance/random.ts';
import { effort } from './effort.ts';
import { mutate } from './mutate.ts';
import { brokenPromises } from './promises.ts';

const cases = caseFolders();

test('no mutation of a case breaks a promise', { timeout: 0 }, () => {
  const property = fc.property(fc.nat(cases.length - 1), fc.noShrink(fc.nat()), (index, seed) => {
    const folder = cases[index];
    if (folder === undefined) throw new Error(`no case ${index}`);
    const file = { path: folder.input.path, text: mutate(folder.input.text, randomFrom(seed)) };
    expect(brokenPromises({ file, facts: folder.facts, options: folder.options })).toEqual([]);
  });
  fc.assert(property, effort(400));
});
