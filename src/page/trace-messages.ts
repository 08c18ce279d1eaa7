import type { PageTraceOptions } from '../reporters/page/page-data.ts';
import type { Request } from '../semantics/request.ts';

/** An object that a trace reads, as YAML, with the namespace that it lands in and the place where it is written. */
export interface TraceObject {
  readonly yaml: string;
  readonly ns: string;
  readonly file: string;
  readonly first: number;
}

/** What the page tells the program that traces. */
export type TraceOrder =
  | {
      readonly kind: 'objects';
      readonly before: readonly TraceObject[];
      readonly after: readonly TraceObject[];
      readonly options: PageTraceOptions;
    }
  | {
      readonly kind: 'trace';
      readonly request: Omit<Request, 'port' | 'scheme'> & {
        readonly port?: number;
        readonly scheme?: 'http' | 'https';
      };
    };

/** What comes back. */
export type TraceAnswer =
  | {
      readonly kind: 'traced';
      readonly description: string;
      readonly views: readonly TracedView[];
      readonly addresses: readonly string[];
    }
  | { readonly kind: 'failed'; readonly message: string };

export interface TracedView {
  readonly vantage: string;
  readonly before: TracedSideView;
  readonly after: TracedSideView;
}

export interface TracedSideView {
  readonly outcome: string;
  readonly rule: RuleView | undefined;
  readonly passed: readonly { readonly rule: RuleView; readonly reason: string }[];
}

export interface RuleView {
  readonly kind: string;
  readonly ns: string;
  readonly name: string;
  readonly path: string;
  /** `file:line`; empty for a rule that the conversion would write. */
  readonly place: string;
}
