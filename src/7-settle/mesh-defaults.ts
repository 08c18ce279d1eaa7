import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { serviceHost } from '../3-link/host.ts';
import { destinationRuleExportToOf, virtualServiceExportToOf } from '../3-link/mesh-config.ts';
import { settingsThatDiffer } from '../3-link/mesh-services.ts';
import { rootNamespaceContradiction } from '../3-link/root-namespace.ts';
import { inheritedMetadata } from '../3-link/subsets/inherited-by-versions.ts';
import { isKnownVersion, type KnownVersion, versionServiceName } from '../3-link/subsets/version-policy.ts';
import { relatedRule } from '../4-translate/subset-clients.ts';
import { usedVersions } from '../6-emit/version-services.ts';
import { keyOf } from '../diagnostics/diagnostic.ts';
import type { Unit } from './unit.ts';

/**
 * Holds back everything where two statements about the root namespace cannot both be true: the flag against a MeshConfig, or two
 * MeshConfigs of which one has objects for the whole mesh.
 */
export function holdBackRootNamespace(facts: Facts, units: readonly Unit[]): void {
  const { resources, options } = facts;
  const found = rootNamespaceContradiction(resources, options.rootNamespace);
  if (found === undefined) return;
  const { counts, written } = found;
  const matters =
    options.rootNamespace !== undefined ||
    resources.some(one => isForTheMesh(one) && [written.value, facts.rootNamespace].includes(one.namespace));
  if (!matters) return;
  const { value, setting, object, resource } = written;
  const related =
    resource.source === undefined ? [] : [{ message: 'the MeshConfig', place: keyOf(placeOf(resource)) }];
  for (const { vs, report } of units)
    report(
      'root-namespace-contradicted',
      keyOf(placeOf(vs.resource, 'metadata', 'name')),
      { counts, setting, value, object },
      related,
    );
}

/** Kinds whose objects in the root namespace are for every namespace. */
function isForTheMesh({ type }: AnyResource): boolean {
  return forTheMesh.has(type);
}

const forTheMesh: ReadonlySet<AnyResource['type']> = new Set<AnyResource['type']>([
  'istio.DestinationRule',
  'istio.Sidecar',
  'istio.EnvoyFilter',
  'istio.AuthorizationPolicy',
  'istio.RequestAuthentication',
  'istio.WasmPlugin',
  'istio.Telemetry',
]);

/**
 * Holds back what depends on who sees an object by a default of the mesh. The one for VirtualServices holds for those that say
 * nothing of exportTo and for all routes, whose VirtualServices may say something else.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-default_virtual_service_export_to
 * @see istio.io/istio/pilot/pkg/model/virtualservice_controller.go, NewVirtualServiceController
 */
export function holdBackMeshDefaults(facts: Facts, units: readonly Unit[]): void {
  const ofLists = virtualServiceExportToOf(facts.resources);
  const ofRules = destinationRuleExportToOf(facts.resources);
  if (ofLists === undefined && ofRules === undefined) return;
  for (const { vs, report } of units) {
    const place = placeOf(vs.resource, 'spec');
    if (ofLists !== undefined)
      report('export-to-of-the-mesh', place, {
        setting: 'defaultVirtualServiceExportTo',
        value: ofLists.join(', '),
        effect: `which would limit who sees the routes that replace VirtualService ${vs.namespace}/${vs.name}`,
        remedy:
          'Set defaultVirtualServiceExportTo to "*", with exportTo in each VirtualService that needs it.',
      });
    if (ofRules === undefined) continue;
    for (const { version } of usedVersions(facts, vs)) {
      const rule = 'found' in version ? version.found?.rule : undefined;
      if (rule === undefined || (rule.spec.exportTo ?? []).length > 0) continue;
      const object = `DestinationRule ${rule.namespace}/${rule.name}`;
      const args = {
        setting: 'defaultDestinationRuleExportTo',
        value: ofRules.join(', '),
        effect: `and ${object} has no exportTo of its own`,
        remedy: `Write exportTo in ${object}, with the namespaces that are meant.`,
      };
      report('export-to-of-the-mesh', place, args, relatedRule(rule));
    }
  }
}

/**
 * Holds back what sends requests to a subset whose Service would be, by its name or labels, one for clients of other clusters where the
 * whole Service is none, or the other way round.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/multicluster/#keeping-traffic-in-cluster
 */
export function holdBackServiceSettings(facts: Facts, units: readonly Unit[]): void {
  const { meshConfigs } = facts;
  if (!meshConfigs.some(({ config }) => 'serviceSettings' in config || 'serviceScopeConfigs' in config))
    return;
  for (const { vs, report } of units)
    for (const { version } of usedVersions(facts, vs)) {
      if (!isKnownVersion(version)) continue;
      const { root } = version;
      const host = serviceHost({ namespace: root.namespace, name: versionServiceName(version) });
      const labels = labelsOfVersion(version);
      for (const setting of settingsThatDiffer(meshConfigs, root, { host, labels }))
        report('service-settings-of-the-mesh', placeOf(vs.resource, 'spec'), {
          setting,
          service: root.host,
          version: host,
        });
    }
}

function labelsOfVersion(version: KnownVersion): Readonly<Record<string, string>> {
  switch (version.kind) {
    case 'existing':
      return version.service.labels;
    case 'new': {
      const { resource } = version.root;
      return inheritedMetadata(resource?.type === 'core.Service' ? resource : undefined).labels ?? {};
    }
    case 'assumed':
      return version.root.labels;
  }
}
