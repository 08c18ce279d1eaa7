import { resolvePlain } from './scalar.ts';
import type { MappingPair, ScalarNode, ScalarStyle, YamlNode } from './yaml-node.ts';

/** Anything else, such as tabs, carriage returns and letters beyond ASCII, is for the parser of YAML. */
const isPrintable = /^[\n\x20-\x7e]*$/;

/**
 * One line: its indentation, a dash, a key, and a value without quotes or in simple ones. A value without quotes begins with what
 * means nothing to YAML, and holds neither a comment nor a colon before a space.
 */
const lineForm =
  /( *)(- +)?(?:([A-Za-z_][A-Za-z0-9_./-]{0,200}):(?: +|(?=\n|$)))?(?:([A-Za-z0-9_/.](?:[^\n:# ]|:(?=[^ \n])| +(?=[^ #\n:]))*)|"([^"\\\n]*)"|'([^'\n]*)')? *(?:\n|$)/y;
/** Lines of comments, and those of nothing. */
const nothing = /(?: *(?:#[^\n]*)?\n| +$| *#[^\n]*$)*/y;

/** Manifests are nested less deeply. */
const DEEPEST = 60;

/**
 * Reads the documents that most manifests consist of: block mappings and lists with keys of letters, digits and a few signs, and
 * values of one line without escapes. It takes a tenth of the time of a parser for all of YAML.
 *
 * @param base the document's offset in its file, which all ranges of the tree count from
 * @returns the tree that js-yaml's events give (build-nodes.ts); undefined where anything else stands in the text, or something
 * is wrong with it, which `parseDocument` then finds out
 */
export function readPlainBlock(text: string, base: number): YamlNode | undefined {
  if (!isPrintable.test(text) || text.includes('{{')) return undefined;
  const lines = linesOf(text);
  return lines === undefined || lines.length === 0 ? undefined : new BlockReader(lines, base).read();
}

/** Columns and offsets in the document; -1 for what a line does not have. */
interface Line {
  readonly dash: number;
  readonly dashStart: number;
  readonly column: number;
  readonly keyStart: number;
  readonly key: string | undefined;
  readonly valueStart: number;
  readonly value: string | undefined;
  readonly style: ScalarStyle;
}

function linesOf(text: string): readonly Line[] | undefined {
  const lines: Line[] = [];
  for (let at = skipNothing(text, 0); at < text.length; at = skipNothing(text, at)) {
    lineForm.lastIndex = at;
    const found = lineForm.exec(text);
    if (found === null) return undefined;
    const [all, indent = '', dash = '', key, plain, double, single] = found;
    const column = indent.length + dash.length;
    const value = plain ?? double ?? single;
    if (key === undefined && (value === undefined || dash === '')) return undefined;
    const end = at + all.length;
    const style = plain !== undefined ? 'plain' : double !== undefined ? 'double-quoted' : 'single-quoted';
    lines.push({
      dash: dash === '' ? -1 : indent.length,
      dashStart: at + indent.length,
      column,
      keyStart: at + column,
      key,
      valueStart: value === undefined ? -1 : startOfValue(text, end, value.length, style),
      value,
      style,
    });
    at = end;
  }
  return lines;
}

function skipNothing(text: string, at: number): number {
  nothing.lastIndex = at;
  nothing.test(text);
  return nothing.lastIndex;
}

/** Counted from the end of the line, where spaces may stand behind the value. */
function startOfValue(text: string, lineEnd: number, length: number, style: ScalarStyle): number {
  let end = text[lineEnd - 1] === '\n' ? lineEnd - 1 : lineEnd;
  while (text[end - 1] === ' ') end -= 1;
  return style === 'plain' ? end - length : end - length - 2;
}

class BlockReader {
  readonly #lines: readonly Line[];
  readonly #base: number;
  #next = 0;

  constructor(lines: readonly Line[], base: number) {
    this.#lines = lines;
    this.#base = base;
  }

  read(): YamlNode | undefined {
    const [first] = this.#lines;
    if (first === undefined || Math.max(first.dash, 0) > 0 || (first.dash === -1 && first.column > 0))
      return undefined;
    const root = first.dash === -1 ? this.#mapping(0, 1) : this.#sequence(0, 1);
    return this.#next === this.#lines.length ? root : undefined;
  }

  #sequence(column: number, depth: number): YamlNode | undefined {
    const items: YamlNode[] = [];
    const start = this.#lines[this.#next]?.dashStart ?? 0;
    for (;;) {
      const line = this.#lines[this.#next];
      if (line === undefined || line.dash !== column) break;
      const item = line.key === undefined ? this.#scalar(line) : this.#mapping(line.column, depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    const end = items.at(-1)?.end;
    if (end === undefined || this.#isDeeper(column)) return undefined;
    return { kind: 'sequence', start: this.#base + start, end, style: 'block', items };
  }

  /** @param column of its keys, the first of which may stand behind a dash */
  #mapping(column: number, depth: number): YamlNode | undefined {
    const pairs: MappingPair[] = [];
    const names = new Set<string>();
    const start = this.#lines[this.#next]?.keyStart ?? 0;
    for (let line = this.#lines[this.#next]; line !== undefined; line = this.#lines[this.#next]) {
      if (line.key === undefined || line.column !== column) break;
      if (pairs.length > 0 && line.dash !== -1) break;
      const key = line.key;
      // `y` and `null` are no strings.
      if (names.has(key) || resolvePlain(key) !== key) return undefined;
      names.add(key);
      const value = line.value === undefined ? this.#nested(column, depth) : this.#scalar(line);
      if (value === undefined) return undefined;
      const from = this.#base + line.keyStart;
      pairs.push({
        name: key,
        key: { kind: 'scalar', start: from, end: from + key.length, style: 'plain', value: key },
        value,
      });
    }
    const end = pairs.at(-1)?.value.end;
    if (end === undefined || this.#isDeeper(column)) return undefined;
    return { kind: 'mapping', start: this.#base + start, end, style: 'block', pairs };
  }

  /** The block below a key of a column. A list may stand in that column as well. */
  #nested(column: number, depth: number): YamlNode | undefined {
    this.#next += 1;
    const line = this.#lines[this.#next];
    if (line === undefined || depth > DEEPEST) return undefined;
    if (line.dash !== -1) return line.dash >= column ? this.#sequence(line.dash, depth + 1) : undefined;
    return line.column > column ? this.#mapping(line.column, depth + 1) : undefined;
  }

  /** Whether the next line stands deeper than the collection that has just ended, and so belongs to nothing. */
  #isDeeper(column: number): boolean {
    const line = this.#lines[this.#next];
    return line !== undefined && (line.dash === -1 ? line.column : line.dash) > column;
  }

  #scalar({ value: written = '', valueStart, style }: Line): ScalarNode {
    this.#next += 1;
    const start = this.#base + valueStart;
    const end = start + written.length + (style === 'plain' ? 0 : 2);
    const value = style === 'plain' ? resolvePlain(written) : written;
    return value === written
      ? { kind: 'scalar', start, end, style, value }
      : { kind: 'scalar', start, end, style, value, text: written };
  }
}
