import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';

/**
 * Where the pods of an Istio Gateway run, as far as a Service that was shown tells: one that selects pods with all the labels
 * that the Gateway asks for.
 *
 * @returns undefined when no Service tells, or several do that are in different namespaces
 */
export function podsNamespaceOf(
  resources: readonly AnyResource[],
  selector: Readonly<Record<string, string>> = {},
): string | undefined {
  const namespaces = new Set(servicesOfPods(resources, selector).map(({ namespace }) => namespace));
  const [only] = namespaces;
  return namespaces.size === 1 ? only : undefined;
}

/** @returns the Services that select pods with all the labels that an Istio Gateway asks for; none where it asks for none */
export function servicesOfPods(
  resources: readonly AnyResource[],
  selector: Readonly<Record<string, string>> = {},
): readonly Resource<'core.Service'>[] {
  const wanted = Object.entries(selector);
  if (wanted.length === 0) return [];
  return resources
    .filter(isType('core.Service'))
    .filter(({ spec }) => wanted.every(([key, value]) => spec.selector?.[key] === value));
}
