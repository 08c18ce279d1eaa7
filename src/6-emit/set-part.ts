import type { FieldPath } from '../yaml/source.ts';
import type { FileStyle } from './file-style.ts';
import { flowStyleOf, printFlow } from './flow.ts';
import { indentAt, lineStart } from './lines.ts';
import { type Part, partAt } from './parts.ts';
import { printYaml } from './print.ts';
import { printKey, printString } from './scalar.ts';
import type { Splice } from './splice.ts';

/**
 * Gives a field a value. Maps on the way that do not exist are made; an index one past the end of a list adds an item.
 *
 * @returns nothing when the way leads through a value that cannot hold it
 */
export function setPart(
  text: string,
  root: Part,
  path: FieldPath,
  value: unknown,
  style: FileStyle,
): readonly Splice[] {
  const ancestors = path.flatMap((_, depth) => partAt(root, path.slice(0, depth)) ?? []);
  const parent = ancestors.at(-1) ?? root;
  const existing = partAt(root, path);
  if (existing !== undefined) return [replaceValue(text, existing, value, ancestors, style)];
  const key = path[ancestors.length - 1] ?? '';
  const nested = path.slice(ancestors.length).reduceRight((inner, name) => ({ [name]: inner }), value);
  if (!canHold(parent, key)) return [];
  if (parent.flow && parent.children.length > 0)
    return [addBetweenBrackets(text, parent, key, nested, style)];
  const added = typeof key === 'number' ? [nested] : { [key]: nested };
  if (parent.children.length > 0) return [addLines(text, parent, added, style)];
  return [replaceValue(text, parent, added, ancestors.slice(0, -1), style)];
}

/** Whether a key can be put into a value; nothing at all, as behind `labels:`, can become whatever it has to be. */
function canHold(part: Part, key: string | number): boolean {
  if (part.kind === 'scalar') return (part.scalar ?? null) === null;
  return part.children.length === 0 || (part.kind === 'list') === (typeof key === 'number');
}

function replaceValue(
  text: string,
  part: Part,
  value: unknown,
  ancestors: readonly Part[],
  style: FileStyle,
): Splice {
  const space = /^\s*/.exec(text.slice(part.valueFrom, part.end))?.[0] ?? '';
  const inPlace = { start: part.valueFrom + space.length, end: part.end };
  const brackets = part.flow && part.children.length > 0 ? part : ancestors.find(ancestor => ancestor.flow);
  if (brackets !== undefined) return { ...inPlace, text: printBetween(text, brackets, part, value, style) };
  const scalar =
    typeof value === 'string' ? !value.includes('\n') : typeof value !== 'object' || value === null;
  if (part.kind === 'scalar' && scalar && part.end > part.valueFrom)
    return { ...inPlace, text: printScalarLike(text[inPlace.start], value, style) };
  const printed = swallowsComments(text, part.end, value)
    ? ` ${JSON.stringify(value)}`
    : printBehindKey(text, part, value, style);
  return { start: part.valueFrom, end: part.end, text: printed };
}

/** Whether a comment that stands behind or below a value would become a part of a block of text at its end. */
function swallowsComments(text: string, end: number, value: unknown): boolean {
  return /^\s*#/.test(text.slice(end)) && JSON.stringify(value).includes('\\n');
}

/** The quotes stay where the old value had some. */
function printScalarLike(first: string | undefined, value: unknown, style: FileStyle): string {
  if (typeof value !== 'string' || first === '"') return JSON.stringify(value);
  if (first === "'") return `'${value.replaceAll("'", "''")}'`;
  return printString(value, style.yaml.quote);
}

function printBehindKey(text: string, part: Part, value: unknown, style: FileStyle): string {
  const isItem = typeof part.path.at(-1) === 'number';
  const indent = ' '.repeat(part.start - lineStart(text, part.start));
  // The first key of an item stands two columns right of its dash.
  const yaml = isItem ? { ...style.yaml, indentLists: true, indent: 2 } : style.yaml;
  // Printed below a key of its own, which is cut off again, a value gets its place and indentation.
  const [first = '', ...others] = printYaml({ k: value }, yaml).trimEnd().split('\n');
  const below = others.map(line => style.lineBreak + (line === '' ? line : indent + line)).join('');
  return isItem && first === 'k:' ? ` ${below.trimStart()}` : first.slice('k:'.length) + below;
}

function addLines(text: string, parent: Part, added: object, style: FileStyle): Splice {
  const first = parent.children[0]?.start ?? parent.start;
  const indent = ' '.repeat(first - lineStart(text, first));
  // Behind the comment that may follow the last value on its line.
  const end = text.slice(parent.end).search(/\r?\n|$/) + parent.end;
  const printed = swallowsComments(text, end, added) ? printOnOneLine(added) : printYaml(added, style.yaml);
  const lines = printed.trimEnd().split('\n');
  return {
    start: end,
    end,
    text: lines.map(line => style.lineBreak + (line === '' ? line : indent + line)).join(''),
  };
}

function printOnOneLine(added: object): string {
  const [[key, value] = []] = Object.entries(added);
  return `${Array.isArray(added) ? '-' : `${JSON.stringify(key)}:`} ${JSON.stringify(value)}`;
}

function addBetweenBrackets(
  text: string,
  parent: Part,
  key: string | number,
  value: unknown,
  style: FileStyle,
): Splice {
  const last = parent.children.at(-1) ?? parent;
  const { indent, quoted, spaced } = flowStyleOf(written(text, parent), style.jsonIndent);
  const space = spaced ? ' ' : '';
  const gap = indent === undefined ? space : `${style.lineBreak}${indentAt(text, last.start)}`;
  const name = quoted ? JSON.stringify(key) : printKey(String(key), style.yaml.quote);
  const item = printBetween(text, parent, last, value, style);
  const added = typeof key === 'number' ? item : `${name}:${space}${item}`;
  return { start: last.end, end: last.end, text: `,${gap}${added}` };
}

/** @param near what stands on the line that the value starts on */
function printBetween(text: string, brackets: Part, near: Part, value: unknown, style: FileStyle): string {
  const flow = flowStyleOf(written(text, brackets), style.jsonIndent);
  return printFlow(value, flow, indentAt(text, near.start), style.lineBreak);
}

function written(text: string, part: Part): string {
  return text.slice(part.valueFrom, part.end);
}
