import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import {
  defaultOptions,
  type SourceFile,
  type Verification,
  type VerifyOptions,
  verify,
} from '../src/index.ts';
import { plainPalette } from '../src/print/palette.ts';
import { printVerification } from '../src/reporters/verify-json.ts';
import { verificationText } from '../src/reporters/verify-text.ts';
import { lineOf } from './case-folders.ts';

/** Where the comparisons are: `testdata/verify/TOPIC/NAME/`, with `facts.yaml` there or in a folder above. */
const root = join(import.meta.dirname, '../testdata/verify');
const { from: _from, ...bothProxies } = defaultOptions;
const update = process.env['UPDATE'] !== undefined;

interface Comparison {
  readonly name: string;
  readonly path: string;
  readonly before: readonly SourceFile[];
  readonly after: readonly SourceFile[];
  readonly facts: readonly SourceFile[];
  readonly options: VerifyOptions;
}

function comparisons(): readonly Comparison[] {
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name === 'before.yaml')
    .map(({ parentPath }) => readComparison(parentPath))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readComparison(path: string): Comparison {
  const read = (name: string): readonly SourceFile[] =>
    existsSync(join(path, name)) ? [{ path: name, text: readFileSync(join(path, name), 'utf8') }] : [];
  const [options] = read('options.json');
  return {
    name: relative(root, path),
    path,
    before: read('before.yaml'),
    after: read('after.yaml'),
    facts: factsFor(path),
    options: {
      ...bothProxies,
      ...(options === undefined ? {} : (JSON.parse(options.text) as Partial<VerifyOptions>)),
    },
  };
}

/** The nearest `facts.yaml`, so that cases of one topic share the Services they speak of. */
function factsFor(path: string): readonly SourceFile[] {
  const file = join(path, 'facts.yaml');
  if (existsSync(file)) return [{ path: 'facts.yaml', text: readFileSync(file, 'utf8') }];
  return path === root ? [] : factsFor(dirname(path));
}

function textOf(verification: Verification): string {
  const said = verification.diagnostics.map(lineOf);
  return `${verificationText(verification, plainPalette)}${said.map(line => `${line}\n`).join('')}`;
}

function expectFile(path: string, text: string): void {
  if (update) writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
}

const schemas = ['report', 'verification'].map(
  file =>
    JSON.parse(readFileSync(join(root, `../../schemas/${file}.schema.json`), 'utf8')) as {
      readonly $id: string;
    },
);
const validator = new Ajv({ strict: false, allErrors: true, schemas });

describe.each(comparisons())('$name', ({ name, path, before, after, facts, options }) => {
  const verification = verify(before, after, facts, options);

  test('says what is expected', () => {
    expectFile(join(path, 'expected.txt'), textOf(verification));
    const json = join(path, 'expected.json');
    if (existsSync(json)) expectFile(json, printVerification(verification, []));
  });

  test('fits the schema', () => {
    const valid = validator.validate(schemas[1]?.$id ?? '', JSON.parse(printVerification(verification, [])));
    expect(valid, validator.errorsText()).toBe(true);
  });

  // What other tools write is there for its faults, unless the folder says that it is right.
  test('finds a difference where there is one', () => {
    const isRight = /(^|[/-])(kept|same)$/.test(name);
    expect(verification.same).toBe(isRight);
  });

  test('never writes two outcomes alike', () => {
    const examples = [...verification.causes, ...verification.connectionCauses].map(one => one.example);
    expect(examples.filter(one => one.before.outcome === one.after.outcome)).toEqual([]);
  });

  // Of a portable route that is not promised, nothing is equal to itself.
  test.skipIf(options.profile === 'portable')('finds none on either side alone', () => {
    expect(verify(before, before, facts, options).same).toBe(true);
    expect(verify(after, after, facts, options).same).toBe(true);
  });
});
