import { isRecord } from '../yaml/yaml-node.ts';

/** Groups of objects that change others when these are applied, with the field that says so; undefined where all of them do. */
const mutating: Readonly<Record<string, string | undefined>> = {
  'kyverno.io': 'mutate',
  'policies.kyverno.io': 'mutations',
  'admissionregistration.k8s.io': 'mutations',
  'mutations.gatekeeper.sh': undefined,
};

/**
 * Tells whether an admission policy changes VirtualServices when they are applied, so that the cluster has others than the
 * manifests.
 *
 * @see https://kyverno.io/docs/policy-types/cluster-policy/mutate/
 * @see https://open-policy-agent.github.io/gatekeeper/website/docs/mutation/
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
export function mutatesVirtualServices(group: string, spec: unknown): boolean {
  if (!Object.hasOwn(mutating, group)) return false;
  const field = mutating[group];
  return (field === undefined || hasKey(spec, field)) && namesKind(spec);
}

/** Nesting beyond this is no policy. */
const MOST_LEVELS = 16;

function hasKey(value: unknown, key: string, levels = MOST_LEVELS): boolean {
  if (levels === 0 || typeof value !== 'object' || value === null) return false;
  return (
    (isRecord(value) && value[key] !== undefined) ||
    Object.values(value).some(one => hasKey(one, key, levels - 1))
  );
}

/** Kinds are `VirtualService` or `networking.istio.io/v1/VirtualService`, resources `virtualservices`. */
function namesKind(value: unknown, levels = MOST_LEVELS): boolean {
  if (levels === 0 || typeof value !== 'object' || value === null) return false;
  const { kinds, resources } = isRecord(value) ? value : {};
  const named = [kinds, resources].flatMap(list => (Array.isArray(list) ? (list as readonly unknown[]) : []));
  return (
    named.some(one => typeof one === 'string' && /(?:^|\/)(?:VirtualService|virtualservices)$/.test(one)) ||
    Object.values(value).some(one => namesKind(one, levels - 1))
  );
}
