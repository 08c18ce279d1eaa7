import type { FieldPath } from '../yaml/source.ts';
import { indentAt, startsLine } from './lines.ts';
import { type Part, partsOf } from './parts.ts';
import { tokensOf } from './tokens.ts';

/** Comments about one field of an object. */
export interface Comment {
  /** One for each line, from `#` on. */
  readonly lines: readonly string[];
  /** `above` its field, or `behind` it on the same line. */
  readonly position: 'above' | 'behind';
  /** White space before a comment behind a field. */
  readonly space: string;
  /** From the root of the text. */
  readonly path: FieldPath;
  /** The value of the field, if it is a scalar. */
  readonly scalar?: unknown;
}

/** @returns the comments in a text, in order, each with the field that it speaks of; neighbouring lines are one */
export function commentsIn(text: string): readonly Comment[] {
  if (!text.includes('#')) return [];
  const root = partsOf(text);
  if (root === undefined) return [];
  const fields = inOrder(root);
  const comments: Comment[] = [];
  for (const { kind, start, end } of tokensOf(text)) {
    if (kind === 'content') continue;
    const above = startsLine(text, start);
    const field = above ? fieldBelow(text, fields, start) : fieldBefore(fields, start);
    if (field === undefined) continue;
    const lines = [text.slice(start, end)];
    const previous = comments.at(-1);
    if (above && previous?.position === 'above' && previous.path === field.path)
      comments.splice(-1, 1, { ...previous, lines: [...previous.lines, ...lines] });
    else {
      const space = /[ \t]*$/.exec(text.slice(0, start))?.[0] ?? '';
      const scalar = field.kind === 'scalar' ? { scalar: field.scalar } : {};
      comments.push({ lines, position: above ? 'above' : 'behind', space, path: field.path, ...scalar });
    }
  }
  return comments;
}

function inOrder(part: Part): readonly Part[] {
  return [part, ...part.children.flatMap(inOrder)];
}

/** The last field that starts before a place, but of a list between brackets the list. */
function fieldBefore(fields: readonly Part[], offset: number): Part | undefined {
  const field = fields.findLast(part => part.start < offset);
  return (
    fields.find(part => part.flow && part.start < offset && offset > part.end && holds(part, field)) ?? field
  );
}

function holds(outer: Part, inner: Part | undefined): boolean {
  return inner !== undefined && outer.start <= inner.start && inner.end <= outer.end;
}

/**
 * The field that a comment on lines of its own stands above. A comment that is indented further than the field below
 * it speaks of what is above it.
 */
function fieldBelow(text: string, fields: readonly Part[], offset: number): Part | undefined {
  const below = fields.find(part => part.start > offset);
  const above = fields.findLast(part => part.start < offset);
  if (below === undefined || above === undefined) return below ?? above;
  const isParent = above.path.every((key, depth) => below.path[depth] === key);
  const further = indentAt(text, offset).length > indentAt(text, below.start).length;
  return further && !isParent ? above : below;
}
