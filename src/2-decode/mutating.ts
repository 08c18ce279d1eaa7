import { recordsWithin } from './records-within.ts';

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
  const records = recordsWithin(spec);
  return (field === undefined || records.some(one => one[field] !== undefined)) && records.some(namesKind);
}

/** Kinds are `VirtualService` or `networking.istio.io/v1/VirtualService`, resources `virtualservices`. */
function namesKind({ kinds, resources }: Readonly<Record<string, unknown>>): boolean {
  return [kinds, resources]
    .flatMap(list => (Array.isArray(list) ? (list as readonly unknown[]) : []))
    .some(one => typeof one === 'string' && /(?:^|\/)(?:VirtualService|virtualservices)$/.test(one));
}
