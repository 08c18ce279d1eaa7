import { recordsWithin } from './records-within.ts';

/** An object of Istio that one of another project names. */
interface IstioName {
  readonly group: 'networking.istio.io';
  readonly kind: 'VirtualService' | 'Gateway';
  readonly name: string;
  /** Undefined where the reference has none. */
  readonly namespace?: string;
}

/**
 * Finds the VirtualServices and Istio Gateways that the spec of an object names by API group, kind and name, wherever it does so:
 * tools that move weights name so what they write.
 *
 * @see https://openkruise.io/rollouts/user-manuals/api-specifications
 * @see https://iter8.tools/0.11/reference/experiment/#spec
 */
export function istioNamesIn(spec: unknown): readonly IstioName[] {
  return recordsWithin(spec).flatMap(({ apiVersion, group = apiVersion, kind, name, namespace }) => {
    const isIstio = typeof group === 'string' && group.split('/')[0] === 'networking.istio.io';
    if (!isIstio || typeof name !== 'string' || (kind !== 'VirtualService' && kind !== 'Gateway')) return [];
    const own = typeof namespace === 'string' && namespace !== '' ? { namespace } : {};
    return [{ group: 'networking.istio.io', kind, name, ...own }];
  });
}
