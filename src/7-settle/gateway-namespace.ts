import type { GatewayProxy } from '../3-link/gateways/gateway-servers.ts';
import { hostWithoutCluster } from '../semantics/backend.ts';
import type { Difference } from '../semantics/compare.ts';
import type { World } from '../semantics/world.ts';
import type { Sides } from './conversion-vantages.ts';

/** Namespaces of gateway pods, whose objects are seen from there. */
export interface GatewayNamespaces {
  /** The namespace of the pods of the Istio Gateway, as far as a Service tells; else the one of the oldest Istio Gateway on them. */
  readonly pods: string;
  /** The namespace of the pods of the Gateway that takes its place. */
  readonly namespace: string;
}

/**
 * Where the pods that answer at a gateway run today and afterwards: from there other DestinationRules, Services and ServiceEntries are
 * seen, and `sourceNamespace` holds.
 *
 * @param keys the Istio Gateways and Gateways of either side, by `NAMESPACE/NAME`
 * @returns undefined where it is the same namespace, or where one side has none of them
 */
export function gatewayNamespaces(
  { before, after }: Pick<Sides, 'before' | 'after'>,
  keys: readonly string[] = [],
): GatewayNamespaces | undefined {
  const [istio] = proxiesOf(before, keys, 'istio.Gateway');
  // Several Gateways can take the place of those on the same pods, and some may stay in their namespace.
  const made = proxiesOf(after, keys, 'gateway.Gateway').find(
    ({ namespace }) => namespace !== istio?.namespace,
  );
  return istio === undefined || made === undefined
    ? undefined
    : { pods: istio.namespace, namespace: made.namespace };
}

function proxiesOf(
  { gateways: { proxies } }: World,
  keys: readonly string[],
  type: 'istio.Gateway' | 'gateway.Gateway',
): readonly GatewayProxy[] {
  return proxies.filter(({ servers }) =>
    servers.some(
      ({ resource }) => resource.type === type && keys.includes(`${resource.namespace}/${resource.name}`),
    ),
  );
}

/** @returns the destination for which a gateway has no cluster on either side: a VirtualService returns 503, and a route 500 */
export function hiddenFromGateway({
  before,
  after,
}: Pick<Difference, 'before' | 'after'>): string | undefined {
  const [today, then] = [before, after].map(({ outcome }) =>
    outcome.kind === 'forward'
      ? outcome.destinations.flatMap(({ label }) => hostWithoutCluster(label) ?? [])
      : [],
  );
  return then === undefined || then.length === 0 ? undefined : today?.[0];
}
