import type { AnyResource, Resource } from '../2-decode/resource.ts';
import type { Scope } from '../3-link/scopes.ts';
import type { FieldPath, Source } from '../yaml/source.ts';

/** An object of the result, and where it belongs. */
export interface Output {
  readonly resource: AnyResource;
  /** The document it takes the place of, or is written after. */
  readonly home: Source;
  /**
   * For a Service that stands for a subset, whose home is the DestinationRule: the VirtualService that it is written for, and
   * the Service that it takes after, by `nameKey`.
   */
  readonly neededBy?: { readonly source: Source; readonly service: string };
  /** The host or Gateway that a route is for, whatever its parentRefs say of it. */
  readonly scopes?: readonly Scope[];
  /**
   * Which part of the home document each part of the object came from, so that comments can follow their meaning:
   * `{ output: ['spec', 'rules', 0], input: ['spec', 'http', 2] }`.
   */
  readonly origins: readonly {
    readonly output: FieldPath;
    readonly input: FieldPath;
    /** Where it was written, when the part of the home document only delegates to it. */
    readonly delegate?: { readonly resource: Resource; readonly path: FieldPath };
  }[];
}

/** One change to one document. Everything that no edit names keeps its bytes. */
export type Edit =
  /** The document (or List item) gives way to these; to nothing when there are none. */
  | { readonly kind: 'replace'; readonly source: Source; readonly outputs: readonly Output[] }
  /** These follow the document, which stays. */
  | { readonly kind: 'append'; readonly source: Source; readonly outputs: readonly Output[] }
  /** A field, or an item of a list, goes. */
  | { readonly kind: 'remove-field'; readonly source: Source; readonly path: FieldPath }
  /** A field gets another value; maps on the way that do not exist are made. */
  | {
      readonly kind: 'set-field';
      readonly source: Source;
      readonly path: FieldPath;
      readonly value: unknown;
      /** A field beside it that goes, and whose place it takes. */
      readonly insteadOf?: string;
    };
