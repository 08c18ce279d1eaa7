/** The hidden marker of our comments. */
export interface Marker {
  /** Tells the comments of several runs on one pull request apart. */
  readonly tag: string;
  /** The subject of the comment; stays when lines move and texts change. */
  readonly id: string;
  /** The fingerprint of what the comment says. */
  readonly fp: string;
  /** Fingerprints of the objects that the comment is about. */
  readonly of: readonly string[];
}

const pattern = /<!-- vs2route:(\{[^>]*\}) -->\s*$/;

/** @returns a comment in HTML, to be put at the end of a text */
export function printMarker({ tag, id, fp, of }: Marker): string {
  // `--` would end the comment.
  const json = JSON.stringify({ v: 1, tag, id, fp, ...(of.length > 0 && { of }) }).replaceAll(
    /[<>-]/g,
    char => `\\u00${char.charCodeAt(0).toString(16)}`,
  );
  return `<!-- vs2route:${json} -->`;
}

/** @returns what a text says of itself at its end, undefined where it is none of ours */
export function readMarker(body: string): Marker | undefined {
  const json = pattern.exec(body)?.[1];
  if (json === undefined) return undefined;
  try {
    const { v, tag, id, fp, of = [] } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (v !== 1 || typeof tag !== 'string' || typeof id !== 'string' || typeof fp !== 'string')
      return undefined;
    const objects = Array.isArray(of) ? of.filter(one => typeof one === 'string') : [];
    return { tag, id, fp, of: objects };
  } catch {
    return undefined;
  }
}
