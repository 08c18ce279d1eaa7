import type { FieldPath, SourceFile } from '../yaml/source.ts';

/**
 * A kustomization file, as far as a conversion touches it.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export interface KustomizationFile {
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
  readonly replacements?: readonly Replacement[];
  readonly crds?: readonly string[];
  /** Labels of objects and of what Services select by. */
  readonly commonLabels?: Readonly<Record<string, unknown>>;
  readonly labels?: readonly KustomizeLabels[];
  /** Plugins and functions: files, folders or texts. */
  readonly transformers?: readonly string[];
  /** Files that say which fields hold names, namespaces and labels. */
  readonly configurations?: readonly string[];
  /** Charts that kustomize renders, with their values. */
  readonly helmCharts?: readonly Readonly<Record<string, unknown>>[];
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/labels/ */
export interface KustomizeLabels {
  readonly pairs?: Readonly<Record<string, unknown>>;
  readonly includeSelectors?: boolean;
  /** More fields that hold labels. */
  readonly fields?: readonly Readonly<Record<string, unknown>>[];
}

/** A kustomization file, and the files beside it that it cannot do without. */
export interface Kustomization extends KustomizationFile {
  /** Those that are applied as patches, by the paths that are listed; known once all files are read. */
  readonly patchFiles?: Readonly<Record<string, SourceFile>>;
  /** The items of `transformers`; known once all files are read. */
  readonly transforming?: readonly Transformer[];
}

/**
 * A plugin or a function that changes objects of a kustomization.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/transformers/
 */
export interface Transformer {
  /** Where that lists it: `['transformers', 2]`. */
  readonly path: FieldPath;
  /** The item itself; a path for a file or a folder. */
  readonly listed: string;
  /** Tells whether it lists nothing else. */
  readonly alone: boolean;
  /** The object that sets it up; undefined where nobody showed it. */
  readonly config: Readonly<Record<string, unknown>> | undefined;
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/ */
export interface Replacement {
  /** A file that holds the rest. */
  readonly path?: string;
  readonly source?: Selector;
  readonly targets?: readonly { readonly select?: Selector }[];
}

/** The target of a patch; a field that is left out matches all objects. */
export interface Selector {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ */
export interface KustomizePatch {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: Selector;
}
