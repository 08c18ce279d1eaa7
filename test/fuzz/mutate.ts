import { isMap, isScalar, isSeq, type Pair, parseAllDocuments, type Scalar, visit, type YAMLMap } from 'yaml';
import type { Random } from '../conformance/random.ts';

/** Values of every type, at the edges of what fields take. */
const oddValues: readonly unknown[] = [
  null,
  '',
  ' ',
  '*',
  '~',
  '.',
  'true',
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  65_536,
  '0x1F',
  '1s',
  '1h1m1s',
  '-5s',
  '99999999999h',
  '[',
  '(((((((((((((((((((((((',
  '(a*)*b',
  '\\',
  '/',
  '//',
  '/%2F',
  'é',
  '\u{1F600}',
  'a\u0000b',
  'line\nbreak',
  '\u0024{VAR}',
  '$(VAR)',
  '{{ .Values.x }}',
  'mesh',
  'a/b/c',
  'x'.repeat(300),
  [],
  {},
  [null],
  [[]],
  { '': '' },
  { __proto__: 'x', constructor: 'y' },
  '__proto__',
];

/** Pieces of YAML that stand where nobody expects them. */
const snippets = [
  '---\n',
  '...\n',
  '%YAML 1.2\n---\n',
  '# a comment\n',
  '\t',
  '  ',
  '&a ',
  '*a',
  '<<: *a\n',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ': ',
  '|',
  '>-\n',
  '"',
  "'",
  '!!binary ',
  '!tag ',
  '\r\n',
  '\uFEFF',
  '\u2028',
  'kind: List\nitems:\n',
  'apiVersion: v1\n',
  'spec: {}\n',
];

/** One step away from a text: of its structure, or of its bytes. */
export function mutate(text: string, random: Random): string {
  const steps = random.pick([1, 1, 1, 2, 4]);
  let mutated = text;
  for (let step = 0; step < steps; step += 1)
    mutated = random.chance(0.55) ? mutateTree(mutated, random) : mutateText(mutated, random);
  return mutated;
}

function mutateText(text: string, random: Random): string {
  const at = random.integer(0, text.length);
  const lines = text.split('\n');
  const line = random.integer(0, lines.length - 1);
  const documents = text.split(/^---\n/m);
  switch (
    random.pick(['truncate', 'behead', 'drop', 'double', 'swap', 'indent', 'insert', 'flip', 'documents'])
  ) {
    case 'truncate':
      return text.slice(0, at);
    case 'behead':
      return text.slice(at);
    case 'drop':
      return lines.toSpliced(line, random.integer(1, 3)).join('\n');
    case 'double':
      return lines.toSpliced(line, 0, ...lines.slice(line, line + random.integer(1, 6))).join('\n');
    case 'swap': {
      const other = random.integer(0, lines.length - 1);
      return lines
        .with(line, lines[other] ?? '')
        .with(other, lines[line] ?? '')
        .join('\n');
    }
    case 'indent':
      return lines
        .with(line, random.chance(0.5) ? `  ${lines[line]}` : (lines[line] ?? '').slice(1))
        .join('\n');
    case 'insert':
      return text.slice(0, at) + random.pick(snippets) + text.slice(at);
    case 'flip':
      return text.slice(0, at) + String.fromCodePoint(random.integer(1, 0x2fff)) + text.slice(at + 1);
    default:
      return random.chance(0.5)
        ? documents.toReversed().join('---\n')
        : [...documents, random.pick(documents)].join('---\n');
  }
}

interface Spot {
  readonly map: YAMLMap;
  readonly pair: Pair;
}

function mutateTree(text: string, random: Random): string {
  const documents = parseAllDocuments(text, { strict: false, uniqueKeys: false });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return text;
  const pairs: Spot[] = [];
  const scalars: Scalar[] = [];
  const lists: { items: unknown[] }[] = [];
  for (const document of documents)
    visit(document, {
      Map: (_, map) => {
        for (const pair of map.items) pairs.push({ map, pair });
      },
      Seq: (_, list) => {
        if (list.items.length > 0) lists.push(list);
      },
      Scalar: (key, scalar) => {
        if (key === 'value' || typeof key === 'number') scalars.push(scalar);
      },
    });
  if (pairs.length === 0) return text;
  const { map, pair } = random.pick(pairs);
  switch (random.pick(['drop', 'retype', 'scalar', 'scalar', 'copy', 'rename', 'list'])) {
    case 'drop':
      map.items.splice(map.items.indexOf(pair), 1);
      break;
    case 'retype':
      pair.value = documents[0]?.createNode(random.pick(oddValues)) ?? null;
      break;
    case 'scalar': {
      if (scalars.length === 0) break;
      const scalar = random.pick(scalars);
      scalar.value = random.chance(0.5) ? random.pick(scalars).value : primitive(random);
      break;
    }
    case 'copy':
      // What belongs elsewhere, such as the route of another entry.
      pair.value = random.pick(pairs).pair.value;
      break;
    case 'rename':
      if (isScalar(pair.key))
        pair.key.value = isScalar(random.pick(pairs).pair.key) ? keyOf(random.pick(pairs)) : 'x';
      break;
    default: {
      if (lists.length === 0) break;
      const list = random.pick(lists);
      const item = random.pick(list.items);
      if (random.chance(0.5)) list.items.push(item);
      else list.items.splice(list.items.indexOf(item), 1);
    }
  }
  return print(documents) ?? text;
}

function keyOf({ pair: { key } }: Spot): string {
  return isScalar(key) ? String(key.value) : 'x';
}

function primitive(random: Random): unknown {
  const value = random.pick(oddValues);
  return typeof value === 'object' ? String(value) : value;
}

/** @returns undefined for what has become a circle */
function print(documents: readonly { readonly contents: unknown }[]): string | undefined {
  if (documents.some(({ contents }) => depthOf(contents, 0) > 60)) return undefined;
  try {
    return documents.map(String).join('---\n').slice(0, 100_000);
  } catch {
    return undefined;
  }
}

function depthOf(node: unknown, depth: number): number {
  if (depth > 60) return depth;
  if (isMap(node)) return Math.max(depth, ...node.items.map(({ value }) => depthOf(value, depth + 1)));
  return isSeq(node) ? Math.max(depth, ...node.items.map(item => depthOf(item, depth + 1))) : depth;
}
