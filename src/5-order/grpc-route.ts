import { placeOf } from '../2-decode/place-of.ts';
import { isType } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { findService } from '../3-link/registry.ts';
import type { Scope } from '../3-link/scopes.ts';
import { carriesGrpc } from '../3-link/service-protocol.ts';
import { hostsOfPlan, type RoutePlan } from '../4-translate/virtual-service.ts';
import { keyOf, type Report } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { OrderedPlan } from './order-plans.ts';
import { groupByKeys, listenerKeys } from './shared-hosts.ts';

/** A rule of an HTTPRoute as one of a GRPCRoute, or what keeps it from being one. */
export type GrpcForm =
  | { readonly kind: 'rule'; readonly rule: gateway.GRPCRouteRule }
  | { readonly kind: 'obstacle'; readonly obstacle: string };

/** One field of a rule in the terms of a GRPCRoute, or the reason why it has none. */
type FieldForm = gateway.GRPCRouteRule | string;

/** Every field of a rule; the first obstacle in this order is the one that is told. */
const ruleForms: Readonly<Record<keyof gateway.HTTPRouteRule, (rule: gateway.HTTPRouteRule) => FieldForm>> = {
  timeouts: ({ timeouts }) => {
    if (timeouts?.request !== undefined && timeouts.request !== '0s') return 'its timeout';
    return timeouts?.backendRequest === undefined ? {} : 'its timeout for each try';
  },
  retry: ({ retry }) => (retry === undefined ? {} : 'its retries'),
  name: ({ name }) => (name === undefined ? {} : { name }),
  matches: ({ matches = [] }) => {
    const forms = matches.map(matchFormOf);
    const odd = forms.find(form => typeof form === 'string');
    if (odd !== undefined) return odd;
    const written = forms.filter(form => typeof form !== 'string');
    return written.some(form => Object.keys(form).length === 0) ? {} : { matches: written };
  },
  filters: ({ filters = [] }) => {
    const refused = filters.find(filter => !isGrpcFilter(filter));
    if (refused !== undefined) return `its ${refused.type} filter`;
    return filters.length === 0 ? {} : { filters: filters.filter(isGrpcFilter) };
  },
  backendRefs: ({ backendRefs }) =>
    backendRefs === undefined ? {} : { backendRefs: backendRefs.flatMap(backendFormOf) },
};

/**
 * Writes a rule as a GRPCRoute has it.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcrouterule
 */
export function grpcFormOf(from: gateway.HTTPRouteRule): GrpcForm {
  const rule: gateway.GRPCRouteRule = {};
  for (const write of Object.values(ruleForms)) {
    const form = write(from);
    if (typeof form === 'string') return obstacle(form);
    Object.assign(rule, form);
  }
  return { kind: 'rule', rule };
}

function obstacle(text: string): GrpcForm {
  return { kind: 'obstacle', obstacle: text };
}

type GrpcFilter = Exclude<gateway.GRPCRouteFilter, { readonly type: 'ExtensionRef' }>;

function isGrpcFilter(filter: gateway.HTTPRouteFilter): filter is GrpcFilter {
  return (
    filter.type === 'RequestHeaderModifier' ||
    filter.type === 'ResponseHeaderModifier' ||
    filter.type === 'RequestMirror'
  );
}

function backendFormOf({ filters = [], ...ref }: gateway.HTTPBackendRef): gateway.GRPCBackendRef {
  const kept = filters.filter(isGrpcFilter);
  return kept.length === 0 ? ref : { ...ref, filters: kept };
}

const service = /^\/(?<service>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*)\/?$/;
const method =
  /^\/(?<service>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*)\/(?<method>[A-Za-z_][A-Za-z_0-9]*)$/;

/** Every condition of a match; the first that a GRPCRoute has no form for is the one that is told. */
const matchForms: Readonly<
  Record<keyof gateway.HTTPRouteMatch, (match: gateway.HTTPRouteMatch) => gateway.GRPCRouteMatch | string>
> = {
  method: match => (match.method === undefined ? {} : `the condition on the HTTP method ${match.method}`),
  queryParams: ({ queryParams = [] }) => (queryParams.length === 0 ? {} : 'a condition on a query parameter'),
  path: ({ path = {} }) => {
    const { type = 'PathPrefix', value = '/' } = path;
    if (type === 'PathPrefix' && value === '/') return {};
    const found = (type === 'Exact' ? method : type === 'PathPrefix' ? service : /(?!)/).exec(value)?.groups;
    if (found === undefined) return `the ${type} path ${value}`;
    return {
      method: {
        service: found['service'] ?? '',
        ...(found['method'] === undefined ? {} : { method: found['method'] }),
      },
    };
  },
  headers: ({ headers }) => (headers === undefined ? {} : { headers }),
};

/** @returns the match, or the condition that a GRPCRoute has no form for */
function matchFormOf(match: gateway.HTTPRouteMatch): gateway.GRPCRouteMatch | string {
  const written: gateway.GRPCRouteMatch = {};
  for (const write of Object.values(matchForms)) {
    const form = write(match);
    if (typeof form === 'string') return form;
    Object.assign(written, form);
  }
  return written;
}

/**
 * Decides which plans become GRPCRoutes: those that carry gRPC and lose nothing by it. One host never gets both kinds, since
 * the specification has implementations accept only one of them.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#grpcroute
 */
export function chooseRouteKinds(
  facts: Facts,
  ordered: readonly OrderedPlan[],
  report: Report,
): readonly OrderedPlan[] {
  if (facts.options.grpc === 'http') return ordered;
  const grpc = new Set<OrderedPlan>();
  for (const group of groupByKeys(ordered, ({ plan: { vs, scopes } }) => listenerKeys(vs, scopes))) {
    const carrying = group.filter(one => isGrpc(facts, one));
    if (carrying.length === 0) continue;
    const decided = group.map(one => obstacleOf(facts, ordered, carrying, one));
    const first = decided.find(found => found !== undefined);
    if (first === undefined) for (const one of group) grpc.add(one);
    else for (const { plan } of carrying) reportObstacle(facts, plan, first, report);
  }
  return ordered.map(one => (grpc.has(one) ? { ...one, kind: 'GRPCRoute' } : one));
}

/**
 * Tells whether the port says so inside the mesh; at a gateway, whether all ports do that requests go to. Where ports say nothing,
 * `--grpc grpc` takes rules for gRPC that name nothing but gRPC methods.
 */
function isGrpc(facts: Facts, { plan, rules }: OrderedPlan): boolean {
  const refs = plan.entries.flatMap(({ body }) => body.backendRefs);
  const declared =
    plan.kind === 'mesh'
      ? plan.scopes.every(isGrpcScope)
      : refs.length > 0 && refs.every(ref => isGrpcBackend(facts, plan, ref));
  return declared || (facts.options.grpc === 'grpc' && looksLikeGrpc(rules));
}

function looksLikeGrpc(rules: OrderedPlan['rules']): boolean {
  const forms = rules.map(({ rule }) => grpcFormOf(rule));
  return (
    forms.every(({ kind }) => kind === 'rule') &&
    forms.some(form => form.kind === 'rule' && form.rule.matches?.some(({ method: of }) => of !== undefined))
  );
}

function isGrpcScope(scope: Scope): boolean {
  return scope.kind === 'mesh' && scope.port !== undefined && carriesGrpc(scope.port.protocol);
}

function isGrpcBackend(facts: Facts, { namespace }: RoutePlan, ref: gateway.HTTPBackendRef): boolean {
  const host =
    ref.kind === 'Hostname' ? ref.name : `${ref.name}.${ref.namespace ?? namespace}.svc.cluster.local`;
  const port = findService(facts.registry, host)?.ports.find(({ number }) => number === ref.port);
  return port !== undefined && carriesGrpc(port.protocol);
}

interface Obstacle {
  readonly plan: RoutePlan;
  readonly entry: number;
  readonly text: string;
}

function obstacleOf(
  facts: Facts,
  ordered: readonly OrderedPlan[],
  carrying: readonly OrderedPlan[],
  one: OrderedPlan,
): Obstacle | undefined {
  const { plan } = one;
  if (!carrying.includes(one))
    return { plan, entry: -1, text: `VirtualService ${plan.vs.namespace}/${plan.vs.name} at its host` };
  const written = besideHTTPRoutes(facts, plan);
  if (written !== undefined) return { plan, entry: -1, text: `HTTPRoute ${written} at its host` };
  const rival = ordered.find(other => !carrying.includes(other) && hostsMeet(facts, plan, other));
  if (rival !== undefined) {
    const { namespace, name } = rival.plan.vs;
    return { plan, entry: -1, text: `VirtualService ${namespace}/${name} at a host that meets its own` };
  }
  for (const { rule, entry } of one.rules) {
    const form = grpcFormOf(rule);
    if (form.kind === 'obstacle') return { plan, entry: plan.entries.indexOf(entry), text: form.obstacle };
  }
  return undefined;
}

/** @returns an HTTPRoute that is there already and attaches to one of the Services */
function besideHTTPRoutes(facts: Facts, plan: RoutePlan): string | undefined {
  const services = new Set(
    plan.scopes.flatMap(scope =>
      scope.kind === 'mesh'
        ? [
            `${scope.service.kind} ${scope.service.namespace}/${scope.service.name} ${scope.port?.number ?? ''}`,
          ]
        : [],
    ),
  );
  return facts.resources
    .filter(isType('gateway.HTTPRoute'))
    .find(({ namespace, spec }) =>
      spec.parentRefs?.some(({ kind = 'Gateway', namespace: of = namespace, name, port }) =>
        services.has(`${kind} ${of}/${name} ${port ?? ''}`),
      ),
    )?.name;
}

function hostsMeet(facts: Facts, plan: RoutePlan, rival: OrderedPlan): boolean {
  const other = rival.plan;
  if (plan.kind !== 'gateway' || other.kind !== 'gateway' || isGrpc(facts, rival)) return false;
  const gateways = new Set(plan.scopes.map(gatewayOf));
  return (
    other.scopes.some(scope => gateways.has(gatewayOf(scope))) &&
    hostsOfPlan(plan).some(host => hostsOfPlan(other).some(theirs => hostsOverlap(host, theirs)))
  );
}

function gatewayOf(scope: Scope): string {
  return scope.kind === 'mesh' ? scope.gateway : scope.replaced;
}

function reportObstacle(facts: Facts, plan: RoutePlan, { plan: of, entry, text }: Obstacle, report: Report) {
  const origin = of === plan ? plan.entries[entry]?.origin : undefined;
  const place =
    origin === undefined
      ? keyOf(placeOf(plan.vs.resource, 'spec', 'hosts'))
      : placeOf(origin.resource, ...origin.path);
  report(facts.options.grpc === 'grpc' ? 'grpc-not-expressible' : 'grpc-as-http', place, { reason: text });
}
