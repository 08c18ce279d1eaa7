import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { defaultOptions, type Options, type Request, type SourceFile, trace } from '../src/index.ts';
import { plainPalette } from '../src/print/palette.ts';
import { traceText } from '../src/reporters/trace-text.ts';
import { printTrace } from '../src/reporters/verify-json.ts';
import { lineOf } from './case-folders.ts';

/** Where the requests are: `testdata/trace/NAME/` with `input.yaml` and `request.json`. */
const root = join(import.meta.dirname, '../testdata/trace');
const update = process.env['UPDATE'] !== undefined;

const nothingSpecial: Omit<Request, 'host'> = {
  scheme: 'http',
  port: 80,
  method: 'GET',
  path: '/',
  headers: {},
  queryParams: {},
};

function traced(folder: string) {
  const read = (name: string): readonly SourceFile[] =>
    existsSync(join(folder, name)) ? [{ path: name, text: readFileSync(join(folder, name), 'utf8') }] : [];
  const [options, request] = ['options.json', 'request.json'].map(name =>
    JSON.parse(read(name)[0]?.text ?? '{}'),
  );
  return trace(read('input.yaml'), { ...nothingSpecial, ...(request as Request) }, read('facts.yaml'), {
    ...defaultOptions,
    ...(options as Partial<Options>),
  });
}

function expectFile(path: string, text: string): void {
  if (update) writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
}

const names = readdirSync(root).sort();

const schemas = ['report', 'verification', 'trace'].map(
  file =>
    JSON.parse(readFileSync(join(root, `../../schemas/${file}.schema.json`), 'utf8')) as {
      readonly $id: string;
    },
);
const validator = new Ajv({ strict: false, allErrors: true, schemas });

describe.each(names)('%s', name => {
  const folder = join(root, name);
  const found = traced(folder);

  test('is followed as expected', () => {
    const refused = found.refused.map(diagnostic => `${lineOf(diagnostic)}\n`).join('');
    expectFile(join(folder, 'expected.txt'), `${traceText(found, plainPalette)}${refused}`);
    const json = join(folder, 'expected.json');
    if (existsSync(json)) expectFile(json, printTrace(found, []));
  });

  test('fits the schema', () => {
    const valid = validator.validate(schemas[2]?.$id ?? '', JSON.parse(printTrace(found, [])));
    expect(valid, validator.errorsText()).toBe(true);
  });

  test('gives a reason for every rule it passes, and places that are there', () => {
    const input = readFileSync(join(folder, 'input.yaml'), 'utf8').split('\n');
    for (const side of found.views.flatMap(({ before, after }) => [before, after])) {
      for (const { reason } of side.passed) expect(reason).not.toBe('');
      const rules = [...side.passed.map(({ rule }) => rule), ...(side.rule === undefined ? [] : [side.rule])];
      for (const { location, from } of rules) {
        const place = location ?? from?.location;
        expect(place).toBeDefined();
        if (place?.file === 'input.yaml') expect(input[place.start.line - 1]).toMatch(/^\s*- /);
      }
    }
  });
});
