/**
 * A kustomization file, as far as a conversion touches it.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export interface Kustomization {
  readonly namespace?: string;
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly resources?: readonly string[];
  /** The older name of `resources` for folders. */
  readonly bases?: readonly string[];
  readonly components?: readonly string[];
  readonly patches?: readonly KustomizePatch[];
  readonly patchesStrategicMerge?: readonly string[];
  readonly patchesJson6902?: readonly KustomizePatch[];
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ */
export interface KustomizePatch {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: {
    readonly group?: string;
    readonly version?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
    readonly labelSelector?: string;
    readonly annotationSelector?: string;
  };
}
