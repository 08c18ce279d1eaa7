import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversion } from '../src/conversion.ts';
import { convertAndKeep } from '../src/convert.ts';
import { createSession, defaultOptions, type SourceFile } from '../src/index.ts';
import type { Options } from '../src/options.ts';
import { readOne } from '../src/read-resources.ts';
import { caseFolders } from './case-folders.ts';
import { bytesOf } from './conversion-bytes.ts';

const options: Options = { ...defaultOptions, defaultPort: 8080 };

function converted(files: readonly SourceFile[], isReusing: boolean, chosen = options): Conversion {
  const kept = { read: readOne, memory: new Map(), isReusing };
  return convertAndKeep(files, [], chosen, () => undefined, [], kept).conversion;
}

/** How many objects were put together out of those of another lot: only these are made when somebody asks. */
function reused({ outputs }: Conversion): number {
  return outputs.filter(output => Object.getOwnPropertyDescriptor(output, 'resource')?.get !== undefined)
    .length;
}

const generator: string = new URL('../bench/mixed.mjs', import.meta.url).href;
const { mixed } = (await import(generator)) as { readonly mixed: (count: number) => readonly SourceFile[] };
const pool = mixed(60);
/** Those whose Gateways are no file of their own. */
const inMesh = pool.filter(
  ({ text }) => text.includes('kind: VirtualService') && !text.includes('gateways:'),
);

/** The same manifest for another application and another team. */
function renamed({ text }: SourceFile, app: string, team: string): string {
  return text.replaceAll(/app-\d+/g, app).replaceAll(/team-\d+/g, team);
}

const apart = /^kind: (VirtualService|DestinationRule|Service|Gateway)$/;
/** One in three; all of them where CLUSTERS asks for more. */
const cases = caseFolders()
  .filter(({ facts, input }) => {
    const kinds = input.text.match(/^kind: .*$/gm) ?? [];
    return facts.length === 0 && kinds.length > 0 && kinds.every(kind => apart.test(kind));
  })
  .filter((_, index) => process.env['CLUSTERS'] !== undefined || index % 3 === 0);

/** The same objects several times, with a number behind each of their names. */
function severalOf(text: string): readonly SourceFile[] {
  const names = [...text.matchAll(/^ {2}(?:name|namespace): ([a-z][a-z-]*)$/gm)].map(([, name = '']) => name);
  const words = [...new Set(names)].sort((a, b) => b.length - a.length);
  if (words.length === 0) return [];
  const word = new RegExp(`(?<![\\w-])(?:${words.join('|')})(?![\\w-])`, 'g');
  return [11, 12, 23, 34].map(number => ({
    path: `${number}.yaml`,
    text: text.replaceAll(word, name => `${name}-${number}`),
  }));
}

/** Ten seconds more for each cluster that CLUSTERS asks for. */
const timeout = 300_000 + 10_000 * Number(process.env['CLUSTERS'] ?? 0);

test('reused results are those of a conversion, for every case', { timeout }, () => {
  let count = 0;
  const different = cases.filter(({ input, options: chosen }) => {
    const files = severalOf(input.text);
    const conversion = converted(files, true, chosen);
    count += reused(conversion);
    return bytesOf(conversion, files) !== bytesOf(converted(files, false, chosen), files);
  });
  expect(different.map(({ name }) => name)).toEqual([]);
  expect(count).toBeGreaterThan(30);
});

/** The same again in two environments more, with other timeouts in one of them. */
function inEnvironments(files: readonly SourceFile[]): readonly SourceFile[] {
  return ['a', 'b', 'c'].flatMap(folder =>
    files.map(({ path, text }) => ({
      path: `${folder}/${path}`,
      text: folder === 'b' ? text.replaceAll(/timeout: \S+s/g, 'timeout: 77s') : text,
    })),
  );
}

test('reused results of several environments are those of a conversion, for every case', { timeout }, () => {
  let count = 0;
  const some = cases.filter((_, index) => process.env['CLUSTERS'] !== undefined || index % 4 === 0);
  const different = some.filter(({ input, options: chosen }) => {
    const files = inEnvironments(severalOf(input.text));
    const conversion = converted(files, true, chosen);
    count += reused(conversion);
    return bytesOf(conversion, files) !== bytesOf(converted(files, false, chosen), files);
  });
  expect(different.map(({ name }) => name)).toEqual([]);
  expect(count).toBeGreaterThan(10);
});

const numbered = fc.integer({ min: 5, max: 99 }).map(number => `app-${number}`);
/** Names that are cut, quoted, refused or mean something, and names that other texts of a manifest begin with. */
const peculiar = fc.constantFrom(
  'istio-system',
  'default',
  'mesh',
  'true',
  'null',
  '123',
  '1e3',
  'e1',
  'v1',
  'v2',
  'h2c',
  'App-1',
  'a.b-1',
  'app',
  'app-1-v1',
  'app-1-part',
  'api',
  'part-1',
  'team-1',
  'istio-1',
  'gateway-1',
  `app-1${'x'.repeat(56)}`,
  `app-2${'x'.repeat(56)}`,
  `app-3${'x'.repeat(57)}`,
  `app-4${'x'.repeat(57)}`,
  `app-5${'x'.repeat(58)}`,
);
const name = fc.oneof({ weight: 6, arbitrary: numbered }, { weight: 1, arbitrary: peculiar });
const team = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 8, max: 60 }).map(number => `team-${number}`) },
  { weight: 1, arbitrary: peculiar },
);
const one = fc.record({ of: fc.nat(1), app: name, team });

test('reused results are those of a conversion, whatever the names are', { timeout }, () => {
  let count = 0;
  const run = fc.property(
    fc.nat(inMesh.length - 2),
    fc.array(one, { minLength: 12, maxLength: 40 }),
    (from, all) => {
      const files = all.flatMap(({ of, app, team: own }, index) => {
        const file = inMesh[from + of];
        return file === undefined
          ? []
          : [{ path: `${index % 3}/${index}.yaml`, text: renamed(file, app, own) }];
      });
      const conversion = converted(files, true);
      count += reused(conversion);
      expect(bytesOf(conversion, files)).toBe(bytesOf(converted(files, false), files));
    },
  );
  fc.assert(run, { numRuns: Number(process.env['CLUSTERS'] ?? 12), endOnFailure: true });
  expect(count).toBeGreaterThan(0);
});

const environment = fc.record({
  folder: fc.constantFrom('a/', 'b/', 'c/', ''),
  seconds: fc.integer({ min: 1, max: 3 }),
  /** Those of which it has no document. */
  without: fc.array(fc.integer({ min: 10, max: 29 }), { maxLength: 4 }),
});

test('reused results of environments are those of a conversion, whatever each of them has', {
  timeout,
}, () => {
  let count = 0;
  const run = fc.property(
    fc.nat(inMesh.length - 1),
    fc.array(environment, { minLength: 2, maxLength: 4 }),
    (from, environments) => {
      const files = new Map<string, SourceFile>();
      for (const { folder, seconds, without } of environments)
        for (let app = 10; app < 30; app += 1) {
          const file = inMesh[from];
          const path = `${folder}${app}.yaml`;
          if (file === undefined || without.includes(app)) continue;
          const text = renamed(file, `app-${app}`, `team-${app}`);
          files.set(path, { path, text: text.replaceAll(/timeout: \S+s/g, `timeout: ${seconds}s`) });
        }
      const all = [...files.values()];
      const conversion = converted(all, true);
      count += reused(conversion);
      expect(bytesOf(conversion, all)).toBe(bytesOf(converted(all, false), all));
    },
  );
  fc.assert(run, { numRuns: Number(process.env['CLUSTERS'] ?? 12), endOnFailure: true });
  expect(count).toBeGreaterThan(0);
});

test('a session reuses lots after an update as well', () => {
  const first = inMesh.find(({ text }) => !text.includes('retries:'));
  if (first === undefined) throw new Error('There are no manifests.');
  const files = new Map<string, SourceFile>();
  const session = createSession(options);
  const put = (path: string, text: string): void => {
    files.set(path, { path, text });
    session.update(path, text);
  };
  for (let index = 10; index < 30; index += 1)
    put(`${index}.yaml`, renamed(first, `app-${index}`, `team-${index}`));
  const look = (): Conversion => {
    const now = [...files.values()];
    const conversion = session.conversion();
    expect(bytesOf(conversion, now)).toBe(bytesOf(converted(now, false), now));
    return conversion;
  };
  look();
  put('15.yaml', renamed(first, 'app-15', 'team-15').replaceAll('/', '/other-'));
  look();
  put('15.yaml', renamed(first, 'app-15', 'team-15'));
  expect(reused(look())).toBeGreaterThan(10);
});

test('a lot is told whether its namespace has Services of other lots, and none has the result of another', () => {
  const list = (number: number): SourceFile => ({
    path: `list-${number}.yaml`,
    text: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: oven-${number}, namespace: street-${number}}
spec:
  hosts: [oven-${number}]
  http: [{route: [{destination: {host: oven-${number}, port: {number: 80}}}]}]
`,
  });
  const other = (number: number): SourceFile => ({
    path: `other-${number}.yaml`,
    text: `apiVersion: v1
kind: Service
metadata: {name: till, namespace: street-${number}}
spec: {ports: [{name: http, port: 80}]}
`,
  });
  const numbers = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];
  const files = [...numbers.map(list), ...numbers.filter(number => number % 2 === 0).map(other)];
  const conversion = converted(files, true);
  expect(bytesOf(conversion, files)).toBe(bytesOf(converted(files, false), files));
  expect(reused(conversion)).toBeGreaterThan(0);
  const told = conversion.resources.flatMap(({ resource, diagnostics }) =>
    diagnostics.some(({ code }) => code === 'service-not-in-input') ? [resource.name] : [],
  );
  expect(told).toEqual(['oven-12', 'oven-14', 'oven-16', 'oven-18', 'oven-20', 'oven-22']);
});
