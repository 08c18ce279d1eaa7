import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { mayHide } from '../3-link/sidecars.ts';
import { rulesInAnyNamespace } from '../3-link/subsets/destination-rules.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { isAboutDocument, isWithin } from '../diagnostics/locate.ts';
import { isError, type Unit } from './unit.ts';

/**
 * Finds the objects that the API server or istiod's webhook refuses. They are in no cluster, so that nothing may be
 * concluded from them, and nothing is taken out of them.
 *
 * @param earlier findings of reading and decoding
 */
export function invalidObjects(
  resources: readonly AnyResource[],
  earlier: readonly Finding[],
): ReadonlySet<AnyResource> {
  const errors = earlier.filter(isError);
  const documents = new Set(errors.map(({ place }) => place.document));
  return new Set(
    resources.filter(
      ({ source }) =>
        source !== undefined &&
        documents.has(source.document) &&
        errors.some(
          ({ place }) =>
            isWithin(place, source) || (place.document === source.document && isAboutDocument(place)),
        ),
    ),
  );
}

/**
 * Holds back VirtualServices that lean on an invalid object: a DestinationRule, Service or ServiceEntry of one of their
 * hosts, a Gateway that they are bound to, a delegate, or a Sidecar of clients that see them.
 */
export function holdBackOnInvalid(
  facts: Facts,
  units: readonly Unit[],
  invalid: ReadonlySet<AnyResource>,
): void {
  if (invalid.size === 0) return;
  for (const { vs, report } of units) {
    for (const object of new Set(leansOn(facts, vs))) {
      if (!invalid.has(object)) continue;
      const name = `${object.kind} ${object.namespace}/${object.name}`;
      const related = [{ message: 'the invalid object', place: placeOf(object, 'metadata', 'name') }];
      report('invalid-object-used', placeOf(vs.resource, 'metadata', 'name'), { object: name }, related);
    }
  }
}

function leansOn(facts: Facts, vs: Unit['vs']): readonly AnyResource[] {
  const hosts = [...new Set([...vs.hosts, ...destinationsOf(vs).map(({ host }) => host)])];
  return [
    ...hosts.flatMap(host => facts.registry.byHost.get(host)?.resource ?? []),
    ...hosts.flatMap(host => rulesInAnyNamespace(facts.destinationRules, host)),
    ...vs.gateways.flatMap(gateway => facts.istioGateways.get(gateway)?.resource ?? []),
    ...(vs.resource.spec.http ?? []).flatMap(({ delegate }) =>
      delegate === undefined
        ? []
        : (facts.virtualServicesByName.get(`${delegate.namespace || vs.namespace}/${delegate.name ?? ''}`) ??
          []),
    ),
    ...facts.sidecars.all.filter(sidecar => mayHide(facts.sidecars, sidecar, vs)),
  ];
}
