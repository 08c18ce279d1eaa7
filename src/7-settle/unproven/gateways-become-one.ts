import type { GatewayTarget } from '../../3-link/scopes.ts';
import { attachedScopes, type Unit } from '../unit.ts';
import { gatewaysPlaceOf, inWords, type Reason, told } from './unproven.ts';

/** Istio Gateways that are mapped to the same Gateway as one of a VirtualService, or to the same listener of it. */
export const gatewaysBecomeOne: Reason = unproven => {
  const joined = joinedGateways(unproven.unit, unproven.converted);
  if (joined === undefined) return undefined;
  return told('gateways-become-one', gatewaysPlaceOf(unproven.unit), { ...joined, ...inWords(unproven) });
};

function joinedGateways(
  unit: Unit,
  converted: readonly Unit[],
): { readonly gateways: string; readonly target: string } | undefined {
  const byTarget = new Map<string, Set<string>>();
  for (const { scope } of attachedScopes(converted)) {
    if (scope.kind !== 'gateway') continue;
    const target = targetName(scope.target);
    byTarget.set(target, (byTarget.get(target) ?? new Set()).add(scope.replaced));
  }
  const own = attachedScopes([unit]).flatMap(({ scope }) =>
    scope.kind === 'gateway' ? [targetName(scope.target)] : [],
  );
  const found = own.find(target => (byTarget.get(target)?.size ?? 0) > 1);
  return found === undefined
    ? undefined
    : { gateways: [...(byTarget.get(found) ?? [])].join(' and '), target: found };
}

function targetName({ namespace, name, sectionName }: GatewayTarget): string {
  return `${namespace}/${name}${sectionName === undefined ? '' : `#${sectionName}`}`;
}
