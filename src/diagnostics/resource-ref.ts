/** The name of a resource in messages and reports. */
export interface ResourceRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** @returns the part of a resource that names it */
export function refOf(resource: ResourceRef): ResourceRef {
  return { kind: resource.kind, namespace: resource.namespace, name: resource.name };
}
