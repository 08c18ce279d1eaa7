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

/**
 * One document of a file: the text between two document markers, if it holds more than blank lines and comments.
 *
 * Every byte of a file is in at most one document. The bytes in none are the markers with the rest of their lines, the
 * directives before a `---`, a byte order mark, and documents of comments alone, such as a licence above the first
 * `---`. So a document can be replaced by others, and all else keeps its bytes.
 */
export interface SourceDocument {
  readonly file: SourceFile;
  /** 0 for the first document of the file. */
  readonly index: number;
  /**
   * The document's text, from after its `---` line up to the next marker, or to the end of the file. Comments between
   * the marker and the content come before what they are about; those behind the content, up to the next marker,
   * belong to this document too. Where content stands on the line of the marker itself, the range begins behind `---`;
   * such documents are reported and not read.
   */
  readonly range: TextRange;
  /** Where its nodes stand; absent where nobody read it yet, and where only the tree could tell. */
  readonly positions?: Positions;
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

/** @returns the absolute path, within its document, of a field of a resource */
export function pathInDocument(source: Source, path: FieldPath): FieldPath {
  return source.path.length === 0 ? path : [...source.path, ...path];
}

/**
 * Where every node of a document stands, packed into a fraction of what its tree takes, so that a place can be found
 * long after the tree went. All offsets count from the start of the document.
 *
 * A scalar is three numbers (its kind, start and end). A collection has its size in numbers and how many items follow
 * besides; a pair of a mapping puts the key's range, and the start and length of the name in it, before its value.
 */
export type Positions = Uint16Array | Uint32Array;
