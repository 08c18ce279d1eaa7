import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { splitDocuments } from '../../src/1-read/split-documents.ts';
import { applyEdits } from '../../src/6-emit/apply-edits.ts';
import type { Edit, Output } from '../../src/6-emit/edit.ts';
import { toManifest } from '../../src/6-emit/manifest.ts';
import type { SourceFile } from '../../src/yaml/source.ts';
import { resourceOf } from './edit-cases.ts';

const documents = [
  'kind: A\nmetadata:\n  name: "x"   # odd\n',
  '# above\nkind: B\n# not part of it\n',
  '\n# licence\n\n# above\nkind: C\nspec:\n  http:\n  # about the first\n  - match: [{}] # behind\n    # - route:\n    # after\n',
  'kind: D\ntext: |\n  # not a comment\n  ---x\n\n',
  '{"kind": "E", "spec": {"hosts": ["#x"]}}\n',
  "kind: F\nspec:\n    hosts:\n      - '*.x'\n\n\n",
  '# yaml-language-server: $schema=https://x/virtualservice.json\nkind: G\n',
];
const marks = ['---\n', '--- # mark\n', '\n---\n\n', '...\n---\n', '---   \n'];
const manifests = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a' },
    spec: { ports: [{ port: 1 }], selector: { a: 'on' } },
  },
  {
    apiVersion: 'gateway/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'b' },
    spec: { hostnames: ['*.x', 'line\ntwo'] },
  },
];

const file = fc
  .record({
    preamble: fc.constantFrom(
      '',
      '# preamble\n---\n',
      '---\n',
      '\n',
      '%YAML 1.2\n---\n',
      '\uFEFF',
      '\uFEFF---\n',
    ),
    parts: fc.array(fc.tuple(fc.constantFrom(...documents), fc.constantFrom(...marks)), {
      minLength: 1,
      maxLength: 6,
    }),
    end: fc.constantFrom('', '# [END]\n', '...\n', '---\n', '\n\n'),
    finalBreak: fc.boolean(),
    crlf: fc.boolean(),
  })
  .map(({ preamble, parts, end, finalBreak, crlf }): SourceFile => {
    const body = parts.map(([document, mark], index) => (index === 0 ? '' : mark) + document).join('');
    const text = preamble + body + end;
    const ended = finalBreak ? text : text.replace(/\n$/, '');
    return { path: 'x.yaml', text: crlf ? ended.replaceAll('\n', '\r\n') : ended };
  });
const action = fc.constantFrom<readonly ['none' | 'replace' | 'append', number]>(
  ['none', 0],
  ['replace', 0],
  ['replace', 1],
  ['replace', 2],
  ['append', 1],
);

const parsed = (text: string): unknown => parse(text);

test('every byte outside the edited documents is as it was, and the file means what it should', () => {
  fc.assert(
    fc.property(file, fc.array(action, { minLength: 6, maxLength: 6 }), (file, actions) => {
      const edits: Edit[] = [];
      const expected: unknown[] = [];
      const untouched: string[] = [];
      for (const document of splitDocuments(file)) {
        const [kind, count] = actions[document.index] ?? ['none', 0];
        const text = file.text.slice(document.range.start, document.range.end);
        const source = { document, path: [] };
        const outputs = manifests
          .slice(0, count)
          .map((manifest): Output => ({ resource: resourceOf(manifest), home: source, origins: [] }));
        if (kind === 'none') untouched.push(text);
        else edits.push({ kind, source, outputs });
        expected.push(
          ...(kind === 'replace' ? [] : [parsed(text)]),
          ...outputs.map(({ resource }) => toManifest(resource)),
        );
      }
      const { text } = applyEdits(file, edits);
      if (text === undefined) {
        expect(expected).toEqual([]);
        return;
      }
      const after = splitDocuments({ path: 'x.yaml', text });
      const texts = after.map(({ range }) => text.slice(range.start, range.end));
      expect(texts.map(parsed), text).toEqual(expected);
      let position = 0;
      for (const piece of untouched) {
        position = text.indexOf(piece.trimEnd(), position);
        expect(position, `${piece} in ${text}`).toBeGreaterThan(-1);
        position += piece.trimEnd().length;
      }
      if (edits.length === 0) expect(text).toBe(file.text);
      expect(text.startsWith('\uFEFF')).toBe(file.text.startsWith('\uFEFF'));
      const lastGoes = actions[splitDocuments(file).length - 1]?.join() === 'replace,0';
      if (!lastGoes) expect(text.endsWith('\n'), text).toBe(file.text.endsWith('\n'));
      if (file.text.includes('\r')) expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      else expect(text).not.toContain('\r');
    }),
    { numRuns: 500 },
  );
});

test('text around replaced documents stays in its place', () => {
  fc.assert(
    fc.property(file, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (file, which) => {
      const edited = splitDocuments(file).filter(({ index }) => which[index]);
      const edits = edited.map((document): Edit => {
        const source = { document, path: [] };
        const outputs = manifests.map(manifest => ({
          resource: resourceOf(manifest),
          home: source,
          origins: [],
        }));
        return { kind: 'replace', source, outputs };
      });
      const { text = '' } = applyEdits(file, edits);
      const starts = [0, ...edited.map(({ range }) => range.end)];
      const ends = [...edited.map(({ range }) => range.start), file.text.length];
      let position = 0;
      for (const [index, start] of starts.entries()) {
        const between = file.text.slice(start, ends[index]);
        const at = text.indexOf(between, position);
        expect(at, `${JSON.stringify(between)} in ${text}`).toBeGreaterThan(-1);
        if (index === 0) expect(at).toBe(0);
        position = at + between.length;
      }
    }),
    { numRuns: 500 },
  );
});
