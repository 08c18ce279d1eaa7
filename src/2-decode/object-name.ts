import type { Kind } from './kinds.ts';
import { hasPlaceholder } from './validation/placeholder.ts';

const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Kinds whose names are labels: without dots, and no longer than 63 characters. */
const labelled: readonly string[] = ['core.Service', 'core.Namespace', 'istio.Gateway'];

/**
 * @returns why an API server, or istiod for its Gateways, refuses a name; undefined when it does not
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function faultOfName({ type }: Kind, name: string): string | undefined {
  if (hasPlaceholder(name)) return undefined;
  if (labelled.includes(type)) {
    if (name.length > 63) return 'it is longer than 63 characters';
    return label.test(name) ? undefined : 'it is not a DNS label';
  }
  if (name.length > 253) return 'it is longer than 253 characters';
  return subdomain.test(name) ? undefined : 'it is not a DNS name in lower case';
}
