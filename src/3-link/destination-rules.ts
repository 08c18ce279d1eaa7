import { type AnyResource, isType, type Resource } from '../2-decode/resource.ts';
import type * as istio from '../istio/index.ts';
import { completeHost } from './host.ts';
import { type EffectivePolicy, mergeTrafficPolicy } from './traffic-policy.ts';

export type DestinationRule = Resource<'istio.DestinationRule'>;

/** The namespace whose DestinationRules apply to every client; istiod's default. */
export const rootNamespace = 'istio-system';

/** DestinationRules by the full name of their host; wildcard hosts among them. */
export interface DestinationRules {
  readonly byHost: ReadonlyMap<string, readonly DestinationRule[]>;
  readonly wildcards: readonly string[];
}

export function buildDestinationRules(resources: readonly AnyResource[]): DestinationRules {
  const byHost = new Map<string, DestinationRule[]>();
  for (const rule of resources.filter(isType('istio.DestinationRule'))) {
    const host = completeHost(rule.spec.host, rule.namespace);
    const rules = byHost.get(host);
    if (rules === undefined) byHost.set(host, [rule]);
    else rules.push(rule);
  }
  const wildcards = [...byHost.keys()]
    .filter(host => host.startsWith('*'))
    .sort((a, b) => b.length - a.length);
  return { byHost, wildcards };
}

/**
 * The DestinationRules that a client sees for a host: those of its own namespace, else those that the Service's
 * namespace exports to it, else those of the root namespace; within a namespace the most specific host. Several for one
 * host in one namespace count as one: the first trafficPolicy, all subsets.
 *
 * @param workloadLabels undefined for a waypoint, which takes no rule with a workloadSelector
 * @see istio.io/istio/pilot/pkg/model/push_context.go, destinationRule
 */
export function destinationRulesFor(
  rules: DestinationRules,
  host: string,
  serviceNamespace: string,
  clientNamespace: string,
): readonly DestinationRule[] {
  const candidates = [
    host,
    ...rules.wildcards.filter(wildcard => host !== wildcard && host.endsWith(wildcard.slice(1))),
  ];
  const inNamespace = (namespace: string, exported: boolean): readonly DestinationRule[] => {
    for (const candidate of candidates) {
      const found = (rules.byHost.get(candidate) ?? []).filter(
        rule =>
          rule.namespace === namespace &&
          rule.spec.workloadSelector === undefined &&
          (!exported || isExportedTo(rule, clientNamespace)),
      );
      if (found.length > 0) return found;
    }
    return [];
  };
  const searches: readonly (readonly [string, boolean])[] = [
    ...(clientNamespace === rootNamespace ? [] : [[clientNamespace, false] as const]),
    [serviceNamespace, true],
    [rootNamespace, true],
  ];
  for (const [namespace, exported] of searches) {
    const found = inNamespace(namespace, exported);
    if (found.length > 0) return found;
  }
  return [];
}

function isExportedTo(rule: DestinationRule, namespace: string): boolean {
  const exportTo = rule.spec.exportTo ?? ['*'];
  return exportTo.some(to => to === '*' || to === namespace || (to === '.' && rule.namespace === namespace));
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

/** @returns the settings of the cluster of a host, or of one of its subsets, on a port */
export function effectivePolicy(
  rules: readonly DestinationRule[],
  subset: istio.Subset | undefined,
  port: number,
): EffectivePolicy {
  const root = rules.find(rule => rule.spec.trafficPolicy !== undefined)?.spec.trafficPolicy;
  return mergeTrafficPolicy(root, subset?.trafficPolicy, port);
}
