import { buildReferenceGrant } from '../2-decode/build-resource.ts';
import { isRoute } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { Grants } from '../3-link/grants.ts';
import { backendsOf } from '../3-link/route-backends.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { Output } from './edit.ts';

/** A kind of object in one namespace that refers to objects in another. */
interface Need {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly target: 'Service' | 'Secret';
  /** The name of a Secret; Services of a namespace are granted as a whole. */
  readonly name?: string;
  readonly output: Output;
}

/**
 * Writes the ReferenceGrants that are missing: for backends in other namespaces, which istiod asks for with Gateway parents
 * only and the specification everywhere, and for the Secrets of Gateways. One for each pair of namespaces, behind the first
 * object that needs it, and for Secrets one for each Gateway.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant
 */
export function referenceGrants(facts: Facts, outputs: readonly Output[]): readonly Output[] {
  const needs = outputs
    .flatMap(output => [...backendNeeds(facts, output), ...secretNeeds(output)])
    .filter(need => !isGranted(facts.grants, need));
  const byPair = new Map<string, Need[]>();
  for (const need of needs) {
    // Gateways are written each by itself, so that one grant for several of them would be written several times.
    const own = need.target === 'Secret' ? ` ${need.output.resource.name}` : '';
    const key = `${need.to} ${need.from} ${need.target}${own}`;
    const known = byPair.get(key);
    if (known === undefined) byPair.set(key, [need]);
    else known.push(need);
  }
  return [...byPair.values()].flatMap(pair => {
    const [first] = pair;
    return first === undefined ? [] : [grantFor(facts, first, pair)];
  });
}

function grantFor(facts: Facts, need: Need, pair: readonly Need[]): Output {
  const { from, to, target, output } = need;
  const kinds = [...new Set(pair.map(({ kind }) => kind))].sort(compareText);
  const names = [...new Set(pair.flatMap(({ name }) => name ?? []))].sort(compareText);
  const metadata = {
    name: target === 'Service' ? `routes-from-${from}` : secretGrantName(facts, need),
    namespace: to,
  };
  const resource = buildReferenceGrant(
    { namespace: to, metadata },
    {
      from: kinds.map(kind => ({ group, kind, namespace: from })),
      to:
        names.length === 0
          ? [{ group: '', kind: target }]
          : names.map(name => ({ group: '', kind: target, name })),
    },
  );
  return { resource, home: output.home, origins: [] };
}

const group = 'gateway.networking.k8s.io';

/** The name of a grant for the Secrets of a Gateway, which is that Gateway's own where others of its namespace ask for Secrets, too. */
function secretGrantName({ istioGateways, grants }: Facts, { from, to, output }: Need): string {
  const { name } = output.resource;
  const shared = `gateways-from-${from}`;
  const isTaken = (grants.get(to) ?? []).some(grant => grant.name === shared);
  const asking = [...istioGateways.values()].filter(
    ({ resource }) =>
      resource.namespace === from &&
      resource.spec.servers?.some(({ tls }) => tls?.credentialName !== undefined),
  );
  return isTaken || asking.length > 1 ? `gateway-${name}-from-${from}` : shared;
}

/** Whether a grant that was shown allows it already. */
function isGranted(grants: Grants, { kind, from, to, target, name }: Need): boolean {
  return (grants.get(to) ?? []).some(
    ({ spec }) =>
      spec.from.some(other => other.group === group && other.kind === kind && other.namespace === from) &&
      spec.to.some(
        other =>
          other.group === '' && other.kind === target && (other.name === undefined || other.name === name),
      ),
  );
}

function secretNeeds(output: Output): readonly Need[] {
  const { resource } = output;
  if (resource.type !== 'gateway.Gateway') return [];
  const { listeners = [], tls } = resource.spec;
  const refs = [
    ...listeners.flatMap(listener => listener.tls?.certificateRefs ?? []),
    ...(tls?.frontend?.perPort ?? [])
      .flatMap(port => port.tls.validation?.caCertificateRefs ?? [])
      // istiod looks for a grant of the Secret by the name it asks for itself (conversion.go, buildCaCertificateReference).
      .flatMap(ref => [ref, { ...ref, name: `${ref.name}-cacert` }]),
  ];
  return refs.flatMap(({ name, namespace: to }) =>
    to === undefined || to === resource.namespace
      ? []
      : [{ kind: 'Gateway', from: resource.namespace, to, target: 'Secret' as const, name, output }],
  );
}

function backendNeeds(facts: Facts, output: Output): readonly Need[] {
  const { resource } = output;
  if (!isRoute(resource)) return [];
  const hasGateway = (resource.spec.parentRefs ?? []).some(({ kind = 'Gateway' }) => kind === 'Gateway');
  const isMesh = (resource.spec.parentRefs ?? []).some(
    ({ kind }) => kind === 'Service' || kind === 'ServiceEntry',
  );
  if (facts.options.profile === 'istio' && (!hasGateway || isMesh)) return [];
  const namespaces = new Set(backendsOf(resource).flatMap(({ namespace }) => namespace ?? []));
  return [...namespaces]
    .filter(to => to !== resource.namespace)
    .map(to => ({ kind: resource.kind, from: resource.namespace, to, target: 'Service' as const, output }));
}
