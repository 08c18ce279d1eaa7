/** A text that was read, and where it came from. */
export interface SourceFile {
  /** As it is shown to people and written in edits: relative to the working folder, `/` between parts; `-` is stdin. */
  readonly path: string;
  /** The whole text, byte order mark and carriage returns included. */
  readonly text: string;
}

/** Offsets in UTF-16 units into `SourceFile.text`; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** One document of a file: the text between two document markers. */
export interface SourceDocument {
  readonly file: SourceFile;
  /** 0 for the first document of the file. */
  readonly index: number;
  /** The document's text, from after its `---` line up to the next marker. */
  readonly range: TextRange;
}

/** Keys and indices from the root of a document, or from the root of an object. */
export type FieldPath = readonly (string | number)[];

/** Where an object was written down. */
export interface Source {
  readonly document: SourceDocument;
  /** The object's own place in the document: empty, or `['items', 3]` in a List. */
  readonly path: FieldPath;
}

/**
 * Writes a path as people read it.
 *
 * @returns for example `spec.http[2].match[0].headers["x-user"]`
 */
export function formatFieldPath(path: FieldPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
