import type { AnyResource, Resource } from '../2-decode/resource.ts';
import type { Output } from '../6-emit/edit.ts';
import type { ProvenRequest, ProvenSide } from '../conversion.ts';
import { ruleRefOf } from '../deciding-rule.ts';
import type { Difference } from '../semantics/compare.ts';
import { type Decision, outcomeOf, type Table } from '../semantics/decide.ts';
import { describeOutcome } from '../semantics/describe.ts';
import type { Witness } from '../semantics/explore.ts';
import type { Aspect } from '../semantics/outcome.ts';
import { type Request, requestFrom } from '../semantics/request.ts';
import type { Rule } from '../semantics/rule.ts';
import type { Vantage } from '../semantics/vantage.ts';

interface Sample {
  readonly vantage: Vantage;
  readonly request: Request;
  readonly before: Decision;
  readonly after: Decision;
  /** The aspects of a difference that have to be told. */
  readonly difference: Difference | undefined;
}

/** More requests than these are not kept of one group. */
const MOST = 2000;

/** Keeps one of the requests that go from one rule to another, and one for each way in which such requests differ. */
export class SampledRequests {
  readonly #samples: Sample[] = [];
  readonly #same = new Map<Rule | undefined, Set<Rule | undefined>>();
  readonly #different = new Map<Rule | undefined, Map<Rule | undefined, Set<string>>>();

  /** Takes the requests that were tried at one proxy. */
  add(vantage: Vantage, witnesses: readonly Witness[], differences: readonly Difference[]): void {
    for (const difference of differences) this.#addDifference(vantage, difference);
    for (const { probe, decisions } of witnesses) {
      const [before, after] = decisions;
      if (this.#samples.length >= MOST || before === undefined || after === undefined) return;
      const known = this.#same.get(before.rule) ?? new Set();
      this.#same.set(before.rule, known);
      if (known.has(after.rule) || this.#different.get(before.rule)?.has(after.rule) === true) continue;
      known.add(after.rule);
      const request = requestFrom(probe, vantage.address);
      this.#samples.push({ vantage, request, before, after, difference: undefined });
    }
  }

  #addDifference(vantage: Vantage, difference: Difference): void {
    const before = difference.before.decision;
    const after = difference.after.decision;
    const row = this.#different.get(before.rule) ?? new Map<Rule | undefined, Set<string>>();
    this.#different.set(before.rule, row);
    const known = row.get(after.rule) ?? new Set();
    row.set(after.rule, known);
    const key = difference.aspects.join();
    if (this.#samples.length >= MOST || known.has(key)) return;
    known.add(key);
    this.#samples.push({ vantage, request: difference.request, before, after, difference });
  }

  /**
   * @param outputs objects that take the place of the VirtualService
   * @returns the requests that one VirtualService, or a route in its place, decides; those that differ first
   */
  of(
    resource: Resource<'istio.VirtualService'>,
    outputs: readonly Output[],
    limit: number,
  ): readonly ProvenRequest[] {
    const routes = new Set<AnyResource | Resource>(outputs.map(output => output.resource));
    const isOwn = ({ before, after }: Sample): boolean =>
      before.rule?.origin.resource === resource ||
      before.rule?.origin.root?.resource === resource ||
      (after.rule !== undefined && routes.has(after.rule.origin.resource));
    const own = this.#samples.filter(isOwn);
    const ordered = [...own.filter(({ difference }) => difference), ...own.filter(one => !one.difference)];
    const described = new Map<string, ProvenRequest>();
    for (const sample of ordered) {
      if (described.size >= limit) break;
      const shown = describe(sample);
      const key = JSON.stringify([shown.request, shown.before, shown.after]);
      if (!described.has(key)) described.set(key, shown);
    }
    return [...described.values()];
  }
}

function describe({ vantage, request, before, after, difference }: Sample): ProvenRequest {
  const aspects = difference?.aspects ?? [];
  return {
    place: vantage.label,
    request,
    before: sideOf(vantage.before, before, request, difference?.before.outcome, aspects),
    after: sideOf(vantage.after, after, request, difference?.after.outcome, aspects),
    aspects,
  };
}

function sideOf(
  table: Table,
  decision: Decision,
  request: Request,
  outcome: Difference['before']['outcome'] | undefined,
  aspects: readonly Aspect[],
): ProvenSide {
  return {
    outcome: describeOutcome(outcome ?? outcomeOf(table, decision, request), aspects),
    rule: decision.rule && ruleRefOf(decision.rule),
  };
}
