import { type AnyResource, isRoute } from '../2-decode/resource.ts';
import { resolveGateway } from '../3-link/host.ts';
import type { GatewayMapping } from '../options.ts';
import { type GatewayType, missingGateways } from './stand-ins.ts';

/** The Gateways of two sides that objects are bound to and that are not in the input. */
export interface AbsentGateways {
  /** Those that are not there, of each side. */
  readonly absent: readonly [readonly GatewayName[], readonly GatewayName[]];
  /** Those that are taken to exist, of each side, with the listeners that objects ask for. */
  readonly assumed: readonly [Assumed, Assumed];
}

type Assumed = ReturnType<typeof missingGateways>;

export interface GatewayName {
  readonly type: GatewayType;
  /** `NAMESPACE/NAME` */
  readonly key: string;
}

/** @returns the objects that are bound to a Gateway */
export function boundTo(
  resources: readonly AnyResource[],
  { type, key }: GatewayName,
): readonly AnyResource[] {
  return resources.filter(resource => {
    if (resource.type === 'istio.VirtualService')
      return (
        type === 'istio.Gateway' &&
        (resource.spec.gateways ?? []).some(gateway => resolveGateway(gateway, resource.namespace) === key)
      );
    return (
      type === 'gateway.Gateway' &&
      isRoute(resource) &&
      (resource.spec.parentRefs ?? []).some(
        ({ kind = 'Gateway', namespace = resource.namespace, name }) =>
          kind === 'Gateway' && `${namespace}/${name}` === key,
      )
    );
  });
}

/**
 * Tells the Gateways that are missing from those that nobody showed. The input shows the Istio Gateways of a namespace as soon
 * as it has one of them, and the Gateways of the Gateway API as soon as it has one of either API. Where it has none, but
 * Services, a Gateway that only the side after the change names is missing. A Gateway that both sides name and none has is taken to exist on both, as is one that a mapping leads to.
 *
 * @param sides the objects of each, before and after, with what both have
 */
export function absentGateways(
  sides: readonly [readonly AnyResource[], readonly AnyResource[]],
  gatewayMap: readonly GatewayMapping[],
): AbsentGateways {
  const namespacesOf = (types: readonly AnyResource['type'][]) =>
    new Set(
      sides
        .flat()
        .filter(({ type }) => types.includes(type))
        .map(({ namespace }) => namespace),
    );
  const withGateways = {
    'istio.Gateway': namespacesOf(['istio.Gateway']),
    'gateway.Gateway': namespacesOf(['istio.Gateway', 'gateway.Gateway']),
  };
  const withServices = namespacesOf(['core.Service']);
  const mapped = new Set(gatewayMap.map(({ to }) => `${to.namespace}/${to.name}`));
  const asked = [namesOf(missingGateways(sides[0])), namesOf(missingGateways(sides[1]))] as const;
  const absentOn = (side: 0 | 1): readonly GatewayName[] => {
    const others = new Set(asked[side === 0 ? 1 : 0].map(({ key }) => key));
    return asked[side].filter(({ type, key }) => {
      const [namespace = ''] = key.split('/');
      if (mapped.has(key) || others.has(key)) return false;
      return withGateways[type].has(namespace) || (side === 1 && withServices.has(namespace));
    });
  };
  const absent = [absentOn(0), absentOn(1)] as const;
  const assumedOn = (side: 0 | 1): Assumed =>
    missingGateways(sides[side], (type, key) =>
      absent[side].some(other => other.type === type && other.key === key),
    );
  return { absent, assumed: [assumedOn(0), assumedOn(1)] };
}

/** A Gateway for requests and one for connections stand in for one. */
function namesOf(gateways: Assumed): readonly GatewayName[] {
  const names = gateways.map(({ type, namespace, name }) => ({ type, key: `${namespace}/${name}` }));
  return [...new Map(names.map(name => [`${name.type} ${name.key}`, name])).values()];
}
