import { buildFacts } from '../../src/3-link/facts.ts';
import { unitsOf } from '../../src/3-link/units.ts';
import { connectionClaims } from '../../src/4-translate/connection-claims.ts';
import { orderPlans } from '../../src/5-order/order-plans.ts';
import { splitRules } from '../../src/5-order/split.ts';
import { translateUnit } from '../../src/7-settle/unit.ts';
import { collect } from '../../src/diagnostics/locate.ts';
import { convert, defaultOptions, type Options } from '../../src/index.ts';
import type * as istio from '../../src/istio/index.ts';
import { readResources } from '../../src/read-resources.ts';
import { manifestsOf } from './generate.ts';

/** By what means the order of a list was kept; each names the oddest that was needed. */
export const meansInOrder = ['plain', 'intersection', 'regular-expression', 'lengthening'] as const;

export interface Kept {
  /** `held back` with the codes that did it. */
  readonly means: (typeof meansInOrder)[number] | 'held back';
  readonly codes: readonly string[];
  /** More than one route was needed. */
  readonly isSplit: boolean;
  /** Something that must not hold was said by an earlier rule. */
  readonly hasComplement: boolean;
}

/** Converts a list, and tells how its order was kept. */
export function howKept(http: readonly istio.HTTPRoute[], given: Partial<Options> = {}): Kept {
  const options: Options = { ...defaultOptions, ...given };
  const file = { path: 'list.json', text: manifestsOf(http) };
  const { resources } = convert([file], [], options);
  const held = resources.filter(({ status }) => status === 'held-back');
  const codes = held.flatMap(({ diagnostics }) =>
    diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
  );
  const hasComplement = http.some(({ match = [] }) => match.some(one => one.withoutHeaders !== undefined));
  const plans = codes.length > 0 ? [] : orderedPlans(file, options);
  const means = plans.map(plan => meansInOrder.indexOf(plan.means));
  return {
    means: codes.length > 0 ? 'held back' : (meansInOrder[Math.max(0, ...means)] ?? 'plain'),
    codes: [...new Set(codes)].sort(),
    isSplit: plans.some(({ rules }) => splitRules(rules).length > 1),
    hasComplement: codes.length === 0 && hasComplement,
  };
}

function orderedPlans(file: { readonly path: string; readonly text: string }, options: Options) {
  const { report } = collect();
  const objects = readResources([file], options.namespace, report);
  const facts = buildFacts(objects, options, new Set(objects));
  const claims = connectionClaims(facts);
  const units = unitsOf(facts, () => true, report).map((vs, owner) =>
    translateUnit(facts, vs, new Set(), owner, claims, () => []),
  );
  return orderPlans(
    facts,
    units.flatMap(({ plans }) => plans),
    report,
  );
}

/** How many of some lists were kept by which means. */
export function tally(kept: readonly Kept[]): Readonly<Record<string, number>> {
  const count = (wanted: (one: Kept) => boolean) => kept.filter(wanted).length;
  const reasons = [...new Set(kept.flatMap(({ codes }) => codes))].sort();
  return {
    lists: kept.length,
    ...Object.fromEntries(meansInOrder.map(means => [means, count(one => one.means === means)])),
    split: count(({ isSplit }) => isSplit),
    complement: count(({ hasComplement }) => hasComplement),
    'held back': count(({ means }) => means === 'held back'),
    ...Object.fromEntries(reasons.map(code => [`  ${code}`, count(({ codes }) => codes.includes(code))])),
  };
}
