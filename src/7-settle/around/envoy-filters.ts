import { placeOf } from '../../2-decode/place-of.ts';
import { isType, type Resource } from '../../2-decode/resource.ts';
import type { Facts } from '../../3-link/facts.ts';
import { podsNamespaceOf } from '../../3-link/gateways/gateway-pods.ts';
import { contradicts } from '../../3-link/labels.ts';
import { versionServiceName } from '../../3-link/subsets/version-policy.ts';
import type { HttpEntry } from '../../3-link/virtual-services.ts';
import type { Output } from '../../6-emit/edit.ts';
import { type UsedVersion, usedVersions } from '../../6-emit/version-services.ts';
import type { Related } from '../../diagnostics/diagnostic.ts';
import type * as istio from '../../istio/index.ts';
import type { FieldPath } from '../../yaml/source.ts';
import { scopesOfUnit, type Unit } from '../unit.ts';

type EnvoyFilter = Resource<'istio.EnvoyFilter'>;

/**
 * Holds back what EnvoyFilters know by names of Envoy that a conversion changes: routes by the names of http entries, and the
 * clusters of subsets.
 *
 * @param outputs of each unit, with the rules that stand for its entries
 * @see istio.io/istio/pilot/pkg/networking/core/envoyfilter/rc_patch.go, routeMatch
 * @see istio.io/istio/pilot/pkg/networking/core/envoyfilter/cluster_patch.go, clusterMatch
 */
export function holdBackFiltered(
  facts: Facts,
  units: readonly Unit[],
  outputs: ReadonlyMap<Unit, readonly Output[]>,
): void {
  const filters = facts.resources.filter(isType('istio.EnvoyFilter'));
  if (filters.length === 0) return;
  for (const unit of units) {
    for (const filter of filters) {
      for (const [index, patch] of (filter.spec.configPatches ?? []).entries()) {
        if (!reaches(facts, filter, patch, unit)) continue;
        const related = relatedTo(filter, 'spec', 'configPatches', index);
        reportRouteName(unit, filter, patch, outputs.get(unit) ?? [], related);
        reportClusters(facts, unit, filter, patch, related);
      }
    }
  }
}

function nameOf({ namespace, name }: EnvoyFilter): string {
  return `${namespace}/${name}`;
}

function relatedTo(filter: EnvoyFilter, ...field: FieldPath): readonly Related[] {
  return filter.source === undefined
    ? []
    : [{ message: 'the EnvoyFilter', place: placeOf(filter, ...field) }];
}

/**
 * Whether a patch is for proxies that go by a VirtualService: sidecars wherever clients may be, or pods of a gateway. With
 * targetRefs it is for waypoints, where patches of routes do nothing (listener_waypoint.go).
 */
function reaches(
  facts: Facts,
  { namespace, spec }: EnvoyFilter,
  { applyTo = '', match: { context = 'ANY' } = {} }: istio.EnvoyConfigPatch,
  unit: Unit,
): boolean {
  const hasTargets = (spec.targetRefs ?? []).length > 0;
  const labels = spec.workloadSelector?.labels ?? {};
  return scopesOfUnit(unit).some(scope => {
    if (scope.kind === 'mesh') {
      if (scope.dataPlane === 'ambient') return hasTargets && !applyTo.endsWith('ROUTE');
      return !hasTargets && (context === 'ANY' || context === 'SIDECAR_OUTBOUND');
    }
    if (hasTargets || (context !== 'ANY' && context !== 'GATEWAY')) return false;
    const selector = facts.istioGateways.get(scope.gateway)?.resource.spec.selector ?? {};
    const pods = podsNamespaceOf(facts.servicesOfPods, selector);
    const isNear = namespace === facts.rootNamespace || pods === undefined || pods === namespace;
    return isNear && !contradicts(selector, labels);
  });
}

function reportRouteName(
  { vs, report }: Unit,
  filter: EnvoyFilter,
  { match }: istio.EnvoyConfigPatch,
  outputs: readonly Output[],
  related: readonly Related[],
): void {
  const name = match?.routeConfiguration?.vhost?.route?.name ?? '';
  if (name === '') return;
  for (const { http, origin } of vs.http) {
    if (!envoyNames(http).includes(name)) continue;
    const rules = ruleNames({ http, origin }, outputs);
    if (rules.every(rule => rule === name)) continue;
    const place = placeOf(origin.resource, ...origin.path, 'name');
    report('envoy-filter-route', place, { filter: nameOf(filter), route: name }, related);
  }
}

/** Each match of an entry is a route, and has its name (route.go, TranslateRoute). */
function envoyNames({ name = '', match = [] }: istio.HTTPRoute): readonly string[] {
  if (match.length === 0) return [name];
  return match.map(({ name: own = '' }) => (own === '' ? name : `${name}.${own}`));
}

/** The names of the rules that were written for an entry; one without gets a name of istiod's. */
function ruleNames({ origin }: HttpEntry, outputs: readonly Output[]): readonly (string | undefined)[] {
  return outputs.flatMap(({ resource, origins }) => {
    if (resource.type !== 'gateway.HTTPRoute' && resource.type !== 'gateway.GRPCRoute') return [];
    const rules = resource.spec.rules ?? [];
    return origins.flatMap(({ output, input, delegate }) => {
      const index = output[2];
      const isOwn =
        delegate === undefined
          ? origin.root === undefined && isPrefix(origin.path, input)
          : delegate.resource === origin.resource && isPrefix(origin.path, delegate.path);
      return isOwn && output.length === 3 && typeof index === 'number' ? [rules[index]?.name] : [];
    });
  });
}

function isPrefix(path: FieldPath, of: FieldPath): boolean {
  return path.every((part, index) => part === of[index]);
}

function reportClusters(
  facts: Facts,
  { vs, report }: Unit,
  filter: EnvoyFilter,
  patch: istio.EnvoyConfigPatch,
  related: readonly Related[],
): void {
  const used = usedVersions(facts, vs);
  const left = used.find(version => leavesBehind(filter, patch, version));
  const found = left ?? used.flatMap(subsetsBeside).find(version => names(patch, version));
  if (found === undefined) return;
  const { host, subset } = found;
  const service = left === undefined ? undefined : serviceOf(left.version);
  const fix =
    service === undefined
      ? 'Match the cluster by service and subset instead of by its name, and convert again. If the patch itself contains the name, keep the VirtualService.'
      : `Add a second patch to the EnvoyFilter with applyTo: CLUSTER and match.cluster.service: ${service}, and convert again.`;
  const place = placeOf(vs.resource, 'spec');
  report('envoy-filter-cluster', place, { filter: nameOf(filter), host, subset, fix }, related);
}

type Cluster = Pick<UsedVersion, 'host' | 'subset'>;

/** Subsets that no entry refers to are taken out of a DestinationRule that is changed anyhow. */
function subsetsBeside({ host, subset, version }: UsedVersion): readonly Cluster[] {
  const rule =
    version.kind === 'not-found' ? undefined : 'found' in version ? version.found?.rule : undefined;
  const beside = rule?.spec.subsets ?? [];
  return [{ host, subset }, ...beside.map(({ name }) => ({ host, subset: name }))];
}

/** Whether a patch of clusters is for that of a subset, and not for that of the Service in its place. */
function leavesBehind(
  { spec }: EnvoyFilter,
  { applyTo, match }: istio.EnvoyConfigPatch,
  { host, subset, version }: UsedVersion,
): boolean {
  const cluster = match?.cluster;
  if (applyTo !== 'CLUSTER' || cluster === undefined || cluster.name) return false;
  if (cluster.subset && cluster.subset !== subset) return false;
  if (cluster.service && cluster.service !== host) return false;
  if (!cluster.subset && (!cluster.service || version.kind === 'root')) return false;
  const service = serviceOf(version);
  // Whoever wrote the same for the new Service has seen to it.
  return !(spec.configPatches ?? []).some(
    other =>
      service !== undefined && other.applyTo === 'CLUSTER' && other.match?.cluster?.service === service,
  );
}

/** The full name of the Service that stands for a version. */
function serviceOf(version: UsedVersion['version']): string | undefined {
  if (version.kind === 'root') return version.service.host;
  if (version.kind !== 'new' && version.kind !== 'existing') return undefined;
  if (version.kind === 'existing') return version.service.host;
  return `${versionServiceName(version)}.${version.root.namespace}.svc.cluster.local`;
}

/** Whether a patch has the name of a cluster of a subset, as `outbound|80|v1|reviews.bookinfo.svc.cluster.local`. */
function names({ match, patch }: istio.EnvoyConfigPatch, { host, subset }: Cluster): boolean {
  const text = JSON.stringify([match?.cluster?.name ?? '', patch ?? {}]);
  return text.includes(`|${subset}|${host}`);
}
