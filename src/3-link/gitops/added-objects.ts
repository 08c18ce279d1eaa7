import type { AnyResource } from '../../2-decode/resource.ts';
import type { Affixes } from './kustomizations.ts';

/** An object that a conversion adds to the kustomizations of another one, as far as it is known before the conversion. */
export interface AddedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Prefixes and suffixes that kustomizations put around its name. */
  readonly affixes: Affixes;
  /** The Service that has all pods, for the Service of a subset. */
  readonly beside?: string;
}

const routeKinds = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const;
const group = 'gateway.networking.k8s.io/v1';

/**
 * Finds what a conversion may add in the place of an object: routes, and Services of subsets with their
 * DestinationRules, for a VirtualService; a Gateway for an Istio Gateway. Names that are taken get a hash, which no target is written for.
 */
export function addedObjects(object: AnyResource, affixes: Affixes): readonly AddedObject[] {
  const { namespace, name } = object;
  if (object.type === 'istio.Gateway')
    return [{ apiVersion: group, kind: 'Gateway', namespace, name, affixes }];
  if (object.type !== 'istio.VirtualService') return [];
  const { http = [], tls = [], tcp = [] } = object.spec;
  const destinations = [...http, ...tls, ...tcp].flatMap(({ route = [] }) =>
    route.flatMap(({ destination }) => destination ?? []),
  );
  return [
    ...routeKinds.flatMap(kind =>
      [name, `${name}-mesh`].map(own => ({ apiVersion: group, kind, namespace, name: own, affixes })),
    ),
    ...destinations.flatMap(({ host = '', subset }) => {
      const beside = host.split('.')[0] ?? host;
      if (subset === undefined) return [];
      const own = { namespace, name: `${beside}-${subset}`, affixes };
      return [
        { ...own, apiVersion: 'v1', kind: 'Service', beside },
        { ...own, apiVersion: object.apiVersion, kind: 'DestinationRule' },
      ];
    }),
  ];
}
