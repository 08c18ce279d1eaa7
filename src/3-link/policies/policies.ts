import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type { PolicyTargetReference } from '../../istio/security.ts';
import type { FieldPath } from '../../yaml/source.ts';
import { areSelected, contradicts } from '../labels.ts';

/** Policies that protect workloads, and may need another form when requests take another way. */
export type Policy = Resource<'istio.AuthorizationPolicy'> | Resource<'istio.RequestAuthentication'>;

/** @returns the policies that are enforced; one that is only tried out (`istio.io/dry-run`) stops nobody */
export function policiesOf(resources: readonly AnyResource[]): readonly Policy[] {
  return [
    ...resources.filter(isType('istio.AuthorizationPolicy')),
    ...resources.filter(isType('istio.RequestAuthentication')),
  ].filter(({ metadata }) => metadata.annotations?.['istio.io/dry-run'] !== 'true');
}

/** One target of a policy, and the field that names it. */
export interface PolicyTarget {
  readonly ref: PolicyTargetReference;
  readonly field: FieldPath;
}

/** @returns the targets of a policy; none for one that chooses pods */
export function targetsOf({ spec }: Policy): readonly PolicyTarget[] {
  const { targetRef, targetRefs = [] } = spec;
  if (targetRefs.length > 0)
    return targetRefs.map((ref, index) => ({ ref, field: ['spec', 'targetRefs', index] }));
  return targetRef === undefined ? [] : [{ ref: targetRef, field: ['spec', 'targetRef'] }];
}

/**
 * How many of the pods of a Service a policy chooses: `unknown` where the labels that both ask for do not settle it.
 */
export type Coverage = 'all' | 'some' | 'none' | 'unknown';

/**
 * The pods that a policy chooses: by labels in its namespace, from the root namespace in all; one with targets chooses none.
 */
export interface Selection {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly hasTargets: boolean;
}

/** The pods of a Service. */
export interface PodsOfService {
  readonly namespace: string;
  /** Undefined where the Service was not shown or has none. */
  readonly selector: Readonly<Record<string, string>> | undefined;
}

/**
 * Tells which pods of a Service a policy chooses by labels, without having seen a pod.
 *
 * @param rootNamespace policies of this namespace are for the pods of all
 */
export function coverageOf(
  policy: Policy,
  { namespace, selector }: PodsOfService,
  rootNamespace: string,
): Coverage {
  const labels = policy.spec.selector?.matchLabels ?? {};
  const selection = { namespace: policy.namespace, labels, hasTargets: targetsOf(policy).length > 0 };
  return coverageOfSelection(selection, { namespace, selector }, rootNamespace);
}

/** @returns the same for whatever else applies to pods */
export function coverageOfSelection(
  selection: Selection,
  { namespace, selector }: PodsOfService,
  rootNamespace: string,
): Coverage {
  if (selection.hasTargets) return 'none';
  if (selection.namespace !== namespace && selection.namespace !== rootNamespace) return 'none';
  const { labels } = selection;
  const names = Object.keys(labels);
  if (names.length === 0) return 'all';
  if (selector === undefined) return 'unknown';
  if (contradicts(selector, labels)) return 'none';
  if (areSelected(selector, labels)) return 'all';
  const wanted = Object.keys(selector);
  return wanted.length > 0 && wanted.every(key => names.includes(key)) ? 'some' : 'unknown';
}
