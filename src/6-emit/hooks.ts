import { type AnyResource, isRoute } from '../2-decode/resource.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { backendsOf } from '../3-link/route-backends.ts';
import type { ObjectMeta } from '../gateway-api/index.ts';
import type { Output } from './edit.ts';

/** By these Argo CD or Helm applies an object at another time than the rest, and keeps or deletes it by itself. */
const annotations: readonly string[] = [
  'argocd.argoproj.io/hook',
  'argocd.argoproj.io/hook-delete-policy',
  'helm.sh/hook',
  'helm.sh/hook-weight',
  'helm.sh/hook-delete-policy',
];

/** @returns the annotations of an object that make it a hook, undefined where none does */
export function hookOf({
  annotations: own = {},
}: Pick<ObjectMeta, 'annotations'>): Readonly<Record<string, string>> | undefined {
  const found = annotations.flatMap(name => (own[name] === undefined ? [] : [[name, own[name]] as const]));
  return found.some(([name]) => name.endsWith('/hook')) ? Object.fromEntries(found) : undefined;
}

/**
 * Makes hooks of the objects that are made for routes that are hooks all alike, so that a route never comes before the Service
 * of a version, its DestinationRule or its ReferenceGrant.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/#how-do-i-configure-phases
 * @see https://helm.sh/docs/topics/charts_hooks/
 */
export function withHooks<Key>(
  outputs: ReadonlyMap<Key, readonly Output[]>,
): ReadonlyMap<Key, readonly Output[]> {
  const all = [...outputs.values()].flat().map(({ resource }) => resource);
  const routes = all.filter(isRoute);
  if (!routes.some(({ metadata }) => hookOf(metadata) !== undefined)) return outputs;
  const hooked = (output: Output): Output => {
    const hook = commonHook(routes.filter(route => needs(route, output.resource)));
    if (hook === undefined || isRoute(output.resource)) return output;
    const { metadata } = output.resource;
    const own = { ...metadata, annotations: { ...metadata.annotations, ...hook } };
    return { ...output, resource: { ...output.resource, metadata: own } };
  };
  return new Map([...outputs].map(([key, own]) => [key, own.map(hooked)]));
}

/** @returns what makes hooks of all of some routes, undefined where they are none or not alike */
function commonHook(routes: readonly AnyResource[]): Readonly<Record<string, string>> | undefined {
  const hooks = routes.map(({ metadata }) => hookOf(metadata));
  const [first] = hooks;
  return hooks.every(hook => canonicalJson(hook ?? {}) === canonicalJson(first ?? {})) ? first : undefined;
}

function needs(route: AnyResource, made: AnyResource): boolean {
  const backends = backendsOf(route);
  const isBackend = (namespace: string, name: string) =>
    backends.some(backend => backend.name === name && (backend.namespace ?? route.namespace) === namespace);
  switch (made.type) {
    case 'core.Service':
      return isBackend(made.namespace, made.name);
    case 'istio.DestinationRule':
      return isBackend(made.namespace, made.spec.host.split('.')[0] ?? '');
    case 'gateway.BackendTLSPolicy':
      return made.spec.targetRefs.some(({ name }) => isBackend(made.namespace, name));
    case 'gateway.ReferenceGrant':
      return (
        made.spec.from.some(({ namespace }) => namespace === route.namespace) &&
        backends.some(({ namespace }) => namespace === made.namespace)
      );
    default:
      return false;
  }
}
