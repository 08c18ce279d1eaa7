import type { Severity } from '../../diagnostics/catalog-entry.ts';
import type { Options } from '../../options.ts';
import type { PageDetail, PageFate, PageIndex } from '../../reporters/page/page-data.ts';
import type { SourceFile } from '../../yaml/source.ts';
import type { TraceAnswer, TraceRequest } from '../trace-messages.ts';

/** The order of the page to the engine. */
export type Order =
  | {
      readonly kind: 'convert';
      readonly turn: number;
      readonly files: readonly SourceFile[];
      readonly options: Options;
    }
  | { readonly kind: 'trace'; readonly turn: number; readonly request: TraceRequest };

/** The answer of the engine, with the turn of the order. */
export type Answer =
  | Converted
  | { readonly kind: 'failed'; readonly turn: number; readonly message: string }
  | { readonly kind: 'traced'; readonly turn: number; readonly answer: TraceAnswer };

/** A conversion as the page shows it. */
export interface Converted {
  readonly kind: 'converted';
  readonly turn: number;
  readonly files: readonly SourceFile[];
  readonly index: PageIndex;
  readonly details: readonly PageDetail[];
  /** The new objects as one stream of YAML, as `vs2route convert` prints them. */
  readonly routes: string;
  readonly marks: readonly Mark[];
  readonly title: string;
  /** How many VirtualServices have each result. */
  readonly counts: Readonly<Record<PageFate, number>>;
  readonly tried: number;
  readonly differences: number;
  readonly milliseconds: number;
}

/** A diagnostic in the editor. */
export interface Mark {
  readonly path: string;
  /** UTF-16 units from the beginning of the file. */
  readonly from: number;
  readonly to: number;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}
