/** What a comment of ours says of itself, where people do not see it. */
export interface Marker {
  /** Tells the comments of several runs on one pull request apart. */
  readonly tag: string;
  /** What the comment is about; stays when lines move and texts change. */
  readonly id: string;
  /** The fingerprint of what the comment says. */
  readonly fp: string;
}

const pattern = /<!-- vs2route:(\{[^>]*\}) -->\s*$/;

/** @returns a comment in HTML, to be put at the end of a text */
export function printMarker({ tag, id, fp }: Marker): string {
  // `--` would end the comment.
  const json = JSON.stringify({ v: 1, tag, id, fp }).replaceAll(
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
    const { v, tag, id, fp } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (v !== 1 || typeof tag !== 'string' || typeof id !== 'string' || typeof fp !== 'string')
      return undefined;
    return { tag, id, fp };
  } catch {
    return undefined;
  }
}
