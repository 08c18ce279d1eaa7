import { placeOf } from '../../2-decode/place-of.ts';
import type { AnyResource } from '../../2-decode/resource.ts';
import type { Facts } from '../../3-link/facts.ts';
import { istioServers } from '../../3-link/gateways/gateway-servers.ts';
import {
  type ExtensionResource,
  type ExtensionSelection,
  extensionsOf,
  isFor,
  selectionOf,
} from '../../3-link/policies/extensions.ts';
import { coverageOfSelection } from '../../3-link/policies/policies.ts';
import { type Finding, keyOf, type Place, type Report } from '../../diagnostics/diagnostic.ts';
import { collect } from '../../diagnostics/locate.ts';
import type { Settlement } from '../settlement.ts';
import type { Unit } from '../unit.ts';
import { reportUnknownKinds } from '../unknown-kinds.ts';
import { reportChoosers } from './gateway-pods-chosen.ts';
import { type ConvertedGateway, type GatewayPods, groupByPods } from './gateway-policies.ts';
import { once } from './policies.ts';
import { describeTargets, toTarget } from './policy-moves.ts';
import { listed } from './policy-places.ts';
import { reportServiceMonitors } from './service-monitors.ts';
import { attachedServices } from './service-policies.ts';

/**
 * Says what becomes of EnvoyFilters, WasmPlugins, TrafficExtensions, Telemetries and ProxyConfigs once Gateways bring pods of
 * their own, or waypoints see to what sidecars saw to.
 *
 * @param gateways the Istio Gateways that Gateways are written for
 */
export function settleExtensions(
  settlements: readonly Settlement[],
  gateways: readonly ConvertedGateway[],
): readonly Finding[] {
  const { report, findings } = collect();
  for (const { facts, units } of settlements) {
    const own = gateways.filter(({ gateway }) => facts.resources.includes(gateway as AnyResource));
    const groups = groupByPods(facts, own);
    const converted = units.filter(({ held }) => !held).map(({ unit }) => unit);
    reportUnknownKinds(facts, report);
    reportServiceMonitors(facts, converted, report);
    for (const pods of groups) if (!pods.stay) reportChoosers(facts, pods, converted, report);
    const extensions = extensionsOf(facts.resources);
    for (const extension of extensions) {
      const selection = selectionOf(extension);
      if (selection.hasTargets || extension.source === undefined) continue;
      if (isFor(extension, 'GATEWAY'))
        for (const pods of groups) reportGateway(facts, extension, selection, pods, report);
      reportWaypoint(facts, extension, selection, converted, report);
    }
  }
  return once(findings);
}

function placeOfSelection(extension: ExtensionResource, { field }: ExtensionSelection): Place {
  return field === undefined ? keyOf(placeOf(extension, 'metadata', 'name')) : placeOf(extension, ...field);
}

function reportGateway(
  { rootNamespace }: Facts,
  extension: ExtensionResource,
  selection: ExtensionSelection,
  pods: GatewayPods,
  report: Report,
): void {
  const { gateways, labels, namespace } = pods;
  const names = (some: readonly ConvertedGateway[]) =>
    listed(some.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`));
  const place = placeOfSelection(extension, selection);
  const isWhole = Object.keys(selection.labels).length === 0;
  const applies =
    namespace === undefined && isWhole && selection.namespace !== rootNamespace
      ? gateways.some(({ gateway }) => gateway.namespace === selection.namespace)
      : coverageOfSelection(
          selection,
          { namespace: namespace ?? selection.namespace, selector: labels },
          rootNamespace,
        ) === 'all';
  if (pods.stay) {
    if (applies) reportNames(extension, gateways, report);
    return;
  }
  const { kind } = extension;
  const isCovered = (own: string): boolean =>
    selection.namespace === rootNamespace || selection.namespace === own;
  const here = gateways.filter(({ gateway }) => isWhole && isCovered(gateway.namespace));
  const left = gateways.filter(one => !here.includes(one));
  if (applies && left.length > 0) report('extension-leaves-gateway', place, { kind, gateway: names(left) });
  if (applies) reportNames(extension, here, report);
  if (!applies && namespace !== undefined && here.length > 0)
    report('extension-catches-gateway', place, { kind, gateway: names(here) });
}

/**
 * The Istio Gateway, its ports and its route configurations have other names once a Gateway stands for it.
 *
 * @see istio.io/istio/pilot/pkg/model/gateway.go, gatewayRDSRouteName
 */
function reportNames(
  extension: ExtensionResource,
  gateways: readonly ConvertedGateway[],
  report: Report,
): void {
  if (extension.type !== 'istio.EnvoyFilter') return;
  for (const [index, { match }] of (extension.spec.configPatches ?? []).entries()) {
    const { gateway: own = '', portName = '', name = '' } = match?.routeConfiguration ?? {};
    for (const { gateway } of gateways) {
      const key = `${gateway.namespace}/${gateway.name}`;
      // Route configurations of plain HTTP have none of it in their names, and servers that open no TLS have none.
      const servers = istioServers(gateway, []).filter(({ protocol }) => protocol === 'https');
      const portNames = servers.map(({ index }) => gateway.spec.servers?.[index]?.port.name);
      if (servers.length === 0) continue;
      const field =
        own === key
          ? 'gateway'
          : own === '' && portName !== '' && portNames.includes(portName)
            ? 'portName'
            : name.startsWith('https.') && name.includes(`.${gateway.name}.${gateway.namespace}`)
              ? 'name'
              : undefined;
      if (field === undefined) continue;
      const path = ['spec', 'configPatches', index, 'match', 'routeConfiguration', field];
      report('envoy-filter-names-gateway', placeOf(extension, ...path), { field, gateway: key });
    }
  }
}

/** Waypoints take by targetRefs what sidecars take by labels (policyattachment.go, ShouldAttachPolicy). */
function reportWaypoint(
  { dataPlanes, rootNamespace }: Facts,
  extension: ExtensionResource,
  selection: ExtensionSelection,
  units: readonly Unit[],
  report: Report,
): void {
  const isOfProxies = extension.type !== 'istio.ProxyConfig' && isFor(extension, 'SIDECAR_INBOUND');
  if (!isOfProxies || Object.keys(selection.labels).length === 0) return;
  const services = attachedServices(units)
    .map(({ service }) => service)
    .filter(service => dataPlanes.of(service) === 'sidecar')
    .filter(service => coverageOfSelection(selection, service, rootNamespace) === 'all');
  if (services.length === 0) return;
  report('extension-needs-waypoint', placeOfSelection(extension, selection), {
    kind: extension.kind,
    services: describeTargets(services.map(toTarget)),
  });
}
