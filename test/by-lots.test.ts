import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameKey } from '../src/2-decode/resource.ts';
import { applyEdits } from '../src/6-emit/apply-edits.ts';
import { printResources } from '../src/6-emit/print.ts';
import type { Conversion } from '../src/conversion.ts';
import { convertAndKeep } from '../src/convert.ts';
import { convert, createSession, defaultOptions, type SourceFile } from '../src/index.ts';
import { readOne } from '../src/read-resources.ts';
import { caseFolders, linesOf, outputOf } from './case-folders.ts';

function bytesOf(conversion: Conversion, files: readonly SourceFile[]): string {
  const objects = conversion.outputs.map(({ resource }) => resource);
  return [
    linesOf(conversion),
    printResources(objects),
    JSON.stringify(conversion.together.map(one => [...one].map(nameKey).sort()).sort()),
    JSON.stringify([...conversion.removed].map(nameKey).sort()),
    ...files.map(file => {
      const own = conversion.edits.filter(({ source }) => source.document.file.path === file.path);
      return applyEdits(file, own).text ?? 'gone';
    }),
  ].join('\n====\n');
}

/** Kinds that meet others by names and labels alone. */
const apart = /^kind: (VirtualService|DestinationRule|Service|Gateway)$/;

// Any other kind keeps a cluster in one piece, and so does what is alone.
const cases = caseFolders().filter(({ facts, input }) => {
  const kinds = input.text.match(/^kind: .*$/gm) ?? [];
  return facts.length === 0 && kinds.length > 1 && kinds.every(kind => apart.test(kind));
});

/** What the smallest lots give, converted one by one. */
const bySmallestLots = (files: readonly SourceFile[], options = defaultOptions): Conversion => {
  const kept = { read: readOne, memory: new Map(), isComingAgain: true };
  return convertAndKeep(files, [], options, () => undefined, [], kept).conversion;
};

/** Ten seconds more for each cluster that CLUSTERS asks for. */
const timeout = 300_000 + 10_000 * Number(process.env['CLUSTERS'] ?? 0);

test('lots give what the whole gives, for every case', { timeout }, () => {
  const different = cases.filter(({ path, input, options }) => {
    const conversion = bySmallestLots([input], options);
    const recorded = (name: string) =>
      existsSync(join(path, name)) ? readFileSync(join(path, name), 'utf8') : '';
    const edited = applyEdits(input, conversion.edits).text ?? '';
    return (
      linesOf(conversion) !== recorded('diagnostics.txt') ||
      outputOf(conversion) !== recorded('expected.yaml') ||
      (existsSync(join(path, 'edited.yaml')) && edited !== recorded('edited.yaml'))
    );
  });
  expect(different.map(({ name }) => name)).toEqual([]);
});

/** Something that concerns all of the clusters keeps them in one piece. */
const nobody: SourceFile = {
  path: 'nobody.yaml',
  text: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: nobody\n',
};

/** One in sixteen; all of them where CLUSTERS asks for more. */
const some = cases.filter((_, index) => process.env['CLUSTERS'] !== undefined || index % 16 === 0);

test('lots of several environments give what the whole gives, for every case', { timeout }, () => {
  const different = some.filter(({ input: { text }, options }) => {
    const files = [
      { path: 'a/1.yaml', text },
      { path: 'b/1.yaml', text: text.replaceAll(/timeout: \S+s/g, 'timeout: 77s') },
      { path: 'b/2.yaml', text: text.replaceAll(/host: .*/g, 'host: elsewhere') },
      { path: 'c/1.yaml', text: text.replaceAll(/weight: \d+/g, 'weight: 50') },
    ];
    const expected = bytesOf(convert(files, [nobody], options), files);
    return [bySmallestLots(files, options), convert(files, [], options)].some(
      conversion => bytesOf(conversion, files) !== expected,
    );
  });
  expect(different.map(({ name }) => name)).toEqual([]);
});

const generator: string = new URL('../bench/mixed.mjs', import.meta.url).href;
const { mixed } = (await import(generator)) as { readonly mixed: (count: number) => readonly SourceFile[] };
const pool = mixed(60);

/** What people do to a file; names that are taken, hosts that others have, and YAML that breaks among it. */
const edits: readonly ((text: string) => string | undefined)[] = [
  text => text,
  text => text,
  () => undefined,
  text => text.replaceAll(/timeout: \d+s/g, 'timeout: 77s'),
  text => text.replaceAll('/api', '/other-api'),
  text => text.replaceAll(/weight: \d+/g, 'weight: 50'),
  text => text.replaceAll(/app-\d+/g, 'app-7'),
  text => text.replace(/host: app-\d+/, 'host: app-3'),
  text => text.replaceAll(/team-\d+/g, 'team-1'),
  text => text.replace(/hosts:\n {2}- .*/, 'hosts:\n  - app-5'),
  text => text.replace('http:\n', 'http:\n  - route: [{destination: {host: "*.shop"}}]\n'),
  text => text.replaceAll('prefix: /', 'prefix: '),
  text => text.replaceAll('port: 8080', 'port: 80'),
  text => text.replaceAll('port: 8080', 'port: 80').replaceAll('name: http', 'name: tcp'),
  text =>
    text
      .replaceAll('port: 8080', 'port: 80')
      .replace('metadata:\n', 'metadata:\n  annotations: {networking.istio.io/exportTo: "team-2"}\n'),
  text => text.slice(0, text.length >> 1),
  text => text.replace('spec:', 'spec: [{'),
  text => `${text}---\nkind: Something\n`,
];

const step = fc.record({
  index: fc.nat(pool.length - 1),
  edit: fc.nat(edits.length - 1),
  looks: fc.boolean(),
});

test('a session gives what the whole gives, whatever happens to the files', { timeout }, () => {
  const numRuns = Number(process.env['CLUSTERS'] ?? 8);
  fc.assert(
    fc.property(fc.array(step, { minLength: 6, maxLength: 20 }), steps => {
      const session = createSession();
      const files = new Map<string, SourceFile>();
      const look = () => {
        const now = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
        const expected = bytesOf(convert(now, [nobody]), now);
        expect(bytesOf(session.conversion(), now)).toBe(expected);
        expect(bytesOf(convert(now), now)).toBe(expected);
      };
      for (const { index, edit, looks } of steps) {
        const file = pool[index];
        const text = file === undefined ? undefined : edits[edit]?.(file.text);
        if (file === undefined) continue;
        session.update(file.path, text);
        if (text === undefined) files.delete(file.path);
        else files.set(file.path, { path: file.path, text });
        if (looks) look();
      }
      look();
    }),
    { numRuns, endOnFailure: true },
  );
});

const placed = fc.record({
  index: fc.nat(pool.length - 1),
  edit: fc.nat(edits.length - 1),
  folder: fc.constantFrom('', 'a/', 'b/', 'b/c/', 'd/'),
});

test('lots of several environments give what the whole gives, whatever is in them', { timeout }, () => {
  const numRuns = Number(process.env['CLUSTERS'] ?? 8);
  let count = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(pool.length - 1), { minLength: 1, maxLength: 6 }),
      fc.array(placed, { maxLength: 10 }),
      (everywhere, others) => {
        const all = [
          ...everywhere.flatMap(index =>
            ['a/', 'b/', 'd/'].map(folder => ({ index, folder, edit: folder === 'b/' ? 3 : 0 })),
          ),
          ...others,
        ];
        const files = new Map(
          all.flatMap(({ index, edit, folder }) => {
            const file = pool[index];
            const text = file === undefined ? undefined : edits[edit]?.(file.text);
            const path = `${folder}${file?.path}`;
            return text === undefined ? [] : [[path, { path, text }] as const];
          }),
        );
        const now = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
        const expected = bytesOf(convert(now, [nobody]), now);
        count += expected.includes('duplicate-name') ? 1 : 0;
        expect(bytesOf(convert(now), now)).toBe(expected);
        expect(bytesOf(bySmallestLots(now), now)).toBe(expected);
      },
    ),
    { numRuns, endOnFailure: true },
  );
  expect(count).toBeGreaterThan(0);
});
