import { istioNamesIn } from '../2-decode/istio-names.ts';
import type { Resource } from '../2-decode/resource.ts';
import { isRecord } from '../yaml/yaml-node.ts';

/** An object that another names. */
export interface Reference {
  /**
   * `attached`: by parentRefs or targetRefs. `backend`: as where requests go. `named`: anywhere, with the API group of Istio, as
   * tools that move weights name what they write.
   */
  readonly how: 'attached' | 'backend' | 'named';
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Finds the objects that one of a kind without a decoder names, in the fields that the Gateway API has for that.
 *
 * @see https://gateway-api.sigs.k8s.io/geps/gep-713/
 */
export function referencesOf({ spec, namespace }: Resource<'other.Object'>): readonly Reference[] {
  const rules = listOf(spec['rules']).filter(isRecord);
  const attached = [
    ...listOf(spec['parentRefs']),
    ...listOf(spec['targetRefs']),
    spec['parentRef'],
    spec['targetRef'],
  ];
  const backends = [...listOf(spec['backendRefs']), ...rules.flatMap(rule => listOf(rule['backendRefs']))];
  return [
    ...attached.flatMap(value => referenceIn(value, 'attached', namespace)),
    ...backends.flatMap(value => referenceIn(value, 'backend', namespace)),
    ...istioNamesIn(spec).map(named => ({ how: 'named' as const, namespace, ...named })),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function referenceIn(value: unknown, how: Reference['how'], own: string): readonly Reference[] {
  if (!isRecord(value)) return [];
  const isParent = how === 'attached' && value['kind'] === undefined;
  const {
    group = isParent ? 'gateway.networking.k8s.io' : '',
    kind = isParent ? 'Gateway' : 'Service',
    namespace = own,
    name,
  } = value;
  if (typeof name !== 'string') return [];
  const text = String(group);
  return [
    { how, group: text === 'core' ? '' : text, kind: String(kind), namespace: String(namespace), name },
  ];
}
