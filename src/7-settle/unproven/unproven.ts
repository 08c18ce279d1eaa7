import { placeOf } from '../../2-decode/place-of.ts';
import type { Facts } from '../../3-link/facts.ts';
import type { Output } from '../../6-emit/edit.ts';
import type { Arguments, Code } from '../../diagnostics/catalog.ts';
import type { Finding, Place, Related } from '../../diagnostics/diagnostic.ts';
import { describeOutcome, describeRequest } from '../../semantics/describe.ts';
import type { Sides } from '../conversion-vantages.ts';
import type { prove } from '../prove.ts';
import type { Unit } from '../unit.ts';

/** A request that would change its fate, and the VirtualService that is held back for it. */
export interface UnprovenRequest {
  readonly facts: Facts;
  readonly sides: Sides;
  readonly unit: Unit;
  /** The VirtualServices that are converted along with it. */
  readonly converted: readonly Unit[];
  /** The objects that take its place. */
  readonly outputs: readonly Output[];
  /** The objects that take the place of all of them. */
  readonly allOutputs: ReadonlyMap<Unit, readonly Output[]>;
  readonly vantage: Undeclared['vantage'];
  readonly difference: Undeclared['difference'];
}

/** A difference that nothing declares, and the place where it is seen. */
export type Undeclared = ReturnType<typeof prove>['undeclared'][number];

/** @returns why a request changes its fate; undefined where this reason does not hold */
export type Reason = (unproven: UnprovenRequest) => Finding | undefined;

/** @returns a finding as `Report` would be told it */
export function told<C extends Code>(
  code: C,
  place: Place,
  args: Arguments<C>,
  related: readonly Related[] = [],
): Finding {
  const finding: Finding<C> = { code, place, args, related };
  // Arguments of one code are not those of all codes, which is what `Finding` without a code asks for.
  return finding as unknown as Finding;
}

/** @returns a request and both of its outcomes, in words */
export function inWords({ difference: { request, before, after, aspects } }: UnprovenRequest): {
  readonly request: string;
  readonly before: string;
  readonly after: string;
} {
  return {
    request: describeRequest(request),
    before: describeOutcome(before.outcome, aspects),
    after: describeOutcome(after.outcome, aspects),
  };
}

/** @returns the place of the hosts of a VirtualService */
export function hostsOf({ vs }: Unit): Place {
  return placeOf(vs.resource, 'spec', 'hosts');
}

/** @returns the place of the gateways of a VirtualService */
export function gatewaysPlaceOf({ vs }: Unit): Place {
  return placeOf(vs.resource, 'spec', 'gateways');
}

/** Whether a request is looked at inside the mesh, and not at a gateway. */
export function isInMesh({ vantage }: UnprovenRequest): boolean {
  return vantage.gateways === undefined;
}
