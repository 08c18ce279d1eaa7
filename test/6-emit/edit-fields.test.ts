import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Edit } from '../../src/6-emit/edit.ts';
import { editFields } from '../../src/6-emit/edit-fields.ts';
import { fileStyleOf } from '../../src/6-emit/file-style.ts';
import type { FieldPath, SourceDocument } from '../../src/yaml/source.ts';

type Value = string | number | readonly Value[] | { readonly [key: string]: Value };

const key = fc.constantFrom('a', 'b', 'on', 'istio.io/x', '1', 'say "x"');
const { value: values, map: maps } = fc.letrec<{ leaf: Value; value: Value; map: Value }>(tie => ({
  leaf: fc.constantFrom('x', '*.y', 'on', '', 'line\ntwo\n', '# no', 7, 'a: b'),
  map: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    tie('map'),
    fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
  ),
}));
const print = fc.constantFrom<(value: Value) => string>(
  value => stringify(value, { lineWidth: 0 }),
  value => stringify(value, { indentSeq: false, indent: 4 }),
  value => stringify(value, { collectionStyle: 'flow', lineWidth: 20 }),
  value => stringify(value, { blockQuote: false }).trimEnd(),
  value => JSON.stringify(value),
  value => JSON.stringify(value, null, 2),
  // A comment behind and below every line that can have one.
  value => stringify(value, { blockQuote: false }).replaceAll(/^( *)(.*)$/gm, '$1$2 # behind\n$1# below'),
);

const source = { document: {} as SourceDocument, path: [] };

function pathsOf(value: Value, path: FieldPath = []): readonly FieldPath[] {
  if (typeof value !== 'object') return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([k, child]) =>
      pathsOf(child, [...path, Array.isArray(value) ? Number(k) : k]),
    ),
  ];
}

function at(value: Value, path: FieldPath): Value {
  return path.reduce<Value>((found, part) => Reflect.get(Object(found), part), value);
}

test('a field gets another value, and nothing else changes', () => {
  fc.assert(
    fc.property(
      maps,
      print,
      fc.nat(),
      values,
      fc.array(key, { maxLength: 2 }),
      (value, print, pick, next, more) => {
        const paths = pathsOf(value).filter(path => path.length > 0);
        const existing = paths[pick % paths.length] ?? [];
        const old = at(value, existing);
        const isMap = typeof old === 'object' && !Array.isArray(old);
        const path = [...existing, ...(isMap ? more : Array.isArray(old) ? [old.length] : [])];
        const text = print(value);
        const edit: Edit = { kind: 'set-field', source, path, value: next };
        const edited = editFields(text, [], [edit], fileStyleOf(text));
        const expected = structuredClone(value);
        path.reduce<object>((parent, part, depth) => {
          const last = depth === path.length - 1;
          if (last || Reflect.get(parent, part) === undefined) Reflect.set(parent, part, last ? next : {});
          return Object(Reflect.get(parent, part));
        }, Object(expected));
        // A way that leads through a scalar, or past the items of a list, is not taken.
        const through = path.some((part, depth) => {
          const parent = depth < existing.length ? {} : at(value, path.slice(0, depth));
          return (
            parent !== undefined &&
            (typeof parent !== 'object' || (Array.isArray(parent) && part !== parent.length))
          );
        });
        expect(parse(edited), `${text}\n=> ${path.join('/')}\n${edited}`).toEqual(through ? value : expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('fields and items go, and nothing else changes', () => {
  fc.assert(
    fc.property(maps, print, fc.array(fc.nat(), { minLength: 1, maxLength: 3 }), (value, print, picks) => {
      const paths = pathsOf(value).filter(path => path.length > 0);
      const chosen = picks.map(pick => paths[pick % paths.length] ?? []);
      const text = print(value);
      const edits = chosen.map((path): Edit & { kind: 'remove-field' } => ({
        kind: 'remove-field',
        source,
        path,
      }));
      const edited = editFields(text, [], edits, fileStyleOf(text));
      const gone = new Set(chosen.map(path => JSON.stringify(path)));
      const without = (value: Value, path: FieldPath): Value => {
        if (typeof value !== 'object') return value;
        if (Array.isArray(value))
          return value.flatMap((item, i) =>
            gone.has(JSON.stringify([...path, i])) ? [] : [without(item, [...path, i])],
          );
        const kept = Object.entries(value).filter(([k]) => !gone.has(JSON.stringify([...path, k])));
        return Object.fromEntries(kept.map(([k, child]) => [k, without(child, [...path, k])]));
      };
      const shown = `${text}\n-- ${[...gone].join(' ')}\n${edited}`;
      expect(parse(edited), shown).toEqual(without(value, []));
      if (/[[{]/.test(text)) return;
      for (const line of edited.split('\n'))
        expect(text, shown).toContain(line.replace(/ *(\[\]|\{\})/, '').replace(/^[ -]*/, ''));
    }),
    { numRuns: 500 },
  );
});
