/**
 * The part of `metadata` that vs2route reads or writes.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
export interface ObjectMeta {
  readonly name: string;
  /** Absent where the manifest leaves the namespace to kubectl or a kustomization. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  /** RFC 3339; decides which of two objects is the older, when the manifest comes from a cluster. */
  readonly creationTimestamp?: string;
  readonly generateName?: string;
}

export interface OwnerReference {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
}
