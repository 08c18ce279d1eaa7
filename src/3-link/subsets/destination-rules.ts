import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type * as istio from '../../istio/index.ts';
import { includesNamespace } from '../export-to.ts';
import { completeHost } from '../host.ts';
import { destinationRuleExportToOf } from '../mesh-config.ts';
import { rootNamespaceOf } from '../root-namespace.ts';
import { byAge, resolveExportTo } from '../virtual-services.ts';
import { type EffectivePolicy, mergeTrafficPolicy } from './traffic-policy.ts';

export type DestinationRule = Resource<'istio.DestinationRule'>;

/** DestinationRules by the full name of their host, the oldest first; wildcard hosts among them, the longest first. */
export interface DestinationRules {
  readonly byHost: ReadonlyMap<string, readonly DestinationRule[]>;
  readonly wildcards: readonly string[];
  /** Everybody sees the rules of this namespace, where no closer one is for the host. */
  readonly rootNamespace: string;
  /** Whether rules without exportTo are for their own namespace (MeshConfig defaultDestinationRuleExportTo). */
  readonly arePrivateByDefault: boolean;
}

export function buildDestinationRules(
  resources: readonly AnyResource[],
  rootNamespace: string = rootNamespaceOf(resources),
): DestinationRules {
  const byHost = new Map<string, DestinationRule[]>();
  for (const rule of resources.filter(isType('istio.DestinationRule'))) {
    const host = completeHost(rule.spec.host, rule.namespace);
    const rules = byHost.get(host);
    if (rules === undefined) byHost.set(host, [rule]);
    else rules.push(rule);
  }
  for (const rules of byHost.values())
    rules.sort((a, b) => byAge({ ...a, resource: a }, { ...b, resource: b }));
  const wildcards = [...byHost.keys()]
    .filter(host => host.startsWith('*'))
    .sort((a, b) => b.length - a.length);
  const arePrivateByDefault = destinationRuleExportToOf(resources)?.includes('.') ?? false;
  return { byHost, wildcards, rootNamespace, arePrivateByDefault };
}

/**
 * The DestinationRules that a client sees for a host: those of its own namespace, else those that the Service's
 * namespace exports to it, else those of the root namespace; within a namespace the most specific host. Several for one
 * host in one namespace count as one: the first trafficPolicy, and the first subset of each name.
 * Rules with a workloadSelector are left out: they count for some pods of their own namespace.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, destinationRule
 */
export function destinationRulesFor(
  rules: DestinationRules,
  host: string,
  serviceNamespace: string,
  clientNamespace: string,
): readonly DestinationRule[] {
  if (rules.byHost.size === 0) return [];
  const speaking = patternsOf(rules, host).flatMap(pattern => {
    const found = rules.byHost.get(pattern);
    return found === undefined ? [] : [found];
  });
  if (speaking.length === 0) return [];
  const mostSpecific = (counts: (rule: DestinationRule) => boolean): readonly DestinationRule[] => {
    for (const found of speaking) {
      const counting = found.filter(rule => rule.spec.workloadSelector === undefined && counts(rule));
      if (counting.length > 0) return counting;
    }
    return [];
  };
  const { rootNamespace } = rules;
  const own = mostSpecific(
    rule =>
      rule.namespace === clientNamespace &&
      (clientNamespace === rootNamespace ? isPrivate(rules, rule) : isExportedTo(rule, clientNamespace)),
  );
  if (own.length > 0) return lastMerged(own, clientNamespace);
  for (const namespace of [serviceNamespace, rootNamespace]) {
    // A closer rule hides the others, also from those to whom it is not exported.
    const found = lastMerged(
      mostSpecific(rule => rule.namespace === namespace && !isPrivate(rules, rule)),
      clientNamespace,
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** @returns all rules for a host, by name or by a wildcard, whoever sees them */
export function rulesInAnyNamespace(rules: DestinationRules, host: string): readonly DestinationRule[] {
  return patternsOf(rules, host).flatMap(pattern => rules.byHost.get(pattern) ?? []);
}

/** DestinationRules whose order nobody knows, and the orders that can be told apart. */
interface OtherOrders {
  readonly beside: readonly DestinationRule[];
  readonly orders: readonly DestinationRules[];
}

/**
 * The rules of a namespace for a host in other orders, where the manifests do not tell the ages of all: each of them first, and each
 * last. Rules that are for some pods only are none of them.
 *
 * @returns the rules of this host alone
 */
export function inOtherOrders(rules: DestinationRules, host: string, namespace: string): OtherOrders {
  const patterns = patternsOf(rules, host);
  const own = new Map(patterns.map(pattern => [pattern, rules.byHost.get(pattern) ?? []]));
  const wildcards = rules.wildcards.filter(wildcard => own.has(wildcard));
  const found = [...own].map(([pattern, all]) => {
    const beside = all.filter(
      rule => rule.namespace === namespace && rule.spec.workloadSelector === undefined,
    );
    const isKnown = beside.every(({ metadata }) => metadata.creationTimestamp !== undefined);
    if (isKnown || beside.length < 2) return { beside: [], orders: [] };
    const others = all.filter(rule => !beside.includes(rule));
    const orders = beside.flatMap(rule => {
      const rest = beside.filter(other => other !== rule);
      return [
        [rule, ...rest],
        [...rest, rule],
      ].map(order => ({ ...rules, wildcards, byHost: new Map([...own, [pattern, [...order, ...others]]]) }));
    });
    return { beside, orders };
  });
  return {
    beside: found.flatMap(({ beside }) => beside),
    orders: found.flatMap(({ orders }) => orders),
  };
}

/** @returns the namespaces whose clients see a rule, and `*` for all */
export function exportToOfRule(
  { arePrivateByDefault }: DestinationRules,
  { namespace, spec }: DestinationRule,
): readonly string[] {
  return resolveExportTo(spec.exportTo, namespace, arePrivateByDefault ? ['.'] : undefined);
}

/** Whether one of some rules is for a host by its name: what a wildcard lacks says nothing of the host's own rule. */
export function isNamedBy(rules: readonly DestinationRule[], host: string): boolean {
  return rules.some(rule => completeHost(rule.spec.host, rule.namespace) === host);
}

function patternsOf({ wildcards }: DestinationRules, host: string): readonly string[] {
  if (wildcards.length === 0) return [host];
  return [host, ...wildcards.filter(wildcard => host !== wildcard && host.endsWith(wildcard.slice(1)))];
}

/**
 * Rules of one host and namespace become one where both are exported alike, or the younger to more; otherwise they stay
 * apart, and the last counts alone.
 *
 * @see istio.io/istio/pilot/pkg/model/destination_rule.go, mergeDestinationRule
 * @see istio.io/istio/pilot/pkg/model/sidecar.go, SidecarScope.DestinationRule
 */
function lastMerged(rules: readonly DestinationRule[], client: string): readonly DestinationRule[] {
  const merged: { readonly exportTo: ReadonlySet<string>; readonly rules: DestinationRule[] }[] = [];
  for (const rule of rules) {
    const exportTo = new Set(rule.spec.exportTo ?? []);
    let joined = false;
    for (const one of merged) {
      const isSuperset = [...one.exportTo].every(to => exportTo.has(to));
      joined = isSuperset && (one.exportTo.size > 0 || exportTo.size === 0);
      if (joined) one.rules.push(rule);
    }
    if (!joined) merged.push({ exportTo, rules: [rule] });
  }
  // The first of those that became one says to whom they are exported.
  return (
    merged.findLast(({ rules: [first] }) => first !== undefined && isExportedTo(first, client))?.rules ?? []
  );
}

function isExportedTo(rule: DestinationRule, namespace: string): boolean {
  return includesNamespace(resolveExportTo(rule.spec.exportTo, rule.namespace), namespace);
}

/** Whether nobody outside of its namespace sees a rule. */
function isPrivate(
  { arePrivateByDefault }: DestinationRules,
  { namespace, spec: { exportTo = [] } }: DestinationRule,
): boolean {
  if (exportTo.length === 0) return arePrivateByDefault;
  return exportTo.length === 1 && (exportTo[0] === '.' || exportTo[0] === namespace);
}

/** A subset and the DestinationRule that defines it. */
export interface FoundSubset {
  readonly rule: DestinationRule;
  readonly index: number;
  readonly subset: istio.Subset;
}

/** @returns the subset of a name, from the first of the rules that has it */
export function findSubset(rules: readonly DestinationRule[], name: string): FoundSubset | undefined {
  for (const rule of rules) {
    const index = (rule.spec.subsets ?? []).findIndex(subset => subset.name === name);
    const subset = rule.spec.subsets?.[index];
    if (subset !== undefined) return { rule, index, subset };
  }
  return undefined;
}

/** @returns the settings for a whole host: those of the first rule that has any */
export function rootPolicyOf(rules: readonly DestinationRule[]): istio.TrafficPolicy | undefined {
  return rules.find(rule => rule.spec.trafficPolicy !== undefined)?.spec.trafficPolicy;
}

/** @returns the settings of the cluster of a host, or of one of its subsets, on a port */
export function effectivePolicy(
  rules: readonly DestinationRule[],
  subset: istio.Subset | undefined,
  port: number,
): EffectivePolicy {
  return mergeTrafficPolicy(rootPolicyOf(rules), subset?.trafficPolicy, port);
}
