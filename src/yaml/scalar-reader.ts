import { getScalarValue, type ScalarEvent } from 'js-yaml';
import { emptyPosition, scalarEnd, scalarStart, startWithProperties } from './event-range.ts';
import { BrokenDocument } from './problem.ts';
import { resolvePlain, resolveTagged, type ScalarValue } from './scalar.ts';
import type { TextRange } from './source.ts';
import type { ScalarNode, ScalarStyle } from './yaml-node.ts';

const PLAIN = 1;
const DOUBLE_QUOTED = 3;
const styles: readonly ScalarStyle[] = [
  'plain',
  'plain',
  'single-quoted',
  'double-quoted',
  'literal',
  'folded',
];

/** Makes nodes of the scalars of one document. */
export class ScalarReader {
  readonly #text: string;
  readonly #base: number;
  readonly #repaired: boolean;
  /** Tells whether to look for `{{` in scalars without quotes. */
  readonly #templates: boolean;
  /** kubectl reads a document that begins with a brace as JSON. */
  readonly #json: boolean;

  /** @see buildNodes for the parameters */
  constructor(text: string, base: number, repaired: boolean) {
    this.#text = text;
    this.#base = base;
    this.#repaired = repaired;
    this.#templates = text.includes('{{');
    this.#json = /^\s*\{/.test(text);
  }

  /**
   * @param before where the token before the scalar ends, in the document
   * @param indicator what announces the scalar, should it be empty
   * @throws BrokenDocument when the scalar is a template, or not what its tag says
   */
  read(event: ScalarEvent, before: number, indicator: ':' | '-'): ScalarNode {
    const text = this.#text;
    const empty = event.valueStart === -1 ? this.#emptyPosition(event, before, indicator) : -1;
    const from = empty === -1 ? scalarStart(text, event, before) : empty;
    const end = this.#base + (empty === -1 ? scalarEnd(text, event, from) : empty);
    const start = this.#base + startWithProperties(event, from);
    const written = this.#written(event);
    if (event.style === DOUBLE_QUOTED && !this.#json) this.#refuseEscapes(event, start, end);
    if (this.#templates && event.style === PLAIN && written.includes('{{'))
      throw new BrokenDocument({ kind: 'template', range: { start, end } });
    const value =
      event.tagStart === -1 ? untagged(event, written) : this.#tagged(event, written, { start, end });
    const style = styles[event.style] ?? 'plain';
    return value === written
      ? { kind: 'scalar', start, end, style, value }
      : { kind: 'scalar', start, end, style, value, text: written };
  }

  /**
   * YAML 1.2 has an escape for the slash, which kubectl's parser lacks.
   *
   * @see https://github.com/yaml/go-yaml/blob/v2.4.4/scannerc.go, yaml_parser_scan_flow_scalar
   */
  #refuseEscapes(event: ScalarEvent, start: number, end: number): void {
    if (event.fast) return;
    const raw = this.#text.slice(event.valueStart, event.valueEnd);
    if (/(?<!\\)(?:\\\\)*\\\//.test(raw))
      throw new BrokenDocument({
        kind: 'invalid',
        range: { start, end },
        reason: 'kubectl reads no `\\/` in quotes; write `/`',
      });
  }

  #written(event: ScalarEvent): string {
    if (!event.fast) return getScalarValue(this.#text, event);
    if (this.#repaired) return getScalarValue(this.#text, { ...event, fast: false });
    return this.#text.slice(event.valueStart, event.valueEnd);
  }

  /** An empty node stands behind its anchor or tag, else behind the colon or dash that announces it. */
  #emptyPosition(event: ScalarEvent, before: number, indicator: ':' | '-'): number {
    const properties = Math.max(event.anchorEnd, event.tagEnd);
    return properties === -1 ? emptyPosition(this.#text, before, indicator) : properties;
  }

  #tagged(event: ScalarEvent, written: string, range: TextRange): ScalarValue {
    const tag = this.#text
      .slice(event.tagStart, event.tagEnd)
      .replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');
    const value = resolveTagged(tag, written);
    if (value === undefined)
      throw new BrokenDocument({ kind: 'invalid', range, reason: `\`${written}\` is not a ${tag}` });
    return value;
  }
}

function untagged(event: ScalarEvent, written: string): ScalarValue {
  return event.style === PLAIN ? resolvePlain(written) : written;
}
