import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertInJobs } from '../../src/cli/jobs/convert-in-jobs.ts';
import type { Answer, Task } from '../../src/cli/jobs/message.ts';
import type { Conversion } from '../../src/conversion.ts';
import { begin } from '../../src/convert.ts';
import { convert, defaultOptions, type SourceFile } from '../../src/index.ts';
import type { Options } from '../../src/options.ts';
import { readOne } from '../../src/read-resources.ts';
import { caseFolders } from '../case-folders.ts';
import { bytesOf } from '../conversion-bytes.ts';
import { pathOf, piece, pieces, textOf } from '../small-trees.ts';
import { placeWith } from './run.ts';

/** No two alike, and none that has anything to do with another: some lots of many objects. */
const unlike: readonly SourceFile[] = Array.from({ length: 600 }, (_, number) => ({
  path: `${1000 + number}.yaml`,
  text: pieces.route({
    kind: 'route',
    name: `app-${number}`,
    namespace: 'shop',
    other: '',
    number: number + 1,
  }),
}));

/** What each of some threads would do, one after the other; answers go through the copy that messages get. */
function inTurns(
  jobs: number,
  files: readonly SourceFile[],
  options: Options,
  facts: readonly SourceFile[] = [],
  fails: (number: number) => boolean = () => false,
): { readonly conversion: Conversion; readonly taken: number } {
  // The smallest lots, so that there are several of a few objects.
  const began = Array.from({ length: jobs }, () =>
    begin(files, facts, options, () => undefined, [], {
      read: readOne,
      memory: new Map(),
      isComingAgain: true,
    }),
  );
  const [main, ...others] = began;
  if (main === undefined) throw new Error('one thread at least');
  let taken = 0;
  for (const [index, number] of main.numbers.entries()) {
    const other = others[index % jobs];
    expect(other?.numbers ?? main.numbers).toEqual(main.numbers);
    if (other === undefined) main.lots?.convert(number);
    else if (!fails(number)) {
      const work = structuredClone(other.lots?.workOn(number));
      if (work !== undefined) main.lots?.take(number, work);
      if (work !== undefined) taken += 1;
    }
  }
  return { conversion: main.finish().conversion, taken };
}

/** A lot by itself, so that there are several. */
const besides: SourceFile = {
  path: 'zz-besides.yaml',
  text: 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: besides, namespace: besides}\nspec: {hosts: [besides], http: [{route: [{destination: {host: besides, port: {number: 80}}}]}]}\n',
};

/** Other kinds keep a cluster in one piece. */
const apart = /^kind: (VirtualService|DestinationRule|Service|Gateway)$/;
/** One in twelve of those that come apart; all of all where somebody asks. */
const cases = caseFolders().filter(({ input }, index) => {
  if (process.env['CLUSTERS'] !== undefined) return true;
  return index % 12 === 1 && (input.text.match(/^kind: .*$/gm) ?? []).every(kind => apart.test(kind));
});

test('two and three threads give the bytes of one, for every case', { timeout: 900_000 }, () => {
  let taken = 0;
  const different = cases.filter(({ input, facts, options }) => {
    const files = [input, besides];
    const whole = bytesOf(convert(files, facts, options), files);
    return [2, 3].some(jobs => {
      const some = inTurns(jobs, files, options, facts);
      taken += some.taken;
      return bytesOf(some.conversion, files) !== whole;
    });
  });
  expect(different.map(({ name }) => name)).toEqual([]);
  expect(taken).toBeGreaterThan(cases.length / 2);
});

test('one, two and three threads give the same bytes, for clusters of all kinds', {
  timeout: 900_000,
}, () => {
  const numRuns = Number(process.env['CLUSTERS'] ?? 12);
  const options = { ...defaultOptions, defaultPort: 8080 };
  const ofPieces = fc.array(piece, { minLength: 6, maxLength: 25 }).map(some => {
    const files = new Map(some.map(one => [pathOf(one), textOf([one])]));
    return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ path, text }));
  });
  fc.assert(
    fc.property(ofPieces, fc.nat(5), (files, broken) => {
      const whole = bytesOf(convert(files, [], options), files);
      for (const jobs of [1, 2, 3])
        expect(bytesOf(inTurns(jobs, files, options, [], n => n % 6 === broken).conversion, files)).toBe(
          whole,
        );
    }),
    { numRuns, endOnFailure: true },
  );
});

test('a limit of the run is reached at the same place whatever the number of threads', () => {
  const some = unlike.slice(0, 150);
  const options = { ...defaultOptions, defaultPort: 80, limitRequests: 5 };
  const whole = bytesOf(inTurns(1, some, options).conversion, some);
  expect(whole).toContain('limit-reached');
  expect(bytesOf(inTurns(3, some, options).conversion, some)).toBe(whole);
});

test('lots that no thread answers for are converted all the same', async () => {
  const task = { files: unlike, facts: [], options: defaultOptions, beside: [], examples: 0 };
  const steps: (readonly [number, number])[] = [];
  // There is no compiled program beside the sources: its threads end as they start.
  const conversion = await convertInJobs(3, task, (done, total) => steps.push([done, total]));
  expect(bytesOf(conversion, unlike)).toBe(bytesOf(convert(unlike), unlike));
  expect(steps.at(-1)).toEqual([1200, 1200]);
});

test('a thread answers for every lot that is left', async () => {
  const options = defaultOptions;
  const task: Task = {
    files: unlike,
    facts: [],
    options,
    beside: [],
    examples: 0,
    taken: new SharedArrayBuffer(4),
  };
  const kept = { read: readOne, memory: new Map() };
  const { lots, numbers, finish } = begin(unlike, [], options, () => undefined, [], kept);
  expect(numbers.length).toBeGreaterThan(3);
  const program = fileURLToPath(new URL('../../dist/cli/lot-worker.js', import.meta.url));
  const worker = new Worker(program, { workerData: task });
  const answers: Answer[] = [];
  worker.on('message', (answer: Answer) => answers.push(answer));
  expect(await once(worker, 'exit')).toEqual([0]);
  expect(answers.map(({ number }) => number)).toEqual(numbers);
  for (const { number, work } of answers) {
    expect(work).toBeDefined();
    if (work !== undefined) lots?.take(number, work);
  }
  expect(bytesOf(finish().conversion, unlike)).toBe(bytesOf(convert(unlike), unlike));
});

const told = new URL('preload/told-threads.mjs', import.meta.url).href;

test('the command prints the same with threads, and starts none with --jobs 1', () => {
  const place = placeWith(Object.fromEntries(unlike.map(({ path, text }) => [path, text])));
  const run = (...jobs: readonly string[]) =>
    place.runReal(['convert', '.', '--no-progress', ...jobs], { preload: told });
  const [one, three] = [run('--jobs', '1'), run('--jobs', '3')];
  const threads = (stderr: string) => stderr.split('\n').filter(line => line === 'a thread starts').length;
  expect([one, run(), three].map(({ stderr }) => threads(stderr))).toEqual([0, 0, 2]);
  expect(three.stdout).toBe(one.stdout);
  expect(three.stderr.replaceAll('a thread starts\n', '')).toBe(one.stderr);
  expect(three.code).toBe(one.code);
});
