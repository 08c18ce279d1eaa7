import type { PageTraceOptions } from '../reporters/page/page-data.ts';
import type { Request } from '../semantics/request.ts';

/** An object that a trace reads, as YAML, with the namespace that it lands in and the place where it is written. */
export interface TraceObject {
  readonly yaml: string;
  readonly ns: string;
  /** Empty for what the conversion would write. */
  readonly file: string;
  readonly first: number;
  /** The file that decides which environment it is in: its own, or that of the object whose place it takes. */
  readonly home: string;
}

export interface TraceObjects {
  readonly before: readonly TraceObject[];
  readonly after: readonly TraceObject[];
  readonly options: PageTraceOptions;
}

export type TraceRequest = Omit<Request, 'port' | 'scheme'> & {
  readonly port?: number;
  readonly scheme?: 'http' | 'https';
};

/** The message of the page to the program that traces. */
export type TraceOrder =
  | ({ readonly kind: 'objects' } & TraceObjects)
  | { readonly kind: 'trace'; readonly request: TraceRequest };

/** The answer. */
export type TraceAnswer =
  | {
      readonly kind: 'traced';
      readonly description: string;
      readonly parts: readonly TracedEnvironment[];
    }
  | { readonly kind: 'failed'; readonly message: string };

/** The outcome of the request in an environment of the tree. */
export interface TracedEnvironment {
  /** Its folder, or those of all in which the same happens; empty where the tree has no environments. */
  readonly environment: string;
  readonly views: readonly TracedView[];
  readonly addresses: readonly string[];
}

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
  /** The file that decides which environment it is in. */
  readonly home: string;
}
