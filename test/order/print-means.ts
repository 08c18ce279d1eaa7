import fc from 'fast-check';
import type { Options } from '../../src/index.ts';
import { httpEntries, longLists, negatedEntries, plainEntries } from './generate.ts';
import { howKept, tally } from './means.ts';

/** Prints by what means the order of generated lists was kept: `npm run means -- 1000`. */
const count = Number(process.argv[2] ?? 1000);
const seed = 1;

const kinds = [
  { title: 'lists, --prefix string', of: httpEntries, options: { prefix: 'string' } },
  { title: 'lists, --prefix path', of: httpEntries, options: {} },
  { title: 'lists with withoutHeaders, --prefix string', of: negatedEntries, options: { prefix: 'string' } },
  { title: 'lists of 17 to 30 entries, --prefix string', of: longLists, options: { prefix: 'string' } },
  { title: 'lists without expressions, --prefix path', of: plainEntries, options: {} },
  {
    title: 'lists without expressions, --profile portable',
    of: plainEntries,
    options: { profile: 'portable' },
  },
] as const satisfies readonly {
  readonly title: string;
  readonly of: fc.Arbitrary<Parameters<typeof howKept>[0]>;
  readonly options: Partial<Options>;
}[];

for (const { title, of, options } of kinds) {
  // Long lists take as long as a hundred others.
  const numRuns = of === longLists ? Math.ceil(count / 10) : count;
  const kept = fc.sample(of, { seed, numRuns }).map(http => howKept(http, options));
  process.stdout.write(`${title}\n`);
  for (const [name, number] of Object.entries(tally(kept)))
    process.stdout.write(`  ${name.padEnd(34)}${String(number).padStart(6)}\n`);
}
