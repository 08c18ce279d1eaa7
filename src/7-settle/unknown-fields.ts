import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, type AnyRoute, isRoute } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { isOfUnknownField } from '../3-link/field-schemas.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { mayHide } from '../3-link/sidecars.ts';
import { usedVersions } from '../6-emit/version-services.ts';
import { type Finding, keyOf } from '../diagnostics/diagnostic.ts';
import { isWithin } from '../diagnostics/locate.ts';
import { isSameObject, type ObjectName, touchedObjects } from './touched-objects.ts';
import type { Unit } from './unit.ts';

/**
 * Holds back what depends on objects with fields that nothing here knows: a ServiceEntry that is called, a Gateway that
 * routes attach to, a route of the same hosts, a subset, a Sidecar of clients. Settings of a DestinationRule go over to the letter, so that they
 * hold nothing back.
 *
 * @param earlier what was said while reading
 */
export function holdBackUnknownFields(
  facts: Facts,
  units: readonly Unit[],
  earlier: readonly Finding[],
): void {
  const found = [...unknownFields(facts, earlier), ...listenerFilters(facts)];
  if (found.length === 0) return;
  for (const unit of units) {
    const touched = touchedObjects(facts, unit);
    for (const { owner, field } of found) {
      if (!dependsOn(facts, unit, touched, owner, field)) continue;
      unit.report(
        'depends-on-unknown-field',
        keyOf(placeOf(unit.vs.resource, 'metadata', 'name')),
        { kind: owner.kind, name: `${owner.namespace}/${owner.name}`, field: String(field.at(-1)) },
        [{ message: 'the object', place: keyOf(placeOf(owner, ...field)) }],
      );
    }
  }
}

interface UnknownField {
  readonly owner: AnyResource;
  readonly field: Finding['place']['field'];
}

function unknownFields(facts: Facts, earlier: readonly Finding[]): readonly UnknownField[] {
  return earlier.filter(isOfUnknownField).flatMap(({ place }) => {
    const owner = facts.resources.find(({ source }) => source !== undefined && isWithin(place, source));
    // A VirtualService with an error is held back as it is.
    return owner === undefined || owner.type === 'istio.VirtualService'
      ? []
      : [{ owner, field: place.field }];
  });
}

/** Filters of a listener change requests before a route is chosen (experimental since 1.7), and are not modelled. */
function listenerFilters(facts: Facts): readonly UnknownField[] {
  return facts.resources.flatMap(owner => {
    if (
      owner.source === undefined ||
      (owner.type !== 'gateway.Gateway' && owner.type !== 'gateway.ListenerSet')
    )
      return [];
    return (owner.spec.listeners ?? []).flatMap(({ filters }, index) =>
      filters === undefined ? [] : [{ owner, field: ['spec', 'listeners', index, 'filters'] }],
    );
  });
}

function dependsOn(
  facts: Facts,
  unit: Unit,
  touched: readonly ObjectName[],
  owner: AnyResource,
  field: UnknownField['field'],
): boolean {
  if (owner.type === 'istio.DestinationRule') return isOfUsedSubset(facts, unit, owner, field);
  if (owner.type === 'istio.Sidecar') return mayHide(facts.sidecars, owner, unit.vs);
  if (isRoute(owner)) return isBeside(owner, unit, touched);
  if (owner.type === 'gateway.ListenerSet') {
    const { group = 'gateway.networking.k8s.io', kind = 'Gateway', ...parent } = owner.spec.parentRef;
    return isAmong(touched, {
      group,
      kind,
      name: parent.name,
      namespace: parent.namespace ?? owner.namespace,
    });
  }
  const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
  return isAmong(touched, { group, kind: owner.kind, namespace: owner.namespace, name: owner.name });
}

function isAmong(touched: readonly ObjectName[], object: ObjectName): boolean {
  return touched.some(one => isSameObject(one, object));
}

/** A field beside the name and the labels of a subset has no place in the DestinationRule of its Service. */
function isOfUsedSubset(
  facts: Facts,
  { vs }: Unit,
  { source }: AnyResource,
  [spec, subsets, index, , ...deeper]: UnknownField['field'],
): boolean {
  if (spec !== 'spec' || subsets !== 'subsets' || deeper.length > 0) return false;
  return usedVersions(facts, vs).some(
    ({ version }) =>
      version.kind !== 'not-found' && version.found?.rule.source === source && version.found?.index === index,
  );
}

/** Whether a route answers requests for the same hosts, at the same Service or Gateway. */
function isBeside(route: AnyRoute, { vs }: Unit, touched: readonly ObjectName[]): boolean {
  const hostnames = 'hostnames' in route.spec ? (route.spec.hostnames ?? []) : [];
  return (route.spec.parentRefs ?? []).some(parent => {
    const {
      group = 'gateway.networking.k8s.io',
      kind = 'Gateway',
      name,
      namespace = route.namespace,
    } = parent;
    if (!isAmong(touched, { group, kind, namespace, name })) return false;
    if (kind !== 'Gateway' || hostnames.length === 0) return true;
    return vs.hosts.some(host => hostnames.some(hostname => hostsOverlap(host, hostname)));
  });
}
