import type { HeaderEffects } from '../../src/semantics/header-effect.ts';

/** What a route table does with a request, in the names that Envoy knows. */
export type Verdict =
  | { readonly kind: 'no-route' }
  | { readonly kind: 'response'; readonly status: number; readonly body: string }
  | {
      readonly kind: 'redirect';
      readonly status: number;
      readonly scheme: string;
      readonly host: string | undefined;
      readonly port: number | 'keep' | 'default';
      readonly path: string;
    }
  | {
      readonly kind: 'forward';
      readonly clusters: readonly ChosenCluster[];
      readonly path: string;
      readonly mirrors: readonly Mirror[];
      /** Milliseconds; 0 is no limit. */
      readonly timeout: number;
      readonly retries: string;
      readonly cors: string;
      readonly fault: string;
      /** By what the requests are spread; empty where nothing says. */
      readonly hash: string;
      /** What is answered when a cluster does not exist. */
      readonly missingStatus: 500 | 503;
    };

export interface ChosenCluster {
  readonly cluster: string;
  /** Whether the proxy was sent such a cluster. */
  readonly exists: boolean;
  readonly weight: number;
  readonly total: number;
  readonly authority: string | undefined;
  readonly requestHeaders: HeaderEffects;
  readonly responseHeaders: HeaderEffects;
}

export interface Mirror {
  readonly cluster: string;
  readonly exists: boolean;
  readonly millionths: number;
}
