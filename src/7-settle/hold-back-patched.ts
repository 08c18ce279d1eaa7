import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { destinationsOf } from '../3-link/destinations.ts';
import type { Facts } from '../3-link/facts.ts';
import { resolveHost } from '../3-link/host.ts';
import { folderOf } from '../3-link/kustomizations.ts';
import type { ObjectPatch } from '../3-link/kustomize-patches.ts';
import { changesForRoutes } from '../3-link/service-patches.ts';
import { coreService, type Version } from '../3-link/versions.ts';
import { usedVersions } from '../6-emit/version-services.ts';
import { placeOf } from '../diagnostics/diagnostic.ts';
import type { Unit } from './unit.ts';

/**
 * Holds back what a kustomization patches, unless the patch can go over to the routes: once the object is gone, the
 * patch fails the build or does nothing. Where the object stays, the routes beside it would still say what it says
 * without the patch, and routes are what answers then; labels and annotations do no harm there.
 */
export function holdBackPatched(facts: Facts, units: readonly Unit[]): void {
  if (facts.patches.size === 0) return;
  const { keepVirtualServices, patches } = facts.options;
  for (const unit of units) {
    for (const object of goneWith(facts, unit)) {
      for (const patch of facts.patches.get(object) ?? []) {
        if (keepVirtualServices && patch.metadataOnly) continue;
        if (patches === 'drop') report('kustomize-patch-dropped', unit, object, patch);
        else if (!canMove(facts, object, patch)) report('kustomize-patch', unit, object, patch);
      }
    }
    for (const [service, patch] of patchesOfServices(facts, unit)) {
      report(patches === 'drop' ? 'kustomize-patch-dropped' : 'kustomize-patch', unit, service, patch);
    }
  }
}

/** Patches of the Services that a VirtualService is about, as far as its routes would differ with them. */
function patchesOfServices(
  facts: Facts,
  { vs }: Unit,
): readonly (readonly [Resource<'core.Service'>, ObjectPatch])[] {
  const hosts = [...vs.hosts, ...destinationsOf(vs).map(({ host }) => host)];
  const full = new Set(hosts.map(host => resolveHost(host, vs.namespace)));
  const versions = usedVersions(facts, vs).flatMap(({ version }) =>
    version.kind === 'new' || version.kind === 'existing' ? [version] : [],
  );
  const chosenFrom = new Set(versions.flatMap(version => [version.root.host, ...serviceOf(version)]));
  return [...new Set([...full, ...chosenFrom])].flatMap(host => {
    const known = facts.registry.byHost.get(host);
    const service = known === undefined ? undefined : coreService(known);
    if (service === undefined) return [];
    return (facts.patches.get(service) ?? [])
      .filter(patch => changesForRoutes(patch, service, chosenFrom.has(host)))
      .map(patch => [service, patch] as const);
  });
}

function serviceOf(version: Extract<Version, { readonly kind: 'new' | 'existing' }>): readonly string[] {
  return version.kind === 'existing' ? [version.service.host] : [];
}

/**
 * Says where a kustomization renames objects, which kustomize does not follow into routes. A Service that would stand
 * for a subset would not be found.
 */
export function reportRenaming(facts: Facts, units: readonly Unit[]): void {
  if (facts.renaming.size === 0) return;
  for (const { vs, report: say } of units) {
    const folder = facts.renaming.get(vs.resource.source?.document.file.path ?? '');
    if (folder === undefined) continue;
    const shown = folder === '' ? '.' : folder;
    const place = placeOf(vs.resource, 'metadata', 'name');
    say('kustomize-renames', place, { folder: shown });
    for (const { subset, version } of usedVersions(facts, vs)) {
      const isWritten = version.kind === 'new' || (version.kind === 'empty' && version.service === undefined);
      if (!isWritten) continue;
      say('kustomize-renames-subset', place, { folder: shown, subset, service: version.name });
    }
  }
}

/** What the conversion of a VirtualService takes away, or takes something out of. */
function goneWith(facts: Facts, { vs, scopes }: Unit): readonly AnyResource[] {
  const rules = usedVersions(facts, vs).flatMap(({ version }) => {
    if (version.kind === 'not-found' || version.found === undefined) return [];
    return [version.found.rule as AnyResource];
  });
  const gateways = scopes.flatMap(scope => {
    if (scope.kind !== 'gateway' || scope.target.origin !== 'converted') return [];
    return facts.istioGateways.get(scope.gateway)?.resource ?? [];
  });
  const delegates = vs.http.map(({ origin }) => origin.resource as AnyResource);
  return [...new Set([vs.resource as AnyResource, ...delegates, ...rules, ...gateways])];
}

/** Labels and annotations mean the same on what takes an object's place, where something does. */
function canMove(
  { inputs }: Facts,
  { type }: AnyResource,
  { metadataOnly, target, kustomization }: ObjectPatch,
): boolean {
  if (!metadataOnly || type === 'istio.DestinationRule') return false;
  // What is only shown stays, as do those of Flux and Argo CD: without its object a patch with a target does nothing,
  // any other fails.
  const isEdited = kustomization.type === 'kustomize.Kustomization' && inputs.has(kustomization);
  return isEdited || target !== undefined;
}

function report(
  code: 'kustomize-patch' | 'kustomize-patch-dropped',
  { vs, report: say }: Unit,
  object: AnyResource,
  { kustomization, path }: ObjectPatch,
): void {
  const file = kustomization.source?.document.file.path ?? '';
  const related =
    kustomization.source === undefined
      ? []
      : [{ message: 'the patch', place: placeOf(kustomization, ...path) }];
  const by =
    kustomization.type === 'kustomize.Kustomization'
      ? `the kustomization in ${folderOf(file) === '' ? '.' : folderOf(file)}`
      : `${kustomization.kind} ${kustomization.metadata.namespace ?? ''}/${kustomization.name}`;
  const args = { object: `${object.kind} ${object.namespace}/${object.name}`, by };
  say(code, placeOf(vs.resource, 'metadata', 'name'), args, related);
}
