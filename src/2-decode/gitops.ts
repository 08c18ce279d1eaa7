import type { KustomizePatch, Selector } from './kustomization.ts';

/**
 * A Kustomization of Flux, as far as it changes what it applies.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#patches
 */
export interface FluxKustomization {
  /** The folder it applies, from the root of the repository. */
  readonly path?: string;
  readonly targetNamespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly patches?: readonly KustomizePatch[];
  /** A field of v1beta1 and v1beta2. */
  readonly patchesStrategicMerge?: readonly Readonly<Record<string, unknown>>[];
  /** A field of v1beta1 and v1beta2. */
  readonly patchesJson6902?: readonly FluxJsonPatch[];
  /** The objects that have to be ready before the Kustomization is. */
  readonly healthChecks?: readonly NamedObject[];
}

/** An object by its kind and name. */
export interface NamedObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** A JSON patch whose operations are no text. */
export interface FluxJsonPatch {
  readonly patch?: readonly Readonly<Record<string, unknown>>[];
  readonly target?: Selector;
}

/**
 * An Application of Argo CD, as far as it changes what it applies.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/#patches
 */
export interface ArgoApplication {
  readonly source?: ArgoSource;
  readonly sources?: readonly ArgoSource[];
  readonly destination?: {
    /** The namespace of objects that name none. */
    readonly namespace?: string;
  };
  /** Objects whose differences from the repository do not count; without a name, all of a kind. */
  readonly ignoreDifferences?: readonly IgnoredDifference[];
}

export interface IgnoredDifference {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

export interface ArgoSource {
  /** The folder it applies, from the root of the repository. */
  readonly path?: string;
  readonly kustomize?: ArgoKustomize;
  /** Values and parameters of a chart. */
  readonly helm?: Readonly<Record<string, unknown>>;
}

export interface ArgoKustomize {
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly commonLabels?: Readonly<Record<string, unknown>>;
  /** Tells whether `commonLabels` leaves selectors alone. */
  readonly labelWithoutSelector?: boolean;
  readonly patches?: readonly KustomizePatch[];
}
