import type { AnyResource } from './2-decode/resource.ts';
import { serviceNameOf } from './3-link/host.ts';
import { contradicts } from './3-link/labels.ts';
import { buildRegistry, findService } from './3-link/registry.ts';
import { resolveVirtualServices } from './3-link/resolve-virtual-services.ts';
import { rootNamespaceOf } from './3-link/root-namespace.ts';
import {
  buildDestinationRules,
  destinationRulesFor,
  findSubset,
  isNamedBy,
} from './3-link/subsets/destination-rules.ts';
import { destinationsOf, httpDestinations } from './3-link/subsets/destinations.ts';
import { emptyServiceNames } from './3-link/subsets/versions.ts';
import type { Options } from './options.ts';
import { subsetMark } from './semantics/backend.ts';
import type { AssumedVersion } from './semantics/world.ts';

/**
 * The Services that people write for subsets are often not among what they show: one that is called like a Service and
 * a subset of it is taken for that.
 */
export function assumedVersions(
  resources: readonly AnyResource[],
  rootNamespace?: string,
): ReadonlyMap<string, AssumedVersion> {
  const virtualServices = resolveVirtualServices(resources);
  const rules = buildDestinationRules(resources, rootNamespaceOf(resources, rootNamespace));
  const versions = new Map<string, AssumedVersion>();
  for (const { http, namespace } of virtualServices) {
    for (const { host, subset } of http.flatMap(entry => httpDestinations(entry.http))) {
      const service = serviceNameOf(host);
      if (!subset || service === undefined) continue;
      const found = findSubset(destinationRulesFor(rules, host, service.namespace, namespace), subset);
      const labels = found?.subset.labels ?? subsetMark(subset);
      versions.set(`${service.namespace}/${service.name}-${subset}`, { host, labels });
    }
  }
  return versions;
}

/**
 * The Services that a conversion writes for subsets that no pod is behind, by what they are called: those among them that
 * have no selector have no endpoints.
 *
 * @param sides the objects of each, before and after
 * @returns names as `NAMESPACE/NAME`
 */
export function emptyServices(
  sides: readonly (readonly AnyResource[])[],
  options: Pick<Options, 'defaultPort' | 'rootNamespace'>,
): ReadonlySet<string> {
  return new Set(sides.flatMap(resources => emptyOnSide(resources, options)));
}

function emptyOnSide(
  resources: readonly AnyResource[],
  { defaultPort, rootNamespace }: Pick<Options, 'defaultPort' | 'rootNamespace'>,
): readonly string[] {
  const registry = buildRegistry(resources, defaultPort);
  const rules = buildDestinationRules(resources, rootNamespaceOf(resources, rootNamespace));
  return resolveVirtualServices(resources).flatMap(vs =>
    destinationsOf(vs).flatMap(({ host, subset }) => {
      const service = subset ? findService(registry, host) : undefined;
      if (!subset || service === undefined) return [];
      const seen = destinationRulesFor(rules, service.host, service.namespace, vs.namespace);
      const found = findSubset(seen, subset);
      const isEmpty =
        found === undefined
          ? isNamedBy(seen, service.host)
          : contradicts(service.selector, found.subset.labels ?? {});
      if (!isEmpty) return [];
      return emptyServiceNames(service, subset).map(name => `${service.namespace}/${name}`);
    }),
  );
}
