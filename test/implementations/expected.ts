import type { AnyResource } from '../../src/2-decode/resource.ts';
import { canonicalJson } from '../../src/3-link/canonical.ts';
import type * as gateway from '../../src/gateway-api/index.ts';
import { decide, outcomeOf, type Table } from '../../src/semantics/decide.ts';
import type { Outcome } from '../../src/semantics/outcome.ts';
import { type Probe, type Request, readDimension } from '../../src/semantics/request.ts';
import { goDuration } from './go-duration.ts';

/** What the specification promises for a request, and the rule that says so. */
export interface Expected {
  readonly outcome: Outcome;
  readonly rule: ExpectedRule | undefined;
}

export interface ExpectedRule {
  readonly resource: AnyResource;
  readonly index: number;
  readonly rule: gateway.HTTPRouteRule | gateway.GRPCRouteRule;
}

/** @returns the outcome, with backends as `reviews.bookinfo:9080` */
export function expectedAt(table: Table, request: Request): Expected {
  const decision = decide(table, probeOf(table, request));
  if (typeof decision === 'string') throw new Error(`the request says nothing of ${decision}`);
  const outcome = outcomeOf(table, decision, request);
  const rule = ruleOf(decision.rule?.origin);
  if (outcome.kind !== 'forward') return { outcome, rule };
  return {
    rule,
    outcome: {
      ...outcome,
      destinations: outcome.destinations.map(({ label, nextHop: _, ...destination }) => ({
        ...destination,
        label,
        backend: label.split(',')[0] ?? '',
        trafficPolicy: '',
      })),
      mirrors: mirrorsOf(rule),
      timeout: timeoutOf(rule),
      retries: rule !== undefined && 'retry' in rule.rule && rule.rule.retry !== undefined ? 'asked' : '',
      cors: rule?.rule.filters?.some(({ type }) => String(type) === 'CORS') === true ? 'asked' : '',
      fault: '',
    },
  };
}

/** Everything the rules of a table can ask of a request. */
function probeOf({ rules }: Table, request: Request): Probe {
  const asked = rules.flatMap(({ match }) => match.conditions.map(({ dimension }) => dimension));
  return new Map(['path', ...asked].map(dimension => [dimension, readDimension(request, dimension)]));
}

function ruleOf(
  origin: { readonly resource: unknown; readonly path: readonly (string | number)[] } | undefined,
): ExpectedRule | undefined {
  const resource = origin?.resource as AnyResource | undefined;
  if (resource?.type !== 'gateway.HTTPRoute' && resource?.type !== 'gateway.GRPCRoute') return undefined;
  const index = Number(origin?.path[2]);
  const rule = resource.spec.rules?.[index];
  return rule === undefined ? undefined : { resource, index, rule };
}

/** The mirrors of a rule, in the form of `mirrorText`. */
function mirrorsOf(found: ExpectedRule | undefined): readonly string[] {
  return (found?.rule.filters ?? [])
    .flatMap(filter => {
      if (filter.type !== 'RequestMirror') return [];
      const { backendRef, percent, fraction } = filter.requestMirror;
      const { name, namespace = found?.resource.namespace, port = 80 } = backendRef;
      const share =
        fraction === undefined ? (percent ?? 100) / 100 : fraction.numerator / (fraction.denominator ?? 100);
      return [mirrorText(`${name}.${namespace}:${port}`, share * 1_000_000)];
    })
    .sort();
}

export function mirrorText(backend: string, millionths: number): string {
  return canonicalJson([backend, Math.round(millionths)]);
}

/** Milliseconds; -1 where the route asks for nothing, so that nothing is promised. */
function timeoutOf(found: ExpectedRule | undefined): number {
  const timeouts = found !== undefined && 'timeouts' in found.rule ? found.rule.timeouts : undefined;
  return timeouts?.request === undefined ? -1 : goDuration(timeouts.request);
}
