import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert } from '../../src/index.ts';
import { github, gitlab } from '../../src/suggest/dialect.ts';
import { caseFolders, convertCase } from '../case-folders.ts';
import { diffOf, faulty, service, virtualService } from '../forge/run.ts';
import { subsetsOf, tightPool } from '../shop-objects.ts';
import { suggestedFiles } from './apply.ts';

const names = ['a', 'b', 'c', 'd'];
const services = { path: 'services.yaml', text: names.map(service).join('---\n') };

const destinationRule = (name: string): string =>
  subsetsOf(name, ['v1'], tightPool).replace('name: v1', 'name: v1   # the old one');
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: "```suggestion"\n';

const name = fc.constantFrom(...names);
const documentArbitrary = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(name, fc.constantFrom('/', '/api', '/a-b'))
      .map(([one, path]) => virtualService(one, path)),
  },
  {
    weight: 3,
    arbitrary: name.map(one =>
      virtualService(one).replaceAll(`host: ${one}\n`, `host: ${one}\n        subset: v1\n`),
    ),
  },
  { weight: 2, arbitrary: name.map(destinationRule) },
  name.map(faulty),
  fc.constant(configMap),
);
const between = fc.constantFrom(
  '---\n',
  '---\n# About the next.\n',
  '\n---\n\n',
  '# About the last.\n---\n',
  '--- # mark\n',
);
const fileText = fc
  .tuple(
    fc.constantFrom('', '# Licence.\n', '---\n', '# yaml-language-server: $schema=x\n'),
    fc.array(fc.tuple(documentArbitrary, between), { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '\n', 'no line break', '---\n'),
  )
  .map(([head, documents, tail]) => {
    const body = documents.map(([text, mark], index) => (index === 0 ? '' : mark) + text).join('');
    return head + (tail === 'no line break' ? body.trimEnd() : body + tail);
  });

test('the buttons of a file give what `convert --write` gives, byte for byte', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      fc.array(fileText, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(github, gitlab),
      fc.nat(),
      (texts, dialect, at) => {
        const sources = [services, ...texts.map((text, index) => ({ path: `f${index}.yaml`, text }))];
        const after = Object.fromEntries(sources.map(({ path, text }) => [path, text]));
        const before = Object.fromEntries(
          sources.map(({ path, text }) => [path, earlier(text.split('\n'), at).join('\n')]),
        );
        const diff = diffOf({ ...before, 'services.yaml': services.text }, after);
        for (const file of suggestedFiles(sources, convert(sources), diff, dialect)) {
          expect(file.byButtons).toBe(file.byWrite);
          compared += 1;
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(compared).toBeGreaterThan(50);
}, 60_000);

/** What was there before: nothing, all but some lines, other lines, so that not everything is in the diff, or is new. */
function earlier(lines: readonly string[], at: number): readonly string[] {
  const from = at % lines.length;
  switch (at % 4) {
    case 0:
      return [...lines.slice(0, from), ...lines.slice(from + 9)];
    case 1:
      return [...lines.slice(0, from), '# gone', ...lines.slice(from + 6)];
    case 2:
      return lines.map((line, index) => (index % 3 === 0 ? `${line} # was` : line));
    default:
      return [''];
  }
}

test('the same over the case folders', () => {
  let compared = 0;
  for (const folder of caseFolders()) {
    const sources = [folder.input];
    const diff = diffOf({}, { [folder.input.path]: folder.input.text });
    for (const dialect of [github, gitlab]) {
      for (const file of suggestedFiles(sources, convertCase(folder), diff, dialect)) {
        expect(file.byButtons, folder.name).toBe(file.byWrite);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(300);
}, 300_000);

const corpus = join(import.meta.dirname, '../../../shared/corpus/manifests');

test.skipIf(!existsSync(corpus))(
  'the same over real manifests',
  () => {
    let compared = 0;
    for (const project of readdirSync(corpus)) {
      const folder = join(corpus, project);
      const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
        .map(entry => join(entry.parentPath, entry.name))
        .map(path => ({ path: relative(corpus, path), text: readFileSync(path, 'utf8') }));
      const conversion = convert(sources);
      const diff = diffOf({}, Object.fromEntries(sources.map(({ path, text }) => [path, text])));
      for (const dialect of [github, gitlab]) {
        for (const file of suggestedFiles(sources, conversion, diff, dialect)) {
          expect(file.byButtons, file.path).toBe(file.byWrite);
          compared += 1;
        }
      }
    }
    // Most real files that convert are parts of changes in several places, such as a Gateway and what is bound to it, or go as a
    // whole: those have no button. The others are compared twice for each forge: alone, and with what else is in their project.
    expect(compared).toBeGreaterThan(25);
  },
  300_000,
);
