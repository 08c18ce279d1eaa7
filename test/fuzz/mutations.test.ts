import { expect, test } from 'vitest';
import { caseFolders } from '../case-folders.ts';
import { randomFrom } from '../conformance/random.ts';
import { effort } from './effort.ts';
import { mutate } from './mutate.ts';
import { brokenPromises } from './promises.ts';

const cases = caseFolders();

/** So many failures are told of; they mostly have few causes. */
const told = 10;

test('no mutation of a case breaks a promise', { timeout: 0 }, () => {
  const { numRuns, seed } = effort(400);
  const failures: string[] = [];
  for (let run = 0; run < numRuns && failures.length < told; run += 1) {
    const random = randomFrom(seed + run);
    const { name, input, facts, options } = random.pick(cases);
    const file = { path: input.path, text: mutate(input.text, random) };
    for (const broken of brokenPromises({ file, facts, options }))
      failures.push(`FUZZ_SEED=${seed + run} FUZZ_RUNS=1, ${name}:\n${file.text}\n${broken}`);
  }
  expect(failures).toEqual([]);
});
