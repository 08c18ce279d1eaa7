import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { Anchors, type Extent } from './anchors.ts';
import { emptyPosition, flowEnd, scalarEnd, scalarStart, startWithProperties } from './event-range.ts';
import { addPair, mergeInto, type Pairs } from './mapping-pairs.ts';
import { BrokenDocument, type Problem } from './problem.ts';
import { keyText, resolvePlain, resolveTagged, type ScalarValue } from './scalar.ts';
import type { TextRange } from './source.ts';
import type { MappingPair, ScalarNode, ScalarStyle, YamlNode } from './yaml-node.ts';

const PLAIN = 1;
const FLOW = 2;
const styles: readonly ScalarStyle[] = [
  'plain',
  'plain',
  'single-quoted',
  'double-quoted',
  'literal',
  'folded',
];

/** A collection that is being read. */
type Frame = Extent & (SequenceFrame | MappingFrame);

interface SequenceFrame {
  readonly event: SequenceEvent;
  readonly items: YamlNode[];
}

interface MappingFrame extends Pairs {
  readonly event: MappingEvent;
  readonly pairs: MappingPair[];
  /** The key that waits for its value. */
  key: YamlNode | undefined;
}

/**
 * Builds the tree of one document from js-yaml's events.
 *
 * @param repaired whether lines were joined for the parser, so that its notion of a scalar on one line does not hold
 * @param base the document's offset in its file, which all ranges of the tree count from
 * @throws BrokenDocument
 */
export function buildNodes(
  events: readonly Event[],
  repaired: boolean,
  text: string,
  base: number,
): { readonly root: YamlNode | undefined; readonly problems: readonly Problem[] } {
  const builder = new Builder(text, base, repaired);
  for (const event of events) builder.step(event);
  return { root: builder.root, problems: builder.problems };
}

class Builder {
  root: YamlNode | undefined;
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #base: number;
  readonly #repaired: boolean;
  /** Whether to look for `{{` in scalars without quotes. */
  readonly #templates: boolean;
  readonly #frames: Frame[] = [];
  readonly #anchors = new Anchors();
  /** Where the last token ended, in the document. */
  #cursor = 0;

  constructor(text: string, base: number, repaired: boolean) {
    this.#text = text;
    this.#base = base;
    this.#repaired = repaired;
    this.#templates = text.includes('{{');
  }

  step(event: Event): void {
    switch (event.type) {
      case EVENT_ID.SCALAR:
        this.#scalar(event);
        break;
      case EVENT_ID.MAPPING:
        this.#begin(event);
        this.#frames.push({ event, pairs: [], positions: undefined, key: undefined, nodes: 1, levels: 1 });
        break;
      case EVENT_ID.SEQUENCE:
        this.#begin(event);
        this.#frames.push({ event, items: [], nodes: 1, levels: 1 });
        break;
      case EVENT_ID.ALIAS:
        this.#alias(event);
        break;
      case EVENT_ID.POP:
        this.#end();
        break;
      case EVENT_ID.DOCUMENT:
        if (this.root !== undefined)
          throw this.#broken(
            this.#cursor,
            this.#cursor,
            'a second document begins without a `---` line of its own',
          );
    }
  }

  #range(start: number, end: number): TextRange {
    return { start: this.#base + start, end: this.#base + end };
  }

  #broken(start: number, end: number, reason: string): BrokenDocument {
    return new BrokenDocument({ kind: 'invalid', range: this.#range(start, end), reason });
  }

  #begin(event: SequenceEvent | MappingEvent): void {
    if (event.anchorStart !== -1) this.#anchors.begin(this.#anchorName(event));
    this.#cursor = event.style === FLOW ? event.start + 1 : event.start;
  }

  #anchorName(event: SequenceEvent | MappingEvent | ScalarEvent): string {
    return this.#text.slice(event.anchorStart, event.anchorEnd);
  }

  #end(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    const { event } = frame;
    // A pair within a list, `[a: b]`, is a mapping of flow style without brackets.
    if (event.style === FLOW && '[{'.includes(this.#text.charAt(event.start)))
      this.#cursor = flowEnd(this.#text, this.#cursor);
    const start = this.#base + startWithProperties(event, event.start);
    const end = this.#base + this.#cursor;
    const style = event.style === FLOW ? 'flow' : 'block';
    const node: YamlNode =
      'pairs' in frame
        ? { kind: 'mapping', start, end, style, pairs: frame.pairs }
        : { kind: 'sequence', start, end, style, items: frame.items };
    this.#add(this.#anchored(event, node, frame), frame.nodes, frame.levels);
  }

  #anchored<Node extends YamlNode>(
    event: SequenceEvent | MappingEvent | ScalarEvent,
    node: Node,
    extent: Extent,
  ): Node {
    if (event.anchorStart === -1) return node;
    const named = { ...node, anchor: this.#anchorName(event) };
    this.#anchors.end(named, extent);
    return named;
  }

  #scalar(event: ScalarEvent): void {
    const text = this.#text;
    const empty = event.valueStart === -1 ? this.#emptyPosition(event) : -1;
    const from = empty === -1 ? scalarStart(text, event, this.#cursor) : empty;
    const end = empty === -1 ? scalarEnd(text, event, from) : empty;
    const start = startWithProperties(event, from);
    this.#cursor = end;
    const written = this.#written(event);
    if (this.#templates && event.style === PLAIN && written.includes('{{'))
      throw new BrokenDocument({ kind: 'template', range: this.#range(start, end) });
    const value = this.#value(event, written, start, end);
    const style = styles[event.style] ?? 'plain';
    const node: ScalarNode =
      value === written
        ? { kind: 'scalar', start: this.#base + start, end: this.#base + end, style, value }
        : { kind: 'scalar', start: this.#base + start, end: this.#base + end, style, value, text: written };
    this.#add(this.#anchored(event, node, oneNode), 1, 1);
  }

  #written(event: ScalarEvent): string {
    if (!event.fast) return getScalarValue(this.#text, event);
    if (this.#repaired) return getScalarValue(this.#text, { ...event, fast: false });
    return this.#text.slice(event.valueStart, event.valueEnd);
  }

  /** An empty node stands behind its anchor or tag, else behind the colon or dash that announces it. */
  #emptyPosition(event: ScalarEvent): number {
    const properties = Math.max(event.anchorEnd, event.tagEnd);
    if (properties !== -1) return properties;
    const frame = this.#frames.at(-1);
    if (frame === undefined) return this.#cursor;
    return emptyPosition(this.#text, this.#cursor, 'pairs' in frame ? ':' : '-');
  }

  #value(event: ScalarEvent, written: string, start: number, end: number): ScalarValue {
    if (event.tagStart === -1) return event.style === PLAIN ? resolvePlain(written) : written;
    const tag = this.#text
      .slice(event.tagStart, event.tagEnd)
      .replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');
    const value = resolveTagged(tag, written);
    if (value === undefined) throw this.#broken(start, end, `\`${written}\` is no ${tag}`);
    return value;
  }

  #alias(event: AliasEvent): void {
    const name = this.#text.slice(event.anchorStart, event.anchorEnd);
    const range = this.#range(event.anchorStart - 1, event.anchorEnd);
    const { node, nodes, levels } = this.#anchors.follow(name, range, this.#frames.length);
    this.#cursor = event.anchorEnd;
    this.#add(node, nodes, levels);
  }

  /** Hands a node to the collection that holds it. */
  #add(node: YamlNode, nodes: number, levels: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.root = node;
      return;
    }
    frame.nodes += nodes;
    if (levels >= frame.levels) frame.levels = levels + 1;
    if ('items' in frame) frame.items.push(node);
    else if (frame.key === undefined) frame.key = node;
    else {
      this.#addPair(frame, frame.key, node);
      frame.key = undefined;
    }
  }

  #addPair(frame: MappingFrame & Extent, key: YamlNode, value: YamlNode): void {
    if (key.kind !== 'scalar') throw this.#brokenKey(key);
    if (key.value === '<<' && this.#isMergeKey(key)) {
      const before = frame.pairs.length;
      this.problems.push(...mergeInto(frame, value));
      frame.nodes += frame.pairs.length - before;
      return;
    }
    const name = typeof key.value === 'string' ? key.value : keyText(key.value, key.text ?? '');
    if (name === undefined)
      throw new BrokenDocument({
        kind: 'invalid',
        range: key.alias ?? key,
        reason: 'a key is empty or null',
      });
    const duplicate = addPair(frame, { name, key, value });
    if (duplicate !== undefined) this.problems.push(duplicate);
  }

  /** `{{ .Values.host }}` is a mapping in a mapping to YAML, and one that is a key. */
  #brokenKey(key: YamlNode): BrokenDocument {
    const range = key.alias ?? key;
    if (this.#text.startsWith('{{', range.start - this.#base - 1))
      return new BrokenDocument({ kind: 'template', range });
    const what = key.kind === 'mapping' ? 'mapping' : 'list';
    return new BrokenDocument({ kind: 'invalid', range, reason: `a ${what} stands where a key belongs` });
  }

  /** With quotes, `<<` is a key like others. */
  #isMergeKey(key: ScalarNode): boolean {
    return (
      key.style === 'plain' &&
      (key.start + 2 === key.end || this.#text.startsWith('!!merge', key.start - this.#base))
    );
  }
}

const oneNode: Extent = { nodes: 1, levels: 1 };
