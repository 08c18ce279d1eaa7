import { type AnyResource, isType } from '../2-decode/resource.ts';

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
  const wanted = Object.entries(selector);
  if (wanted.length === 0) return undefined;
  const namespaces = new Set(
    resources
      .filter(isType('core.Service'))
      .filter(({ spec }) => wanted.every(([key, value]) => spec.selector?.[key] === value))
      .map(({ namespace }) => namespace),
  );
  const [only] = namespaces;
  return namespaces.size === 1 ? only : undefined;
}
