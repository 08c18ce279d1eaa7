import { placeOf } from '../2-decode/place-of.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { includesNamespace } from '../3-link/export-to.ts';
import type { Facts } from '../3-link/facts.ts';
import { podsNamespaceOf } from '../3-link/gateways/gateway-pods.ts';
import { memoised } from '../3-link/memoised.ts';
import type { MeshService } from '../3-link/registry.ts';
import { type GatewayScope, waypointNamespace } from '../3-link/scopes.ts';
import {
  type DestinationRule,
  destinationRulesFor,
  type FoundSubset,
  findSubset,
  inOtherOrders,
  isNamedBy,
  rootPolicyOf,
  rulesInAnyNamespace,
} from '../3-link/subsets/destination-rules.ts';
import { mergedPolicyOf } from '../3-link/subsets/traffic-policy.ts';
import type { Version } from '../3-link/subsets/versions.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type { Place, Related } from '../diagnostics/diagnostic.ts';
import { isMissing } from '../semantics/backend.ts';
import type { Outcome } from '../semantics/outcome.ts';
import type { EntryContext } from './context.ts';

/**
 * Clients have the DestinationRules of their own namespace for a host, or else those of the Service's. Without the subset
 * there is no cluster for it; the Service of a version is there for everybody, and for everybody the same.
 *
 * @returns whether no client has another subset by that name, after a report where one has
 * @see istio.io/istio/pilot/pkg/model/push_context.go, destinationRule
 */
export function suitsClients(
  context: EntryContext,
  { host, namespace: home }: MeshService,
  found: FoundSubset,
  subset: string,
  place: Place,
  related: readonly Related[],
): boolean {
  const { facts, report, declare } = context;
  const seenFrom = (client: string) => {
    const rules = destinationRulesFor(facts.destinationRules, host, home, client);
    return { rules, found: findSubset(rules, subset) };
  };
  declare(
    'subset-not-exported',
    place,
    { rule: nameOf(found.rule), host, subset },
    {
      aspects: 'all',
      takes: () => true,
      isFrom: client => client !== undefined && seenFrom(client).found === undefined,
      between: isReached,
    },
    related,
  );
  const rival = conflictOf(context, host, home, subset);
  if (rival !== undefined) {
    const other = rival.find(rule => rule !== found.rule) ?? found.rule;
    const args = { rule: nameOf(found.rule), other: nameOf(other), host };
    report('destination-rules-conflict', place, args, related);
    return false;
  }
  const usual = settingsOf(seenFrom(context.vs.namespace).rules, subset);
  const isForSidecars = context.scope.kind === 'mesh' && context.scope.dataPlane === 'sidecar';
  for (const { where, rules } of clientsOf(context, host, home)) {
    const seen = findSubset(rules, subset);
    const [rule] = rules;
    if (rule === undefined) continue;
    // Sidecars that have no such subset were told of above, unless it is some pods only.
    if (seen === undefined && isForSidecars && rule.spec.workloadSelector === undefined) continue;
    if (seen?.rule === found.rule || settingsOf(rules, subset) === usual) continue;
    const other: Related = {
      message: `DestinationRule ${nameOf(rule)}`,
      place: seen === undefined ? placeOf(rule, 'spec') : subsetPlace(seen),
    };
    const others = rule.source === undefined ? [] : [other];
    report('subset-of-clients', place, { client: where, rule: nameOf(rule), subset, host }, [
      ...related,
      ...others,
    ]);
    return false;
  }
  return true;
}

/** Whether destinations or mirrors that were missing are there, and the other destinations are as they were. */
function isReached(before: Outcome, after: Outcome): boolean {
  if (before.kind !== 'forward' || after.kind !== 'forward') return false;
  const there = before.destinations.filter(({ backend }) => !isMissing(backend));
  const isStill = there.every(one =>
    after.destinations.some(({ backend, weight }) => backend === one.backend && weight === one.weight),
  );
  const isMirrored = before.mirrors.join() !== after.mirrors.join();
  return isStill && (there.length < before.destinations.length || isMirrored);
}

/** The subset of a client, as text to compare. */
function settingsOf(rules: readonly DestinationRule[], subset: string): string {
  const { labels = {}, trafficPolicy } = findSubset(rules, subset)?.subset ?? {};
  return canonicalJson([labels, mergedPolicyOf(rootPolicyOf(rules), trafficPolicy) ?? {}]);
}

/**
 * The DestinationRules of a host among which the ages decide about a subset, for some client, though the manifests do not tell all of
 * them: those exported alike become one, by age, and of others the youngest counts.
 *
 * @returns undefined where every order gives the same
 */
function conflictOf(
  context: EntryContext,
  host: string,
  home: string,
  subset: string,
): readonly DestinationRule[] | undefined {
  const { destinationRules } = context.facts;
  // Nearly every host has one rule: its clients need not be looked up.
  if (rulesInAnyNamespace(destinationRules, host).length < 2) return undefined;
  const ordersOf = memoised((namespace: string) => inOtherOrders(destinationRules, host, namespace));
  const clients = [
    context.vs.namespace,
    ...[...clientsOf(context, host, home), ...knownClients(context, host, home)].map(
      ({ namespace }) => namespace,
    ),
  ];
  for (const client of new Set(clients)) {
    const rules = destinationRulesFor(destinationRules, host, home, client);
    const [first] = rules;
    if (first === undefined) continue;
    // One that goes may be the one that keeps the settings of another from the host.
    const settingsIn = (found: readonly DestinationRule[]) =>
      canonicalJson([settingsOf(found, subset), rootPolicyOf(found) ?? {}]);
    const usual = settingsIn(rules);
    const { beside, orders } = ordersOf(first.namespace);
    if (orders.some(order => settingsIn(destinationRulesFor(order, host, home, client)) !== usual))
      return beside;
  }
  return undefined;
}

interface Client {
  /** Where the clients are, in words. */
  readonly where: string;
  readonly namespace: string;
  readonly rules: readonly DestinationRule[];
}

/** Whose proxies follow the VirtualService, and may have DestinationRules for a Service that are not those of the others. */
function clientsOf({ facts, vs, scope }: EntryContext, host: string, home: string): readonly Client[] {
  const isAmbient = scope.kind === 'mesh' && scope.dataPlane === 'ambient';
  const follows = (client: string) => {
    if (scope.kind === 'gateway') return client === podsNamespace(facts, scope);
    if (isAmbient) return client === waypointNamespace(scope.waypoint, scope.service);
    if (scope.audience !== undefined) return client === scope.audience;
    return includesNamespace(vs.exportTo, client);
  };
  const all = rulesInAnyNamespace(facts.destinationRules, host);
  const named = all.flatMap(({ namespace, spec }) => [namespace, ...(spec.exportTo ?? [])]);
  const namespaces = new Set(named.filter(name => /^[a-z0-9]/.test(name)).sort(compareText));
  const usual = [...namespaces, elsewhere].map(
    (namespace): Client => ({
      where: namespace === elsewhere ? 'in other namespaces' : `in namespace ${namespace}`,
      namespace,
      rules: destinationRulesFor(facts.destinationRules, host, home, namespace),
    }),
  );
  const selected = all.flatMap((rule): readonly Client[] => {
    if (rule.spec.workloadSelector === undefined) return [];
    const where = `in namespace ${rule.namespace} with ${labelsOf(rule)}`;
    return [{ where, namespace: rule.namespace, rules: [rule] }];
  });
  // A waypoint takes no rule with a workloadSelector.
  return [...usual, ...(isAmbient ? [] : selected)].filter(({ namespace }) => follows(namespace));
}

/** Stands for the namespaces that nobody names. */
const elsewhere = '';

/**
 * Whether no client gets an answer from a subset that no pod is behind. Without a DestinationRule that names the host it is
 * not known what a client has, for the rule may be somewhere else.
 *
 * @returns whether none does, after a report where one does or may
 */
export function isNobodysFor(
  context: EntryContext,
  { root, rule, found }: Extract<Version, { readonly kind: 'empty' }>,
  subset: string,
  place: Place,
): boolean {
  const related = found === undefined ? relatedRule(rule) : relatedSubset(found);
  const isAlike =
    found === undefined
      ? isDefinedForNone(context, root, subset, place)
      : suitsClients(context, root, found, subset, place, related);
  if (!isAlike || !isWidened(context)) return isAlike;
  const namespaces = context.vs.exportTo.join(', ');
  context.report('subset-not-found-for-others', place, { subset, host: root.host, namespaces }, related);
  return false;
}

function isDefinedForNone(
  context: EntryContext,
  { host, namespace: home }: MeshService,
  subset: string,
  place: Place,
): boolean {
  const { facts, report } = context;
  for (const { where, namespace, rules } of [
    ...clientsOf(context, host, home),
    ...knownClients(context, host, home),
  ]) {
    const seen = findSubset(rules, subset);
    if (seen !== undefined) {
      const args = { client: where, rule: nameOf(seen.rule), subset, host };
      report('subset-of-clients', place, args, relatedSubset(seen));
      return false;
    }
    const [rule] = rules;
    if (rule === undefined || !isNamedBy(rules, host)) {
      reportNotDefined(context, host, subset, namespace, place, where);
      return false;
    }
    const rival = hiddenRival(facts, host, rules, subset);
    if (rival === undefined) continue;
    const args = { rule: nameOf(rule), other: nameOf(rival), host };
    report('destination-rules-conflict', place, args, relatedSubset(findSubset([rival], subset)));
    return false;
  }
  return true;
}

/**
 * Says that the DestinationRules of some clients define no such subset, and names one that defines it for others: by a
 * workloadSelector, for another namespace, or by an exportTo without these clients.
 */
export function reportNotDefined(
  { facts, report }: Pick<EntryContext, 'facts' | 'report'>,
  host: string,
  subset: string,
  namespace: string,
  place: Place,
  client = `in namespace ${namespace}`,
): void {
  const found = rulesInAnyNamespace(facts.destinationRules, host).flatMap(
    rule => findSubset([rule], subset) ?? [],
  );
  const [other] = found.toSorted(
    (a, b) => Number(b.rule.namespace === namespace) - Number(a.rule.namespace === namespace),
  );
  if (other === undefined) {
    report('destination-rule-not-shown', place, { client, subset, host });
    return;
  }
  const { rule } = other;
  const reason =
    rule.spec.workloadSelector === undefined
      ? 'that rule does not apply to these proxies'
      : `that rule applies to pods with ${labelsOf(rule)} in namespace ${rule.namespace} only`;
  report(
    'subset-defined-for-others',
    place,
    { client, subset, host, rule: nameOf(rule), reason },
    relatedSubset(other),
  );
}

/** The labels of a workloadSelector, in words. */
function labelsOf({ spec }: DestinationRule): string {
  const labels = Object.entries(spec.workloadSelector?.matchLabels ?? {});
  return labels.map(([key, value]) => `${key}=${value}`).join(' and ') || 'any labels';
}

/** Whether the route takes requests of clients that the VirtualService is not exported to. */
function isWidened({ vs, scope }: EntryContext): boolean {
  if (scope.kind === 'gateway' || scope.dataPlane === 'ambient') return false;
  return scope.audience === undefined && !vs.exportTo.includes('*');
}

/** A DestinationRule with the subset that is left out of those beside it only as the older one, for all that is known. */
function hiddenRival(
  { destinationRules }: Facts,
  host: string,
  rules: readonly DestinationRule[],
  subset: string,
): DestinationRule | undefined {
  const beside = rulesInAnyNamespace(destinationRules, host).filter(
    other =>
      other.namespace === rules[0]?.namespace &&
      other.spec.workloadSelector === undefined &&
      isNamedBy([other], host),
  );
  const isAged = beside.every(({ metadata }) => metadata.creationTimestamp !== undefined);
  return isAged ? undefined : beside.find(other => findSubset([other], subset) !== undefined);
}

/** Those whose namespace is known without a DestinationRule that names it. */
function knownClients({ facts, vs, scope }: EntryContext, host: string, home: string): readonly Client[] {
  const namesOf = () => {
    if (scope.kind === 'gateway') return [podsNamespace(facts, scope)];
    if (scope.dataPlane === 'ambient') return [waypointNamespace(scope.waypoint, scope.service)];
    return scope.audience === undefined ? vs.exportTo.filter(to => to !== '*') : [scope.audience];
  };
  return namesOf().map(namespace => ({
    where: `in namespace ${namespace}`,
    namespace,
    rules: destinationRulesFor(facts.destinationRules, host, home, namespace),
  }));
}

/** Where the pods of an Istio Gateway run; where nobody tells, beside it. */
function podsNamespace({ istioGateways, servicesOfPods }: Facts, { gateway }: GatewayScope): string {
  const known = istioGateways.get(gateway)?.resource;
  const [own = ''] = gateway.split('/');
  return known === undefined ? own : (podsNamespaceOf(servicesOfPods, known.spec.selector) ?? own);
}

export function nameOf({ namespace, name }: DestinationRule): string {
  return `${namespace}/${name}`;
}

export function relatedSubset(found: FoundSubset | undefined): readonly Related[] {
  if (found?.rule.source === undefined) return [];
  return [{ message: 'the subset is defined here', place: subsetPlace(found) }];
}

/** @returns the DestinationRule that lacks a subset */
export function relatedRule(rule: DestinationRule): readonly Related[] {
  if (rule.source === undefined) return [];
  const field = rule.spec.subsets === undefined ? [] : ['subsets'];
  return [{ message: 'the subsets there are', place: placeOf(rule, 'spec', ...field) }];
}

function subsetPlace({ rule, index }: FoundSubset): Place {
  return placeOf(rule, 'spec', 'subsets', index, 'name');
}
