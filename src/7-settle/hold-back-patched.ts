import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource, Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { describeApplier } from '../3-link/gitops/appliers.ts';
import { labelledApart } from '../3-link/gitops/kustomize-labels.ts';
import type { ObjectPatch } from '../3-link/gitops/kustomize-patches.ts';
import { changesForRoutes } from '../3-link/gitops/service-patches.ts';
import { resolveHost } from '../3-link/host.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import { coreService, type Version } from '../3-link/subsets/versions.ts';
import { reportLimit } from '../4-translate/limit.ts';
import { isOfPlugin } from '../6-emit/kustomize-patches.ts';
import { usedVersions } from '../6-emit/version-services.ts';
import { LimitReached } from '../budget.ts';
import { scopesOfUnit, type Unit } from './unit.ts';

/**
 * Holds back what a kustomization patches, unless the patch can go over to the routes: once the object is gone, the
 * patch fails the build or does nothing. Where the object stays, the routes beside it would still say what it says
 * without the patch, and routes are what answers then; labels and annotations do no harm there.
 */
export function holdBackPatched(facts: Facts, units: readonly Unit[]): void {
  if (facts.patches.size === 0 && facts.patchesToCome.size === 0) return;
  const { keepVirtualServices, patches } = facts.options;
  for (const unit of units) {
    const gone = goneWith(facts, unit);
    const services = servicesOf(facts, unit);
    const isUnfollowed = [...gone, ...services.keys()].some(object =>
      (facts.patches.get(object) ?? []).some(({ unfollowed = false }) => unfollowed),
    );
    if (isUnfollowed)
      reportLimit(unit.vs, new LimitReached('limitPaths', facts.options.limitPaths), unit.report);
    for (const object of gone) {
      for (const patch of facts.patches.get(object) ?? []) {
        if (patch.unfollowed === true) continue;
        if (patch.unknown !== undefined || (keepVirtualServices && patch.metadataOnly)) continue;
        if (patches === 'drop') report('kustomize-patch-dropped', unit, object, patch);
        else if (!canMove(facts, object, patch)) report('kustomize-patch', unit, object, patch);
      }
    }
    reportToCome(facts, unit, gone);
    reportUnknown(unit, [...gone, ...services.keys()], facts);
    for (const [service, patch] of patchesOfServices(facts, services)) {
      report(patches === 'drop' ? 'kustomize-patch-dropped' : 'kustomize-patch', unit, service, patch);
    }
  }
}

/** Says which patches would also change a new route, a new Gateway or the new Service of a subset. */
function reportToCome(facts: Facts, unit: Unit, gone: readonly AnyResource[]): void {
  const written = new Set(
    usedVersions(facts, unit.vs).flatMap(({ version }) =>
      version.kind === 'new' || version.kind === 'empty' ? [version.name] : [],
    ),
  );
  for (const object of gone) {
    for (const { patch, added } of facts.patchesToCome.get(object) ?? []) {
      const isOfSubset = added.kind === 'Service' || added.kind === 'DestinationRule';
      if (isOfSubset && !written.has(added.name)) continue;
      const args = { by: describeApplier(patch.kustomization), object: describeObject(added) };
      const related = placesOf('the patch', patch.kustomization, patch.path);
      unit.report('kustomize-patch-to-come', placeOf(unit.vs.resource, 'metadata', 'name'), args, related);
    }
  }
}

/**
 * Holds back VirtualServices that a text may still need which nobody could read: it may delegate to them, patch them, or
 * have a controller move their weights. A VirtualService of such a text that has a host of theirs would take the requests from
 * their routes.
 */
export function holdBackMentioned({ mentions }: Facts, units: readonly Unit[]): void {
  for (const { vs, report: say } of units) {
    const path = mentions.ofVirtualService(vs.resource);
    const object = `VirtualService ${vs.namespace}/${vs.name}`;
    if (path !== undefined)
      say('named-in-unread-text', placeOf(vs.resource, 'metadata', 'name'), { object, path });
    const shared = mentions.ofHosts(vs.resource);
    if (shared !== undefined)
      say('host-in-unread-text', placeOf(vs.resource, 'spec', 'hosts'), { ...shared });
  }
}

/** Patches of the Services that a VirtualService is about, as far as its routes would differ with them. */
function patchesOfServices(
  facts: Facts,
  services: ReturnType<typeof servicesOf>,
): readonly (readonly [Resource<'core.Service'>, ObjectPatch])[] {
  return [...services].flatMap(([service, withSelector]) =>
    (facts.patches.get(service) ?? [])
      .filter(
        patch =>
          patch.unknown === undefined &&
          patch.unfollowed === undefined &&
          changesForRoutes(patch, service, withSelector),
      )
      .map(patch => [service, patch] as const),
  );
}

/** @returns the Services that a VirtualService is about, and of each whether its selector counts */
function servicesOf(facts: Facts, { vs }: Unit): ReadonlyMap<Resource<'core.Service'>, boolean> {
  const hosts = [...vs.hosts, ...destinationsOf(vs).map(({ host }) => host)];
  const full = new Set(hosts.map(host => resolveHost(host, vs.namespace)));
  const versions = usedVersions(facts, vs).flatMap(({ version }) =>
    version.kind === 'new' || version.kind === 'existing' ? [version] : [],
  );
  const chosenFrom = new Set(versions.flatMap(version => [version.root.host, ...serviceOf(version)]));
  return new Map(
    [...new Set([...full, ...chosenFrom])].flatMap(host => {
      const known = facts.registry.byHost.get(host);
      const service = known === undefined ? undefined : coreService(known);
      return service === undefined ? [] : [[service, chosenFrom.has(host)] as const];
    }),
  );
}

function serviceOf(version: Extract<Version, { readonly kind: 'new' | 'existing' }>): readonly string[] {
  return version.kind === 'existing' ? [version.service.host] : [];
}

/**
 * Says where objects are renamed on their way to the cluster, which kustomize does not follow into routes. A Service
 * that would stand for a subset would not be found.
 */
export function reportRenaming(facts: Facts, units: readonly Unit[]): void {
  if (facts.renaming.size === 0) return;
  for (const { vs, report: say } of units) {
    const renamer = facts.renaming.get(vs.resource.source?.document.file.path ?? '');
    if (renamer === undefined) continue;
    const by = describeApplier(renamer.by);
    const place = placeOf(vs.resource, 'metadata', 'name');
    const { configuredIn } = renamer;
    if (configuredIn === undefined) say('kustomize-renames', place, { by });
    else
      say('kustomize-renames-by-configuration', place, {
        by,
        folder: configuredIn === '' ? '.' : configuredIn,
      });
    for (const { subset, version } of usedVersions(facts, vs)) {
      const isWritten = version.kind === 'new' || (version.kind === 'empty' && version.service === undefined);
      if (!isWritten) continue;
      say('kustomize-renames-subset', place, { by, subset, service: version.name });
    }
  }
}

/**
 * Holds back what sends requests to a subset whose Service would select other pods, since a kustomization labels
 * what one of the two Services selects by: the one that has the subset, or the one that stands for it.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/commonlabels/
 */
export function holdBackLabelled(facts: Facts, units: readonly Unit[]): void {
  const { selectorLabels } = facts;
  if (selectorLabels.length === 0) return;
  for (const { vs, report: say } of units) {
    for (const { subset, version } of usedVersions(facts, vs)) {
      if (version.kind !== 'new' && version.kind !== 'existing') continue;
      const { root } = version;
      const existing = version.kind === 'existing' ? version.service : undefined;
      const name = version.kind === 'new' ? version.name : version.service.name;
      const file = fileOf(existing === undefined ? vs.resource : existing.resource);
      const selector = version.kind === 'new' ? version.selector : (version.service.selector ?? {});
      const applier = labelledApart(selectorLabels, fileOf(root.resource), file, selector);
      if (applier === undefined) continue;
      const args = { by: describeApplier(applier.by), subset, service: name, root: root.name };
      say('kustomize-labels-subset', placeOf(vs.resource, 'metadata', 'name'), args);
    }
  }
}

function fileOf(resource: AnyResource | undefined): string {
  return resource?.source?.document.file.path ?? '';
}

/** Objects that the conversion of a VirtualService removes, or takes something out of. */
export function goneWith(facts: Facts, unit: Unit): readonly AnyResource[] {
  const { vs } = unit;
  const rules = usedVersions(facts, vs).flatMap(({ version }) => {
    if (version.kind === 'not-found' || version.found === undefined) return [];
    return [version.found.rule as AnyResource];
  });
  const gateways = scopesOfUnit(unit).flatMap(scope => {
    if (scope.kind !== 'gateway' || scope.target.origin !== 'converted') return [];
    return facts.istioGateways.get(scope.replaced)?.resource ?? [];
  });
  const delegates = vs.http.map(({ origin }) => origin.resource as AnyResource);
  return [...new Set([vs.resource as AnyResource, ...delegates, ...rules, ...gateways])];
}

/** Labels and annotations mean the same on what takes an object's place, where something does. */
function canMove({ inputs }: Facts, { type }: AnyResource, patch: ObjectPatch): boolean {
  const { metadataOnly, target, kustomization } = patch;
  if (!metadataOnly || type === 'istio.DestinationRule') return false;
  // Objects read for reference stay, as do those of Flux and Argo CD: without its object a patch with a target does nothing,
  // any other fails.
  const isEdited =
    kustomization.type === 'kustomize.Kustomization' && inputs.has(kustomization) && !isOfPlugin(patch);
  return isEdited || target !== undefined;
}

function report(
  code: 'kustomize-patch' | 'kustomize-patch-dropped',
  { vs, report: say }: Unit,
  object: AnyResource,
  { kustomization, path }: ObjectPatch,
): void {
  const args = { object: describeObject(object), by: describeApplier(kustomization) };
  say(code, placeOf(vs.resource, 'metadata', 'name'), args, placesOf('the patch', kustomization, path));
}

/** Says which plugins and functions nobody here knows change what a VirtualService is about, each once. */
function reportUnknown({ vs, report: say }: Unit, objects: readonly AnyResource[], facts: Facts): void {
  const told = new Set<ObjectPatch>();
  for (const object of objects) {
    for (const patch of facts.patches.get(object) ?? []) {
      const { kustomization, path, unknown: what } = patch;
      if (what === undefined || told.has(patch)) continue;
      told.add(patch);
      const args = { by: describeApplier(kustomization), what, object: describeObject(object) };
      const related = placesOf('the transformer', kustomization, path);
      say('kustomize-transformer', placeOf(vs.resource, 'metadata', 'name'), args, related);
    }
  }
}

function describeObject({ kind, namespace, name }: Pick<AnyResource, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

function placesOf(message: string, by: ObjectPatch['kustomization'], path: ObjectPatch['path']) {
  return by.source === undefined ? [] : [{ message, place: placeOf(by, ...path) }];
}
