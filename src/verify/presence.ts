import { closest, distance } from 'fastest-levenshtein';
import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isType } from '../2-decode/resource.ts';
import { serviceNameOf } from '../3-link/host.ts';
import type { Location } from '../diagnostics/diagnostic.ts';
import type { locator } from '../diagnostics/locate.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';
import type { AbsentGateways } from '../semantics/absent-gateways.ts';
import { boundTo } from '../semantics/absent-gateways.ts';
import type { AbsentServices } from '../semantics/absent-services.ts';

export type Side = 'before' | 'after';

/** A Gateway or a Service that an object names and that is not in the input. */
export interface NotShown {
  readonly kind: 'Gateway' | 'Service';
  /** Two kinds are called Gateway. */
  readonly group: '' | 'networking.istio.io' | 'gateway.networking.k8s.io';
  readonly namespace: string;
  readonly name: string;
  /** A Service with nearly the same name as a missing one of its namespace: a typing error. */
  readonly near?: string;
  /** Where nothing has it. */
  readonly sides: readonly Side[];
  /** The first object that names it. */
  readonly namedBy: ResourceRef & { readonly location: Location | undefined };
}

/** Facts about objects that are named and not found in the input. */
export interface Presence {
  /** Not there, since the input shows others of their namespace: requests to them fail. */
  readonly missing: readonly NotShown[];
  /** Taken to exist. */
  readonly assumed: readonly NotShown[];
}

/** Puts what two sides name and do not have in terms of people. */
export function presenceOf(
  sides: readonly [readonly AnyResource[], readonly AnyResource[]],
  services: AbsentServices,
  gateways: AbsentGateways,
  locate: ReturnType<typeof locator>,
): Presence {
  const missing = new Map<string, NotShown>();
  const assumed = new Map<string, NotShown>();
  const add = (
    found: Map<string, NotShown>,
    side: 0 | 1,
    object: Pick<NotShown, 'kind' | 'group' | 'namespace' | 'name'>,
    namer: AnyResource | undefined,
  ): void => {
    if (namer === undefined) return;
    const key = JSON.stringify([object.group, object.kind, object.namespace, object.name]);
    const name: Side = side === 0 ? 'before' : 'after';
    const known = found.get(key);
    const location = namer.source === undefined ? undefined : locate(placeOf(namer, 'metadata', 'name'));
    if (known === undefined)
      found.set(key, { ...object, sides: [name], namedBy: { ...refOf(namer), location } });
    else found.set(key, { ...known, sides: [...new Set([...known.sides, name])] });
  };
  for (const side of [0, 1] as const) {
    for (const [host, namer] of services.named[side]) {
      const { namespace = '', name = '' } = serviceNameOf(host) ?? {};
      const found = services.absent[side].has(host) ? missing : assumed;
      add(found, side, { kind: 'Service', group: '', namespace, name }, namer as AnyResource);
    }
    for (const gateway of gateways.absent[side])
      add(missing, side, gatewayOf(gateway.type, gateway.key), boundTo(sides[side], gateway)[0]);
    for (const { type, namespace, name } of gateways.assumed[side]) {
      const key = `${namespace}/${name}`;
      add(assumed, side, gatewayOf(type, key), boundTo(sides[side], { type, key })[0]);
    }
  }
  return {
    missing: [...missing.values()].map(one => withNear(one, sides)),
    assumed: [...assumed.values()],
  };
}

/** So many letters may be wrong, or missing, or too many. */
const MOST_LETTERS = 2;

function withNear(object: NotShown, sides: readonly (readonly AnyResource[])[]): NotShown {
  if (object.kind !== 'Service') return object;
  const names = sides
    .flatMap(side => side.filter(isType('core.Service')))
    .filter(({ namespace }) => namespace === object.namespace)
    .map(({ name }) => name);
  const near = names.length === 0 ? undefined : closest(object.name, names);
  // Names that differ in a digit are versions, and no typing error.
  const isSlip =
    near !== undefined &&
    near !== object.name &&
    near.replaceAll(/\D/g, '') === object.name.replaceAll(/\D/g, '') &&
    Math.min(near.length, object.name.length) > 2 * MOST_LETTERS &&
    distance(near, object.name) <= MOST_LETTERS;
  return isSlip ? { ...object, near } : object;
}

function gatewayOf(
  type: AbsentGateways['absent'][0][number]['type'],
  key: string,
): Pick<NotShown, 'kind' | 'group' | 'namespace' | 'name'> {
  const [namespace = '', name = ''] = key.split('/');
  const group = type === 'istio.Gateway' ? 'networking.istio.io' : 'gateway.networking.k8s.io';
  return { kind: 'Gateway', group, namespace, name };
}
