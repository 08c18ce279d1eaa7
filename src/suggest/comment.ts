import type { Anchor } from './dialect.ts';
import { fingerprint } from './fingerprint.ts';
import { paragraphs } from './markdown.ts';
import { printMarker } from './marker.ts';

/** A comment that is to stand on a pull request. */
export type Comment = LineComment | FileComment | SummaryComment;

interface Written {
  /** The subject; stays when lines move and texts change. */
  readonly id: string;
  /** The fingerprint of what it says. */
  readonly fp: string;
  /** Fingerprints of the objects that it is about. */
  readonly of: readonly string[];
  /** With the marker at its end. */
  readonly body: string;
}

export interface LineComment extends Written {
  readonly where: 'line';
  readonly path: string;
  readonly oldPath: string;
  readonly anchor: Anchor;
}

export interface FileComment extends Written {
  readonly where: 'file';
  readonly path: string;
  readonly oldPath: string;
}

export interface SummaryComment extends Written {
  readonly where: 'summary';
}

/** So many objects a comment knows that it is about. */
const MOST_OBJECTS = 100;

/**
 * Puts the marker at the end; what a comment says is compared before, so that it is written only when it changes.
 *
 * @param objects what it is about, by names
 */
export function written(id: string, text: string, tag: string, objects: readonly string[] = []): Written {
  const fp = fingerprint(text);
  const of = objects.slice(0, MOST_OBJECTS).map(name => fingerprint(name));
  return { id, fp, of, body: paragraphs([text, printMarker({ tag, id, fp, of })]) };
}
