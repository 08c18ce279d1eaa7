import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type { FieldPath } from '../../yaml/source.ts';
import type { Selection } from './policies.ts';

/** Objects beside policies that change the proxies of workloads, or what they tell. */
export type ExtensionResource = Resource<
  | 'istio.EnvoyFilter'
  | 'istio.WasmPlugin'
  | 'istio.TrafficExtension'
  | 'istio.Telemetry'
  | 'istio.ProxyConfig'
> &
  AnyResource;

/** @returns what applies to workloads, kind by kind */
export function extensionsOf(resources: readonly AnyResource[]): readonly ExtensionResource[] {
  return [
    ...resources.filter(isType('istio.EnvoyFilter')),
    ...resources.filter(isType('istio.WasmPlugin')),
    ...resources.filter(isType('istio.TrafficExtension')),
    ...resources.filter(isType('istio.Telemetry')),
    ...resources.filter(isType('istio.ProxyConfig')),
  ];
}

/** How an object chooses pods, and the field that says so. */
export interface ExtensionSelection extends Selection {
  readonly field: FieldPath | undefined;
}

/** @returns the pods that an object chooses */
export function selectionOf(extension: ExtensionResource): ExtensionSelection {
  const { namespace } = extension;
  if (extension.type === 'istio.EnvoyFilter') {
    const { workloadSelector, targetRefs = [] } = extension.spec;
    const field = workloadSelector === undefined ? undefined : ['spec', 'workloadSelector'];
    return { namespace, labels: workloadSelector?.labels ?? {}, hasTargets: targetRefs.length > 0, field };
  }
  const { selector, targetRef, targetRefs = [] } = extension.spec;
  return {
    namespace,
    labels: selector?.matchLabels ?? {},
    hasTargets: targetRef !== undefined || targetRefs.length > 0,
    field: selector === undefined ? undefined : ['spec', 'selector'],
  };
}

/** Whether an object is for proxies of a kind; EnvoyFilters say so patch by patch. */
export function isFor(
  extension: ExtensionResource,
  context: 'GATEWAY' | 'SIDECAR_INBOUND' | 'SIDECAR_OUTBOUND',
): boolean {
  if (extension.type !== 'istio.EnvoyFilter') return true;
  return (extension.spec.configPatches ?? []).some(
    ({ match }) => match?.context === undefined || match.context === 'ANY' || match.context === context,
  );
}
