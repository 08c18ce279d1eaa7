import type { SourceFile } from '../yaml/source.ts';

/** A text that may name objects, and that nobody reads as objects: a template, a patch, values, a broken document. */
export interface UnreadText {
  readonly path: string;
  readonly text: string;
  /** Tells whether its patches and the VirtualServices that it names are known, as of a kustomization. */
  readonly isPartlyRead?: boolean;
  /** Tells whether it was read as an object, which has errors. */
  readonly isFaulty?: boolean;
}

/** Kinds that name neither subsets nor Gateways; their labels and images hold the same words. */
const harmless =
  /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Pod|PodTemplate|Job|CronJob|Service|ServiceAccount|Secret|SealedSecret|ExternalSecret|Namespace|Role|RoleBinding|ClusterRole|ClusterRoleBinding|HorizontalPodAutoscaler|PodDisruptionBudget|NetworkPolicy|PersistentVolume|PersistentVolumeClaim|StorageClass|CustomResourceDefinition|ServiceMonitor|PodMonitor|PrometheusRule)$/;

/** Tells whether documents of a kind cannot name an object that a conversion removes. */
export function isHarmlessKind(kind: string | undefined): boolean {
  return kind !== undefined && harmless.test(kind);
}

const naming =
  /subset|gateways?["']?\s*[:=]|\/gateways|virtualServices?["']?\s*[:=]|delegate["']?\s*[:=]|\bkind["']?\s*[:=]\s*["']?(?:HelmRelease|Application|ApplicationSet|VirtualService|DestinationRule)\b/i;

const values = /(?:^|[/\\])(?:values[^/\\]*\.ya?ml|Chart\.yaml)$/i;

/** Tells whether a file of values for templates has this path; the names in it need no field around them. */
export function isValuesFile(path: string): boolean {
  return values.test(path);
}

/** Tells whether a text may name a subset, a Gateway or a VirtualService, so that it is worth a closer look. */
export function mayName({ path, text }: UnreadText | SourceFile): boolean {
  return isValuesFile(path) || naming.test(text);
}
