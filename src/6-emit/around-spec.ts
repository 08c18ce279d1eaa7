import { parseDocument } from 'yaml';
import { canonicalJson } from '../3-link/canonical.ts';
import type { FieldPath } from '../yaml/source.ts';
import { editFields, type FieldEdit } from './edit-fields.ts';
import type { FileStyle } from './file-style.ts';
import { lineEnd, startsLine } from './lines.ts';
import { commentsGone } from './lost-comments.ts';
import type { Manifest } from './manifest.ts';
import { splice } from './splice.ts';
import { tokensOf } from './tokens.ts';

/** An object as it is written, without its spec and with the metadata of another object. */
export interface AroundSpec {
  /** Each ends with a line break, unless it is empty. */
  readonly above: string;
  readonly below: string;
  readonly lostComments: readonly string[];
}

// Keys of a Kubernetes object at the start of a line: whatever a value is, its further lines are indented.
const topLevelKey = /^(?:apiVersion|kind|metadata|spec|status):(?=\s|$)/;

// An anchor that is defined in one part of an object may be used in another; tags are rare enough.
const anchorOrTag = /(?:^|[\s,[{:-])[&*!][^\s,\]}]/m;

type Map = Readonly<Record<string, unknown>>;

/**
 * Gives the text around a spec the metadata of another object. Text that the two have in common keeps its bytes: order of
 * keys, quotes, flow style and comments.
 *
 * @param text the object with nothing around it, with plain line breaks and not indented
 * @param made the other object
 * @param withComments whether comments stay; an object that becomes several has them once
 * @returns undefined where the object is written in an unusual way, such as between braces
 */
export function aroundSpec(
  text: string,
  made: Manifest,
  style: FileStyle,
  withComments: boolean,
): AroundSpec | undefined {
  const lines = text.split('\n');
  const tops = lines.flatMap((line, index) => (/^[^\s#]/.test(line) ? [index] : []));
  const spec = tops.find(index => lines[index]?.startsWith('spec:'));
  if (spec === undefined || made.spec === undefined) return undefined;
  if (!tops.every(index => topLevelKey.test(lines[index] ?? ''))) return undefined;
  const next = tops.find(index => index > spec);
  const head = lines.slice(0, spec);
  const rest = next === undefined ? [] : lines.slice(aboveWithComments(lines, next));
  const written = `${[...head, 'spec: {}', ...rest].join('\n').trimEnd()}\n`;
  if (anchorOrTag.test(written)) return undefined;
  const edited = withMetadata(written, made, style);
  const result = withComments ? edited : withoutComments(edited);
  const wanted = canonicalJson({ ...made, spec: {} });
  if (canonicalJson(parsed(result)) !== wanted) return undefined;
  const [above = '', below = ''] = result.split(/^spec: \{\}\n/m);
  return { above, below, lostComments: withComments ? commentsGone(written, edited) : [] };
}

/** The first of the comment lines at the start of a line that stand right above one. */
function aboveWithComments(lines: readonly string[], index: number): number {
  let first = index;
  while (first > 0 && lines[first - 1]?.startsWith('#')) first -= 1;
  return first;
}

function withMetadata(text: string, { apiVersion, kind, metadata }: Manifest, style: FileStyle): string {
  const renamed = withScalar(withScalar(text, 'apiVersion', apiVersion), 'kind', kind);
  const old = parsed(renamed);
  const before = isMap(old['metadata']) ? old['metadata'] : {};
  const edits = [
    ...(old['status'] === undefined ? [] : [fieldEdit(['status'], undefined)]),
    ...differences(before, metadata).flatMap(key => {
      const [from, to] = [before[key], metadata[key]];
      if (!isMap(from) || !isMap(to) || Object.keys(from).every(name => to[name] === undefined))
        return [fieldEdit(['metadata', key], to)];
      return differences(from, to).map(name => fieldEdit(['metadata', key, name], to[name]));
    }),
  ];
  return edits.length === 0 ? renamed : editFields(renamed, [], edits, style);
}

function withScalar(text: string, key: string, value: string): string {
  const written = new RegExp(`^(${key}:[ \\t]+)(["']?)[\\w./-]+\\2(?=\\s)`, 'm');
  return text.replace(written, (_, start: string, quote: string) => `${start}${quote}${value}${quote}`);
}

function differences(from: Map, to: Map): readonly string[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(
    key => canonicalJson(from[key]) !== canonicalJson(to[key]),
  );
}

/** An edit of a field in the text of an object: there is no document for it. */
function fieldEdit(path: FieldPath, value: unknown): FieldEdit {
  return value === undefined ? { kind: 'remove-field', path } : { kind: 'set-field', path, value };
}

function parsed(text: string): Map {
  const value: unknown = parseDocument(text, { logLevel: 'silent' }).toJS();
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Map {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutComments(text: string): string {
  if (!text.includes('#')) return text;
  return splice(
    text,
    tokensOf(text)
      .filter(({ kind }) => kind === 'comment')
      .map(({ start, end }) => {
        const from = start - (/[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0);
        return { start: from, end: startsLine(text, start) ? lineEnd(text, end) : end, text: '' };
      }),
  );
}
