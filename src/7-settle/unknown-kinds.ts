import { mutatesVirtualServices } from '../2-decode/mutating.ts';
import { isKnownGroup } from '../2-decode/neighbour.ts';
import { placeOf } from '../2-decode/place-of.ts';
import { isType, type Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { referencesOf } from '../3-link/references.ts';
import { isKnownVersion, versionServiceName } from '../3-link/subsets/version-policy.ts';
import { usedVersions } from '../6-emit/version-services.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isSameObject, touchedObjects } from './touched-objects.ts';
import type { Unit } from './unit.ts';

type Other = Resource<'other.Object'>;

/** Kinds of Istio without a decoder that are attached to nothing by name. */
const byLabels: ReadonlySet<string> = new Set(['PeerAuthentication']);

/** The kinds that others take the place of, so that what is attached to them by name would be attached to nothing. */
const replaced: ReadonlySet<string> = new Set([
  'networking.istio.io VirtualService',
  'networking.istio.io Gateway',
]);

/** @returns objects of Istio and the Gateway API of kinds that nothing here knows */
export function unknownKinds({ resources }: Facts): readonly Other[] {
  return resources
    .filter(isType('other.Object'))
    .filter(({ kind, apiVersion }) => isKnownGroup(groupOf(apiVersion)) && !byLabels.has(kind));
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/**
 * Holds back objects that others of unknown kinds are attached to, by parentRefs or targetRefs. Policies of other projects hold
 * back VirtualServices and Istio Gateways that they name. Those that name a Service hold back what sends requests to a subset
 * of it: the Service of the version would be without them.
 */
export function holdBackUnknownKinds(facts: Facts, units: readonly Unit[]): void {
  const others = facts.resources.filter(isType('other.Object')).flatMap(object => {
    const references = referencesOf(object);
    const attached = references.filter(({ how }) => how === 'attached');
    const named = references.filter(({ how }) => how === 'named');
    return attached.length + named.length === 0
      ? []
      : [{ object, attached, named, isKnown: isKnownGroup(groupOf(object.apiVersion)) }];
  });
  if (others.length === 0) return;
  for (const unit of units) {
    const touched = touchedObjects(facts, unit);
    const used = usedVersions(facts, unit.vs);
    for (const { object, attached, named, isKnown } of others) {
      const name = `${object.kind} ${object.namespace}/${object.name}`;
      const place = placeOf(unit.vs.resource, 'metadata', 'name');
      const related =
        object.source === undefined ? [] : [{ message: 'the object', place: placeOf(object, 'spec') }];
      const hit = attached.find(reference => touched.some(one => isSameObject(one, reference)));
      if (isKnown) {
        if (hit !== undefined)
          unit.report(
            'attached-kind-not-known',
            place,
            { object: name, target: `${hit.kind} ${hit.name}` },
            related,
          );
        continue;
      }
      const written = named.find(reference => touched.some(one => isSameObject(one, reference)));
      if (hit === undefined && written !== undefined)
        unit.report(
          'named-by-unknown-kind',
          place,
          { object: name, target: `${written.kind} ${written.name}` },
          related,
        );
      if (hit !== undefined && replaced.has(`${hit.group} ${hit.kind}`))
        unit.report(
          'attached-kind-not-known',
          place,
          { object: name, target: `${hit.kind} ${hit.name}` },
          related,
        );
      for (const { host, subset, version } of used) {
        if (!isKnownVersion(version)) continue;
        const { root } = version;
        const isNamed = (service: string) =>
          attached.some(
            one => one.kind === 'Service' && one.namespace === root.namespace && one.name === service,
          );
        const own = versionServiceName(version);
        if (!isNamed(root.name) || isNamed(own)) continue;
        const args = {
          policy: name,
          service: host,
          subset,
          version: own,
          reason: `${object.kind} is a kind that vs2route does not change`,
        };
        unit.report('policy-misses-subset', place, args, related);
      }
    }
  }
}

/** Says which admission policies change VirtualServices when they are applied: routes are as they are written. */
export function reportMutating({ resources }: Facts, units: readonly Unit[]): void {
  const policies = resources
    .filter(isType('other.Object'))
    .filter(({ apiVersion, spec }) => mutatesVirtualServices(groupOf(apiVersion), spec));
  for (const object of policies) {
    const name = `${object.kind} ${object.name}`;
    const related =
      object.source === undefined ? [] : [{ message: 'the policy', place: placeOf(object, 'spec') }];
    for (const { vs, report } of units)
      report('mutated-by-policy', placeOf(vs.resource, 'metadata', 'name'), { object: name }, related);
  }
}

/** Tells of objects of Istio and the Gateway API whose kind nothing here knows. */
export function reportUnknownKinds(facts: Facts, report: Report): void {
  for (const object of unknownKinds(facts)) {
    if (object.source === undefined) continue;
    const { kind, apiVersion, namespace, name } = object;
    report('kind-not-known', placeOf(object, 'kind'), {
      kind,
      apiVersion,
      object: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
    });
  }
}
