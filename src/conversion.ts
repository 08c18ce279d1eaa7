import type { AnyResource } from './2-decode/resource.ts';
import type { Edit, Output } from './6-emit/edit.ts';
import type { Code } from './diagnostics/catalog.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { ResourceRef } from './diagnostics/resource-ref.ts';
import type { Options } from './options.ts';
import type { Aspect } from './semantics/outcome.ts';
import type { Request } from './semantics/request.ts';
import type { SourceFile } from './yaml/source.ts';

/** Everything that a conversion found out; every command and reporter is a function of this. */
export interface Conversion {
  /** The texts that were converted, in the order they were given. */
  readonly files: readonly SourceFile[];
  /** One for each VirtualService, DestinationRule and Istio Gateway of the input, in the order they were read. */
  readonly resources: readonly ConvertedResource[];
  /** The objects that the conversion produces, in the order of what they replace. */
  readonly outputs: readonly Output[];
  readonly edits: readonly Edit[];
  /** The objects of the input that are in no file any more once the edits are made. */
  readonly removed: ReadonlySet<AnyResource>;
  /**
   * The objects of the input that change together: none of a set may be taken without the others. Alternatives, such as the
   * same VirtualService for two environments, are in sets of their own.
   */
  readonly together: readonly ReadonlySet<AnyResource>[];
  /** All of them, those about no resource included, by file and position. */
  readonly diagnostics: readonly Diagnostic[];
  /** Objects that were read and are not among `resources`: Services, routes and the like, and all that is left alone. */
  readonly surroundings: readonly AnyResource[];
  /** The options by which the objects were read. */
  readonly assumptions: Pick<Options, 'rootNamespace' | 'defaultPort' | 'trustedProxies'>;
}

/** A conversion as long as it is not said what it was made among. */
export type ConversionOfInputs = Omit<Conversion, 'surroundings' | 'assumptions'>;

/** The result for one resource of the input. */
export interface ConvertedResource {
  readonly resource: AnyResource;
  /**
   * `converted`: exact. `approximate`: converted with declared differences. `held-back`: left as it was, an error says
   * why. `skipped`: nothing to convert here, as for a DestinationRule without subsets or an object that a controller
   * owns.
   */
  readonly status: Status;
  readonly outputs: readonly ResourceRef[];
  readonly diagnostics: readonly Diagnostic[];
  readonly proof?: Proof;
}

export type Status = 'converted' | 'approximate' | 'held-back' | 'skipped';

/** How a conversion was checked. */
export interface Proof {
  /** How many witness requests went through both sides. */
  readonly requests: number;
  /** How many VirtualServices were checked by these same requests, since they share hosts; itself included. */
  readonly together: number;
  /** Whether there were too many regions for every one of them to have a request. */
  readonly sampled: boolean;
  /** How many of the requests differ, each covered by a diagnostic that declares it. */
  readonly differences: number;
  /** The diagnostics that declare them, and in what the requests differ by each. */
  readonly declared: readonly { readonly code: Code; readonly aspects: readonly Aspect[] | 'all' }[];
  /** Some of the requests, those that differ first; only where `convert` was asked for them. */
  readonly shown?: readonly ProvenRequest[];
}

/** A request that went through both sides, and what became of it. */
export interface ProvenRequest {
  /** The proxy: `sidecar in shop`, `gateway infra/edge`. */
  readonly place: string;
  readonly request: Request;
  readonly before: ProvenSide;
  readonly after: ProvenSide;
  /** In what the outcomes differ; empty where they are the same. */
  readonly aspects: readonly Aspect[];
}

export interface ProvenSide {
  readonly outcome: string;
  /** The rule that decides; undefined where no rule matches the request. */
  readonly rule: { readonly resource: ResourceRef; readonly path: string } | undefined;
}
