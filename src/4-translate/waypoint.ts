import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import type { MeshScope } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { canBeLabelled, lacksLabel } from '../3-link/waypoint-labels.ts';
import { unlikeCanary, waypointOf } from '../3-link/waypoints.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type { Translation } from './translation.ts';

/** Manifests do not show which pods have sidecars, but a namespace can say that its pods have none. */
function reportAmbient(
  { dataPlanes, waypoints }: Facts,
  report: Report,
  service: MeshScope['service'],
  place: Place,
): void {
  const { namespace, name } = service;
  const found = waypoints.namespaces.get(namespace);
  const mode = found?.metadata.labels?.['istio.io/dataplane-mode'];
  const isKnown = dataPlanes.of(service) === 'ambient' || dataPlanes.signOf(service) !== undefined;
  if (isKnown || found === undefined || mode !== 'ambient') return;
  const related =
    found.source === undefined
      ? []
      : [{ message: 'the label', place: placeOf(found, 'metadata', 'labels', 'istio.io/dataplane-mode') }];
  const labelled = waypointOf(waypoints, service);
  const waypoint =
    labelled.kind === 'unfit'
      ? `Gateway ${labelled.waypoint.namespace}/${labelled.waypoint.name} applies no VirtualServices of Service ${name}`
      : `no waypoint of Service ${name} is found in the input`;
  report('namespace-is-ambient', place, { namespace, waypoint }, related);
}

/** Labels tell what honours VirtualServices, so that a flag that says otherwise is a mistake. */
export function reportContradiction(
  { dataPlanes, options }: Facts,
  report: Report,
  service: MeshScope['service'],
  place: Place,
): void {
  const sign = dataPlanes.contradiction(service);
  if (sign === undefined) return;
  const { resource, label, plane, path } = sign;
  const name = resource.namespace === '' ? resource.name : `${resource.namespace}/${resource.name}`;
  const related =
    resource.source === undefined ? [] : [{ message: 'the label', place: placeOf(resource, ...path) }];
  const args = {
    from: options.from ?? '',
    label,
    object: `${resource.kind} ${name}`,
    service: service.host,
    proxy: plane === 'ambient' ? 'a waypoint applies' : 'sidecars apply',
  };
  report('from-contradicts-labels', place, args, related);
}

/** Says what a Service's waypoint is short of. */
export function reportWaypoint(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  scope: MeshScope,
): void {
  const { service, waypoint } = scope;
  const place = placeOf(vs.resource, 'spec', 'hosts', Math.max(0, vs.hosts.indexOf(service.host)));
  reportAmbient(facts, report, service, place);
  const canary = scope.dataPlane === 'ambient' ? unlikeCanary(facts.waypoints, service) : undefined;
  if (canary !== undefined)
    report('waypoint-canary', place, {
      waypoint: `${canary.namespace}/${canary.name}`,
      service: service.name,
    });
  if (waypoint.kind === 'none') {
    if (facts.options.attach !== 'service' && !waypoint.optedOut)
      report('no-waypoint', place, { service: `${service.kind} ${service.name}` });
    return;
  }
  if (waypoint.kind === 'found') {
    const { namespace, name } = waypoint.waypoint;
    if (facts.options.attach === 'waypoint' && scope.audience === undefined)
      report('waypoint-parent-alone', place, { waypoint: `${namespace}/${name}` });
    if (service.assumed || !lacksLabel(scope)) return;
    if (facts.options.createWaypoints && canBeLabelled(facts, scope)) return;
    report('waypoint-without-label', place, {
      waypoint: `${namespace}/${name}`,
      service: service.name,
      name,
    });
    return;
  }
  const name = `${waypoint.waypoint.namespace}/${waypoint.waypoint.name}`;
  const { gateway } = waypoint;
  const related =
    gateway.source === undefined
      ? []
      : [{ message: 'the Gateway', place: placeOf(gateway, 'metadata', 'name') }];
  const named =
    waypoint.by === 'option'
      ? 'flag --waypoint'
      : `label istio.io/use-waypoint of ${waypoint.by === 'namespace' ? `Namespace ${service.namespace}` : `${service.kind} ${service.namespace}/${service.name}`}`;
  if (waypoint.reason === 'east-west')
    report('waypoint-is-east-west', place, { waypoint: name, named }, related);
  else if (waypoint.reason === 'not-a-waypoint')
    report(
      'waypoint-is-a-gateway',
      place,
      { waypoint: name, named, service: `${service.namespace}/${service.name}` },
      related,
    );
  else if (waypoint.reason === 'agentgateway' || waypoint.reason === 'class-not-known') {
    const code = scope.dataPlane === 'ambient' ? 'waypoint-of-another-proxy' : 'waypoint-starts-to-route';
    const className = gateway.spec.gatewayClassName;
    report(code, place, { waypoint: name, class: className, service: service.name }, related);
  } else
    report(
      'waypoint-not-for-services',
      place,
      { waypoint: name, traffic: waypoint.reason, service: service.name },
      related,
    );
}
