import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Code, catalog, entryOf } from '../src/diagnostics/catalog.ts';
import { codeSections } from '../src/reporters/migration.ts';

const migration = join(import.meta.dirname, '../MIGRATION.md');
const marker =
  '<!-- The rest of this file is written by `npm run update` from src/diagnostics/catalog. -->\n\n';

describe('MIGRATION.md', () => {
  test('has a section for every code, and none else', () => {
    const text = readFileSync(migration, 'utf8');
    const head = text.slice(0, text.indexOf(marker) + marker.length);
    const expected = head + codeSections();
    if (process.env['UPDATE'] !== undefined) writeFileSync(migration, expected);
    expect(readFileSync(migration, 'utf8')).toBe(expected);
  });
});

describe.each(Object.keys(catalog) as Code[])('%s', code => {
  const { message, why, remedy } = entryOf(code);

  test('says why and what to do in sentences', () => {
    expect(code).toMatch(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/);
    expect(message).not.toMatch(/\.$/);
    expect(why).toMatch(/[.}]$/);
    expect(remedy).toMatch(/[.}]$/);
  });
});
