import type { KustomizePatch } from './kustomization.ts';

/**
 * A Kustomization of Flux, as far as it changes what it applies.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#patches
 */
export interface FluxKustomization {
  /** The folder it applies, from the root of the repository. */
  readonly path?: string;
  readonly patches?: readonly KustomizePatch[];
}

/**
 * An Application of Argo CD, as far as it changes what it applies.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/#patches
 */
export interface ArgoApplication {
  readonly source?: ArgoSource;
  readonly sources?: readonly ArgoSource[];
}

export interface ArgoSource {
  /** The folder it applies, from the root of the repository. */
  readonly path?: string;
  readonly kustomize?: { readonly patches?: readonly KustomizePatch[] };
}
