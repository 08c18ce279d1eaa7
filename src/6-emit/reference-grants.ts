import type { Facts } from '../3-link/facts.ts';
import { compareText } from '../3-link/virtual-services.ts';
import { buildReferenceGrant } from '../gateway-api/builders.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { Output } from './edit.ts';

type Route = Extract<
  Output['resource'],
  { readonly type: 'gateway.HTTPRoute' | 'gateway.GRPCRoute' | 'gateway.TLSRoute' | 'gateway.TCPRoute' }
>;

const routeTypes: ReadonlySet<string> = new Set([
  'gateway.HTTPRoute',
  'gateway.GRPCRoute',
  'gateway.TLSRoute',
  'gateway.TCPRoute',
]);

function isRoute(resource: Output['resource']): resource is Route {
  return routeTypes.has(resource.type);
}

type Rule = gateway.HTTPRouteRule | gateway.GRPCRouteRule | gateway.Layer4RouteRule;

function mirrorsOf(rule: Rule): readonly gateway.BackendObjectReference[] {
  const filters = 'filters' in rule ? (rule.filters ?? []) : [];
  return filters.flatMap(filter =>
    filter.type === 'RequestMirror' ? [filter.requestMirror.backendRef] : [],
  );
}

/** A kind of route in one namespace that refers to Services in another. */
interface Need {
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly output: Output;
}

/**
 * Writes the ReferenceGrants that routes need for backends in other namespaces: istiod asks for them with Gateway parents
 * only, the specification everywhere. One for each pair of namespaces, behind the first route that needs it.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant
 */
export function referenceGrants(facts: Facts, outputs: readonly Output[]): readonly Output[] {
  const needs = outputs.flatMap(output => needsOf(facts, output));
  const byPair = new Map<string, Need[]>();
  for (const need of needs) {
    const key = `${need.to} ${need.from}`;
    const known = byPair.get(key);
    if (known === undefined) byPair.set(key, [need]);
    else known.push(need);
  }
  return [...byPair.values()].flatMap(pair => {
    const [first] = pair;
    if (first === undefined) return [];
    const { from, to } = first;
    const kinds = [...new Set(pair.map(({ kind }) => kind))].sort(compareText);
    const metadata = { name: `routes-from-${from}`, namespace: to };
    const resource = buildReferenceGrant(
      { namespace: to, metadata },
      {
        from: kinds.map(kind => ({ group: 'gateway.networking.k8s.io', kind, namespace: from })),
        to: [{ group: '', kind: 'Service' }],
      },
    );
    return [{ resource, home: first.output.home, origins: [] }];
  });
}

function needsOf(facts: Facts, output: Output): readonly Need[] {
  const { resource } = output;
  if (!isRoute(resource)) return [];
  const hasGateway = (resource.spec.parentRefs ?? []).some(({ kind = 'Gateway' }) => kind === 'Gateway');
  const isMesh = (resource.spec.parentRefs ?? []).some(
    ({ kind }) => kind === 'Service' || kind === 'ServiceEntry',
  );
  if (facts.options.profile === 'istio' && (!hasGateway || isMesh)) return [];
  const rules: readonly Rule[] = resource.spec.rules ?? [];
  const backends = rules.flatMap(rule => [...(rule.backendRefs ?? []), ...mirrorsOf(rule)]);
  const namespaces = new Set(
    backends.flatMap((backend: gateway.BackendObjectReference) => backend.namespace ?? []),
  );
  return [...namespaces]
    .filter(to => to !== resource.namespace)
    .map(to => ({ kind: resource.kind, from: resource.namespace, to, output }));
}
