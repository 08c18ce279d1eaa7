import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import { groupBy } from '../3-link/group-by.ts';
import { lowerCaseHost, resolveGateway } from '../3-link/host.ts';
import { intersectHosts } from '../3-link/hostname.ts';
import { areSelected } from '../3-link/labels.ts';
import { agedOf, byAge, resolveExportTo, type VirtualService } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import { byVisibility } from '../semantics/visibility.ts';

/** A VirtualService with entries for requests at gateways. */
export interface GatewayList {
  readonly resource: VirtualService;
  /** Those of delegates in their place, with full names. */
  readonly entries: readonly istio.HTTPRoute[];
}

/** A host at one port of old pods, and the lists that have a say there. */
export interface GatewayHost {
  readonly host: string;
  /** As the pods ask them: by the age of Gateways, then by exportTo, then by their own age. */
  readonly lists: readonly BoundList[];
}

interface BoundList {
  readonly list: GatewayList;
  /** `NAMESPACE/NAME`. */
  readonly gateway: string;
  readonly port: number;
  /** The namespace of the Istio Gateway, which stands for the one of its pods. */
  readonly namespace: string;
}

/**
 * The hosts of gateways, and the lists of each. Istio Gateways of one port have a host together where the labels of one's pods are
 * among those of the other's.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/gateway.go, buildGatewayHTTPRouteConfig: by the age of Gateways, then of lists
 * @see istio.io/istio/pilot/pkg/model/push_context.go, VirtualServicesForGateway: by exportTo before age
 */
export function hostsAtGateways(
  lists: readonly GatewayList[],
  resources: readonly AnyResource[],
): readonly GatewayHost[] {
  const gateways = resources.filter(isType('istio.Gateway')).toSorted((a, b) => byAge(agedOf(a), agedOf(b)));
  const bindings = new Map<string, GatewayList[]>();
  for (const list of lists.toSorted((a, b) => byAge(agedOf(a.resource), agedOf(b.resource)))) {
    const { spec, namespace } = list.resource;
    for (const gateway of new Set((spec.gateways ?? []).map(name => resolveGateway(name, namespace)))) {
      const bound = bindings.get(gateway);
      if (bound === undefined) bindings.set(gateway, [list]);
      else bound.push(list);
    }
  }
  const known = new Set(gateways.map(keyOf));
  const strangers = [...bindings].flatMap(([gateway, bound]) =>
    gateway === 'mesh' || known.has(gateway)
      ? []
      : groupedByHost(
          bound.flatMap(list =>
            hostsOf(list).map(host => ({
              host,
              list,
              gateway,
              port: 0,
              namespace: gateway.split('/')[0] ?? '',
            })),
          ),
        ),
  );
  const selectors = [
    ...new Map(gateways.map(gateway => [JSON.stringify(gateway.spec.selector ?? {}), gateway])).values(),
  ];
  const ofPods = selectors.flatMap(pods => {
    const there = gateways.filter(({ spec }) => areSelected(pods.spec.selector, spec.selector));
    const bound = there.flatMap(gateway =>
      (gateway.spec.servers ?? []).flatMap(({ port: { number }, hosts }) =>
        inOrder(bindings.get(keyOf(gateway)) ?? [], gateway.namespace).flatMap(list =>
          hosts.flatMap(served =>
            hostsOf(list).flatMap(own => {
              const host = intersectHosts(lowerCaseHost(served.replace(/^.*\//, '')), own);
              const { namespace } = gateway;
              return host === undefined
                ? []
                : [{ host, list, gateway: keyOf(gateway), port: number, namespace }];
            }),
          ),
        ),
      ),
    );
    return [...groupBy(bound, ({ port }) => port)].flatMap(([, ofPort]) => groupedByHost(ofPort));
  });
  return [...ofPods, ...strangers];
}

/** Lists as pods in a namespace ask them: those that are exported to some namespaces come before those for all. */
function inOrder(lists: readonly GatewayList[], namespace: string): readonly GatewayList[] {
  const visible = lists.map(list => {
    const { namespace: own, spec } = list.resource;
    return {
      list,
      namespace: own,
      exportTo: resolveExportTo(spec.exportTo, own),
      semantics: 'istio',
    } as const;
  });
  return byVisibility(visible, namespace).map(({ list }) => list);
}

function groupedByHost(bound: readonly (BoundList & { readonly host: string })[]): readonly GatewayHost[] {
  return [...groupBy(bound, ({ host }) => host)].map(([host, all]) => ({
    host,
    lists: [...new Map(all.toReversed().map(one => [one.list, one])).values()].toReversed(),
  }));
}

function hostsOf({ resource: { spec } }: GatewayList): readonly string[] {
  return (spec.hosts ?? []).map(lowerCaseHost);
}

function keyOf({ namespace, name }: Resource<'istio.Gateway'>): string {
  return `${namespace}/${name}`;
}
