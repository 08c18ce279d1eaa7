import { type AnyRoute, isRoute } from '../../2-decode/resource.ts';
import { subsetServiceName } from '../../2-decode/valid-name.ts';
import type { Facts } from '../facts.ts';
import type { MeshService } from '../registry.ts';
import { backendsOf } from '../route-backends.ts';
import type { ResolvedVirtualService } from '../virtual-services.ts';
import { destinationsOf } from './destinations.ts';
import { versionOf } from './versions.ts';

/**
 * Finds the Services that an earlier stage wrote for subsets of a VirtualService. A wildcard host covers them as soon as they are
 * there, and the routes of the VirtualService do not name them: they were written when nobody could call these Services.
 *
 * Once a route of the VirtualService is there, it tells: a Service that it sends requests to and that is no parent was not there
 * before it. Between stage 1a and 1b nothing but the name and the pods tell.
 *
 * @returns Services by their full names
 */
export function writtenVersions(facts: Facts, vs: ResolvedVirtualService): ReadonlySet<string> {
  const routes = facts.resources.filter(isRoute).filter(route => isOf(vs, route));
  if (routes.length === 0 && facts.options.stage !== '1b') return new Set();
  const backends = namesIn(routes, route => backendsOf(route));
  const parents = namesIn(routes, route => (route.spec.parentRefs ?? []).filter(isService));
  const isWritten = ({ namespace, name }: MeshService): boolean => {
    const key = `${namespace}/${name}`;
    return routes.length === 0 || (backends.has(key) && !parents.has(key));
  };
  const versions = destinationsOf(vs).flatMap(({ host, subset }) => {
    const version = subset ? versionOf(facts, host, subset, vs.namespace) : undefined;
    if (version?.kind !== 'existing' && version?.kind !== 'empty') return [];
    const { service, root } = version;
    const usual = subset && subsetServiceName(root.name, subset);
    return service !== undefined && service.name === usual && isWritten(service) ? [service.host] : [];
  });
  return new Set(versions);
}

/** Whether a route has a name that the routes of a VirtualService get (http-routes.ts). */
export function isOf({ name }: Pick<ResolvedVirtualService, 'name'>, route: AnyRoute): boolean {
  return `${route.name}-`.startsWith(`${name}-`);
}

function isService({ kind }: { readonly kind?: string | undefined }): boolean {
  return kind === 'Service';
}

function namesIn(
  routes: readonly AnyRoute[],
  referencesOf: (
    route: AnyRoute,
  ) => readonly { readonly name: string; readonly namespace?: string | undefined }[],
): ReadonlySet<string> {
  return new Set(
    routes.flatMap(route =>
      referencesOf(route).map(({ name, namespace = route.namespace }) => `${namespace}/${name}`),
    ),
  );
}
