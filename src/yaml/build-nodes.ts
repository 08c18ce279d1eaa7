import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  type MappingEvent,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { Anchors, type Extent } from './anchors.ts';
import { flowEnd, startWithProperties } from './event-range.ts';
import { addEntry, type Pairs } from './mapping-pairs.ts';
import { BrokenDocument, type Problem } from './problem.ts';
import { ScalarReader } from './scalar-reader.ts';
import type { TextRange } from './source.ts';
import type { MappingPair, YamlNode } from './yaml-node.ts';

const FLOW = 2;

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
  readonly #scalars: ScalarReader;
  readonly #frames: Frame[] = [];
  readonly #anchors = new Anchors();
  /** Where the last token ended, in the document. */
  #cursor = 0;

  constructor(text: string, base: number, repaired: boolean) {
    this.#text = text;
    this.#base = base;
    this.#scalars = new ScalarReader(text, base, repaired);
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
    if (event.anchorStart !== -1) this.#anchors.begin(this.#anchorName(event));
    const frame = this.#frames.at(-1);
    const indicator = frame !== undefined && 'items' in frame ? '-' : ':';
    const node = this.#scalars.read(event, this.#cursor, indicator);
    const start = node.start - this.#base;
    if (isNextKey(frame) && !hasLineBreak(this.#text, this.#cursor, start))
      throw this.#broken(start, node.end - this.#base, 'this stands behind a value, on the same line');
    this.#cursor = node.end - this.#base;
    this.#add(this.#anchored(event, node, oneNode), 1, 1);
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
      const before = frame.pairs.length;
      this.problems.push(...addEntry(frame, frame.key, node, this.#text, this.#base));
      // Nodes that a merge key copies count as well as the node that it names.
      frame.nodes += Math.max(0, frame.pairs.length - before - 1);
      frame.key = undefined;
    }
  }
}

/** js-yaml lets a key follow a value in quotes, as in `- "*" gateways:`; nobody else does. */
function isNextKey(frame: Frame | undefined): boolean {
  return (
    frame !== undefined &&
    'pairs' in frame &&
    frame.key === undefined &&
    frame.pairs.length > 0 &&
    frame.event.style !== FLOW
  );
}

function hasLineBreak(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const character = text[at];
    if (character === '\n' || character === '\r') return true;
  }
  return false;
}

const oneNode: Extent = { nodes: 1, levels: 1 };
