import { buildGRPCRoute, buildHTTPRoute } from '../2-decode/build-resource.ts';
import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import { makeName } from '../2-decode/valid-name.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { Facts } from '../3-link/facts.ts';
import type { RoutePlan } from '../4-translate/virtual-service.ts';
import { grpcFormOf } from '../5-order/grpc-route.ts';
import type { OrderedPlan } from '../5-order/order-plans.ts';
import type { ArrangedRule } from '../5-order/rules.ts';
import { splitRules } from '../5-order/split.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { Output } from './edit.ts';
import { attachmentsOf } from './parent-refs.ts';
import { routeMetadata } from './route-metadata.ts';

/**
 * Writes the routes of one VirtualService.
 *
 * @param taken whether another object has the name of a route already
 */
export function httpRoutesOf(
  facts: Facts,
  ordered: readonly OrderedPlan[],
  taken: (route: AnyResource) => boolean,
): readonly Output[] {
  const names = new Set<string>();
  return ordered.flatMap(one => {
    const { plan } = one;
    const home = plan.vs.resource.source;
    // Where an older VirtualService takes all requests, nothing is left to write, and the CRD asks for a rule.
    if (home === undefined || one.rules.length === 0) return [];
    const base = baseName(
      plan,
      // A part for hosts at which nothing is left becomes no route.
      ordered
        .filter(({ plan: { part }, rules }) => part === undefined || rules.length > 0)
        .map(other => other.plan),
    );
    const parts = splitRules(one.rules);
    const attachments = attachmentsOf(facts, plan);
    const count = parts.length * attachments.length;
    return attachments.flatMap(({ parentRefs, hostnames, scopes }, attachment) =>
      parts.map((rules, part): Output => {
        const suffix = count === 1 ? [] : [numbered(attachment * parts.length + part, count)];
        const attached = { parentRefs, ...(hostnames.length === 0 ? {} : { hostnames }) };
        const build = (name: string): AnyResource => {
          const identity = { namespace: plan.namespace, metadata: routeMetadata(plan, name) };
          return one.kind === 'GRPCRoute'
            ? buildGRPCRoute(identity, { ...attached, rules: rules.flatMap(grpcRuleOf) })
            : buildHTTPRoute(identity, { ...attached, rules: rules.map(({ rule }) => rule) });
        };
        const isTaken = (name: string) => names.has(`${plan.namespace}/${name}`) || taken(build(name));
        const name = makeName([...base, ...suffix], 'rfc1123-subdomain', isTaken);
        names.add(`${plan.namespace}/${name}`);
        return {
          resource: build(name),
          home,
          scopes,
          origins: [...rules.map(originOf), ...rules.flatMap(originsInside)],
        };
      }),
    );
  });
}

function originOf({ input, entry: { origin } }: ArrangedRule, index: number): Output['origins'][number] {
  const { resource, path } = origin;
  return {
    output: ['spec', 'rules', index],
    input,
    ...(origin.root === undefined ? {} : { delegate: { resource, path } }),
  };
}

/**
 * Matches and destinations have their places, too. The first counts of the matches that one becomes; what a delegate
 * says is in another document.
 */
function originsInside(
  { rule, input, writtenAt, entry: { origin } }: ArrangedRule,
  index: number,
): Output['origins'] {
  if (origin.root !== undefined) return [];
  const output = ['spec', 'rules', index];
  const matches = writtenAt.flatMap((written, match) =>
    written === undefined || writtenAt.indexOf(written) < match
      ? []
      : [{ output: [...output, 'matches', match], input: [...input, 'match', written] }],
  );
  const backends = (rule.backendRefs ?? []).map((_, backend) => ({
    output: [...output, 'backendRefs', backend],
    input: [...input, 'route', backend],
  }));
  return [...matches, ...backends];
}

/** A route only becomes a GRPCRoute when all of its rules have that form. */
function grpcRuleOf({ rule }: ArrangedRule): readonly gateway.GRPCRouteRule[] {
  const form = grpcFormOf(rule);
  return form.kind === 'rule' ? [form.rule] : [];
}

/** The VirtualService's name; where it becomes several routes, with what tells them apart. */
function baseName(plan: RoutePlan, plans: readonly RoutePlan[]): readonly string[] {
  const { name } = plan.vs;
  const parts = [name];
  const beside = plans.filter(other => other.namespace === plan.namespace);
  const alike = beside.filter(other => other.kind === plan.kind);
  if (alike.length < beside.length && plan.kind === 'mesh') parts.push('mesh');
  if (alike.length > 1) parts.push(distinction(plan, alike));
  return parts;
}

/** Namespaces, ports, Services or gateways: the first that is different. */
function distinction(plan: RoutePlan, plans: readonly RoutePlan[]): string {
  const traits: readonly ((candidate: RoutePlan) => string)[] = [
    candidate => gatewayNames(candidate).join('-'),
    candidate => ports(candidate).join('-'),
    candidate => [gatewayNames(candidate).join('-'), ports(candidate).join('-')].join('-'),
  ];
  const found = traits.find(trait => new Set(plans.map(trait)).size === plans.length && trait(plan) !== '');
  return found?.(plan) ?? String(plans.indexOf(plan) + 1);
}

function gatewayNames({ scopes }: RoutePlan): readonly string[] {
  return [
    ...new Set(
      scopes.map(scope =>
        scope.kind === 'mesh' ? scope.service.name : (scope.replaced.split('/')[1] ?? ''),
      ),
    ),
  ];
}

function ports({ scopes }: RoutePlan): readonly string[] {
  return [
    ...new Set(scopes.map(scope => String((scope.kind === 'mesh' ? scope.port?.number : scope.port) ?? ''))),
  ];
}

/** Digits enough that names sort as numbers do: ties between routes go by name. */
function numbered(index: number, count: number): string {
  return String(index).padStart(String(count - 1).length, '0');
}

/** Whether an object is there already as it is to be written, as after an earlier run. */
export function isThere({ byName }: Pick<Facts, 'byName'>, made: AnyResource): boolean {
  const found = byName.get(nameKey(made));
  return found !== undefined && canonicalJson(found.spec) === canonicalJson(made.spec);
}
