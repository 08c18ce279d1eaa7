import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import { meshConfigs } from '../3-link/mesh-config.ts';
import { relatedRule } from '../4-translate/subset-clients.ts';
import { usedVersions } from '../6-emit/version-services.ts';
import type { Unit } from './unit.ts';

/**
 * Holds back what depends on who sees an object by a default of the mesh: VirtualServices and DestinationRules that say nothing of
 * exportTo are for every namespace unless MeshConfig says otherwise, and routes of the Gateway API are not subject to it.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-default_virtual_service_export_to
 */
export function holdBackMeshDefaults(facts: Facts, units: readonly Unit[]): void {
  const configs = meshConfigs(facts.resources).map(({ config }) => config);
  if (configs.length === 0) return;
  const narrowed = (setting: string): string | undefined => {
    const written = configs.map(config => config[setting]).find(value => Array.isArray(value));
    const names = Array.isArray(written) ? written.map(String) : [];
    return names.length === 0 || names.includes('*') ? undefined : names.join(', ');
  };
  const ofLists = narrowed('defaultVirtualServiceExportTo');
  const ofRules = narrowed('defaultDestinationRuleExportTo');
  if (ofLists === undefined && ofRules === undefined) return;
  for (const { vs, report } of units) {
    const place = placeOf(vs.resource, 'spec');
    if (ofLists !== undefined && isUnset(vs.resource.spec.exportTo))
      report('export-to-of-the-mesh', place, {
        setting: 'defaultVirtualServiceExportTo',
        value: ofLists,
        object: `VirtualService ${vs.namespace}/${vs.name}`,
      });
    if (ofRules === undefined) continue;
    for (const { version } of usedVersions(facts, vs)) {
      const rule = 'found' in version ? version.found?.rule : undefined;
      if (rule === undefined || !isUnset(rule.spec.exportTo)) continue;
      const object = `DestinationRule ${rule.namespace}/${rule.name}`;
      const args = { setting: 'defaultDestinationRuleExportTo', value: ofRules, object };
      report('export-to-of-the-mesh', place, args, relatedRule(rule));
    }
  }
}

function isUnset(exportTo: readonly string[] | undefined): boolean {
  return exportTo === undefined || exportTo.length === 0;
}
