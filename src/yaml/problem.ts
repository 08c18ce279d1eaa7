import type { TextRange } from './source.ts';

/** A language that manifests are written in before something renders them. */
export interface TemplateLanguage {
  /** The mark in the text, for people. */
  readonly mark: string;
  /** Renders the template to the standard output. */
  readonly command: string;
}

/** A fault of a document that no manifest may have. */
export type Problem =
  | { readonly kind: 'invalid'; readonly range: TextRange; readonly reason: string }
  | { readonly kind: 'template'; readonly range: TextRange; readonly language?: TemplateLanguage }
  | { readonly kind: 'too-deep'; readonly range: TextRange }
  | { readonly kind: 'alias-bomb'; readonly range: TextRange }
  | DuplicateKey;

export interface DuplicateKey {
  readonly kind: 'duplicate-key';
  /** The later of the two, whose value counts. */
  readonly range: TextRange;
  readonly name: string;
  readonly first: TextRange;
  /** The later one comes from a `<<` key: tools differ in whether it counts. */
  readonly merged?: true;
}

/** Thrown while a tree is built, and caught where the building began. */
export class BrokenDocument extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.kind);
    this.problem = problem;
  }
}
