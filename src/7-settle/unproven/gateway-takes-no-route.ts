import { placeOf } from '../../2-decode/place-of.ts';
import type { Facts } from '../../3-link/facts.ts';
import type { Output } from '../../6-emit/edit.ts';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import type { World } from '../../semantics/world.ts';
import { refusalOf } from '../refused-by-gateway.ts';
import { scopesOfUnit, type Unit } from '../unit.ts';
import { isGained } from './comes-to-life.ts';
import { inWords, type Reason, told } from './unproven.ts';

/** A Gateway that is there does not take a route, or not all of its requests. */
export const gatewayTakesNoRoute: Reason = unproven => {
  const { facts, sides, unit, outputs, difference } = unproven;
  if (isGained(difference)) return undefined;
  return ofRefusal(facts, sides.after, unit, outputs, difference.request.host, inWords(unproven));
};

/** @returns what is said where a Gateway does not take a route; undefined where each takes them */
export function ofRefusal(
  facts: Facts,
  after: World,
  unit: Unit,
  outputs: readonly Output[],
  host: string | undefined,
  args: { readonly request: string; readonly before: string; readonly after: string },
): Finding | undefined {
  const { vs } = unit;
  const refusal = refusalOf(facts, after, outputs, host);
  if (refusal === undefined) return undefined;
  const { gateway, route, reason } = refusal;
  const bound = scopesOfUnit(unit).find(
    scope =>
      scope.kind === 'gateway' &&
      scope.target.namespace === gateway.namespace &&
      scope.target.name === gateway.name,
  );
  const index = bound === undefined ? -1 : vs.gateways.indexOf(bound.gateway);
  const place = placeOf(vs.resource, 'spec', 'gateways', ...(index < 0 ? [] : [index]));
  const name = `${gateway.namespace}/${gateway.name}`;
  const related =
    gateway.source === undefined
      ? []
      : [{ message: `a listener of Gateway ${name}`, place: placeOf(gateway, 'spec', 'listeners') }];
  const said = { gateway: name, route: `${route.kind} ${route.namespace}/${route.name}`, reason };
  return told('gateway-takes-no-route', place, { ...said, ...args }, related);
}
