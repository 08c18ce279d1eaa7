import { placeOf } from '../../2-decode/place-of.ts';
import type { Facts } from '../../3-link/facts.ts';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { elsewhere } from '../../semantics/pods-elsewhere.ts';
import type { Unit } from '../unit.ts';
import { inWords, type Reason, told } from './unproven.ts';

/** The Service of the gateway pods is not found in the input, and their namespace decides about the request. */
export const podsElsewhere: Reason = unproven => {
  const { podsIn } = unproven.vantage;
  return podsIn === undefined
    ? undefined
    : ofPodsIn(unproven.facts, unproven.unit, podsIn, inWords(unproven));
};

/** @returns what is said where the namespace of gateway pods decides */
export function ofPodsIn(
  facts: Facts,
  { vs }: Unit,
  podsIn: string,
  args: { readonly request: string; readonly before: string; readonly after: string },
): Finding {
  const namespace = podsIn === elsewhere ? 'another namespace' : `namespace ${podsIn}`;
  const index = Math.max(
    0,
    vs.gateways.findIndex(gateway => gateway !== 'mesh'),
  );
  const gateway = vs.gateways[index] ?? '';
  const place = placeOf(vs.resource, 'spec', 'gateways', index);
  return told('gateway-pods-elsewhere', place, { gateway, namespace, pods: podsOf(facts, gateway), ...args });
}

/** `istio=ingressgateway`: the selector of an Istio Gateway. */
function podsOf({ istioGateways }: Facts, gateway: string): string {
  const { selector = {} } = istioGateways.get(gateway)?.resource.spec ?? {};
  const labels = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
  return labels.join(' and ') || 'any labels';
}
