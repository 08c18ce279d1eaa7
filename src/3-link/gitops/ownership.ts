import type { AnyResource } from '../../2-decode/resource.ts';
import type { ObjectMeta } from '../../gateway-api/index.ts';

/** The controller that writes an object at run time, and would undo a change of the manifest. */
export interface Owner {
  /** For people: `Argo Rollouts`, `Flagger`, or the kind and name of an ownerReference. */
  readonly name: string;
  readonly sign: string;
}

const labelOwners: readonly (readonly [RegExp, string])[] = [
  [/^(serving|networking\.internal)\.knative\.dev\//, 'Knative Serving'],
  [/^eventing\.knative\.dev\//, 'Knative Eventing'],
  [/^serving\.kserve\.io\//, 'KServe'],
];

const annotationOwners: readonly (readonly [RegExp, string])[] = [
  [/^rollout\.argoproj\.io\//, 'Argo Rollouts'],
  [/^(argo-rollouts|rollouts)\.argoproj\.io\//, 'Argo Rollouts'],
  [/^flagger\.(app|kubernetes\.io)\//, 'Flagger'],
];

/**
 * Tells whether a controller owns an object: by its ownerReferences, or by labels and annotations that controllers leave
 * on what they write.
 */
export function ownerOf({ metadata }: Pick<AnyResource, 'metadata'>): Owner | undefined {
  const reference = metadata.ownerReferences?.[0];
  if (reference !== undefined)
    return { name: `${reference.kind} ${reference.name}`, sign: 'metadata.ownerReferences' };
  if (metadata.labels?.['app.kubernetes.io/managed-by'] === 'flagger')
    return { name: 'Flagger', sign: 'label app.kubernetes.io/managed-by' };
  return (
    find('label', metadata.labels, labelOwners) ?? find('annotation', metadata.annotations, annotationOwners)
  );
}

function find(
  what: string,
  values: Readonly<Record<string, string>> | undefined,
  owners: readonly (readonly [RegExp, string])[],
): Owner | undefined {
  for (const key of Object.keys(values ?? {})) {
    const owner = owners.find(([pattern]) => pattern.test(key));
    if (owner !== undefined) return { name: owner[1], sign: `${what} ${key}` };
  }
  return undefined;
}

/** Annotations that belong to whatever applied the object, and mean nothing on another. */
const foreignAnnotations = [
  /^kubectl\.kubernetes\.io\/last-applied-configuration$/,
  /^argocd\.argoproj\.io\/tracking-id$/,
  /^meta\.helm\.sh\//,
  // An object for local use stays one: kustomize and kubectl leave it out of what they apply.
  /^config\.kubernetes\.io\/(?!local-config$)/,
  // Flagger leaves them on a VirtualService that it took over.
  /^flagger\.(app|kubernetes\.io)\//,
  /^kustomize\.toolkit\.fluxcd\.io\/reconcile$/,
  /^helm\.toolkit\.fluxcd\.io\/driftDetection$/,
  /^internal\.config\.kubernetes\.io\//,
  /^vs2route\//,
];

/** Labels that belong to whatever applied the object: another object gets its own from it. */
const foreignLabels = [
  /^argocd\.argoproj\.io\/instance$/,
  /^(kustomize|helm)\.toolkit\.fluxcd\.io\//,
  /^config\.k8s\.io\//,
];

/** @returns the labels and annotations that still hold for an object of another kind */
export function carriedMetadata(
  metadata: Pick<ObjectMeta, 'labels' | 'annotations'>,
): Pick<ObjectMeta, 'labels' | 'annotations'> {
  const labels = without(metadata.labels, foreignLabels);
  const annotations = without(metadata.annotations, foreignAnnotations);
  return { ...(labels && { labels }), ...(annotations && { annotations }) };
}

function without(
  values: Readonly<Record<string, string>> | undefined,
  foreign: readonly RegExp[],
): Readonly<Record<string, string>> | undefined {
  const kept = Object.entries(values ?? {}).filter(([key]) => !foreign.some(pattern => pattern.test(key)));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
