import { decide, outcomeOf, type Table } from '../../src/semantics/decide.ts';
import type { Outcome } from '../../src/semantics/outcome.ts';
import { type Probe, type Request, readDimension } from '../../src/semantics/request.ts';
import { withEnvoyFault } from '../envoy/fault.ts';

/** @returns what a table of the model does with a request */
export function oursAt(table: Table, request: Request): Outcome {
  const decision = decide(table, probeOf(table, request));
  if (typeof decision === 'string') throw new Error(`the request says nothing of ${decision}`);
  return withEnvoyFault(outcomeOf(table, decision, request));
}

/** Everything the rules of a table can ask of a request. */
function probeOf({ rules }: Table, request: Request): Probe {
  const asked = rules.flatMap(({ match }) => match.conditions.map(({ dimension }) => dimension));
  return new Map(['path', ...asked].map(dimension => [dimension, readDimension(request, dimension)]));
}
