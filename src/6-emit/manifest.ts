import type { AnyResource } from '../2-decode/resource.ts';
import { inApiOrder } from './key-order.ts';

/** A manifest as a plain object, its keys in the order in which people write them. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec?: unknown;
}

/**
 * The manifest of an object: without a namespace where its metadata has none, whatever namespace it lands in, and
 * without a spec where there is nothing in it, as for a Namespace.
 */
export function toManifest(resource: AnyResource): Manifest {
  const { name, namespace, labels, annotations, ...rest } = resource.metadata;
  const spec = inApiOrder(resource.type, resource.spec);
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: present({ name, namespace, labels: filled(labels), annotations: filled(annotations), ...rest }),
    ...(filled(resource.spec) === undefined ? {} : { spec }),
  };
}

function filled<T extends object>(map: T | undefined): T | undefined {
  return map !== undefined && Object.keys(map).length > 0 ? map : undefined;
}

function present(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
