import { isRecord } from '../yaml/yaml-node.ts';

/** An object of Istio that one of another project names. */
interface IstioName {
  readonly group: 'networking.istio.io';
  readonly kind: 'VirtualService' | 'Gateway';
  readonly name: string;
  /** Undefined where the reference has none. */
  readonly namespace?: string;
}

/** Nesting beyond this is no reference. */
const MOST_LEVELS = 16;

/**
 * Finds the VirtualServices and Istio Gateways that the spec of an object names by API group, kind and name, wherever it does so:
 * tools that move weights name so what they write.
 *
 * @see https://openkruise.io/rollouts/user-manuals/api-specifications
 * @see https://iter8.tools/0.11/reference/experiment/#spec
 */
export function istioNamesIn(value: unknown, levels = MOST_LEVELS): readonly IstioName[] {
  if (levels === 0 || typeof value !== 'object' || value === null) return [];
  const within = Object.values(value).flatMap(one => istioNamesIn(one, levels - 1));
  if (!isRecord(value)) return within;
  const { apiVersion, group = apiVersion, kind, name, namespace } = value;
  const isIstio = typeof group === 'string' && group.split('/')[0] === 'networking.istio.io';
  if (!isIstio || typeof name !== 'string' || (kind !== 'VirtualService' && kind !== 'Gateway'))
    return within;
  const own = typeof namespace === 'string' && namespace !== '' ? { namespace } : {};
  return [...within, { group: 'networking.istio.io', kind, name, ...own }];
}
