import { compareWitnesses, type Difference, exploreTables } from '../semantics/compare.ts';
import type { Table } from '../semantics/decide.ts';
import { appliesTo, type Deviation, isDeclared } from '../semantics/deviation.ts';
import type { Exploration } from '../semantics/explore.ts';
import { haveSameQuestions, withOtherTable } from '../semantics/same-questions.ts';
import type { Vantage } from '../semantics/vantages.ts';

/** What came of sending witness requests through both sides. */
export interface ProofResult {
  readonly requests: number;
  readonly sampled: boolean;
  /** The differences that each declared deviation accounts for. */
  readonly declared: ReadonlyMap<Deviation, ReadonlySet<Difference>>;
  /** A request for each deviation that really shows. */
  readonly examples: ReadonlyMap<Deviation, Difference>;
  /** Differences that nobody declared: faults of the conversion. */
  readonly undeclared: readonly { readonly vantage: Vantage; readonly difference: Difference }[];
}

/** Compares both sides at every vantage, and holds the differences against what was declared. */
export function prove(vantages: readonly Vantage[], deviations: readonly Deviation[]): ProofResult {
  let requests = 0;
  let sampled = false;
  const declared = new Map<Deviation, Set<Difference>>();
  const examples = new Map<Deviation, Difference>();
  const undeclared: { vantage: Vantage; difference: Difference }[] = [];
  const explored = new Map<Table, { readonly after: Table; readonly exploration: Exploration }>();
  for (const vantage of vantages) {
    const { before, after, address } = vantage;
    // What a sidecar and a waypoint make of one route asks the same; a client's table today stands for its place, too.
    const known = explored.get(before);
    const exploration =
      known !== undefined && haveSameQuestions(known.after, after)
        ? withOtherTable(known.exploration, known.after, after)
        : exploreTables(before, after, address, vantage.isName);
    explored.set(before, { after, exploration });
    const comparison = compareWitnesses(before, after, address, exploration);
    requests += comparison.requests;
    sampled ||= comparison.sampled;
    for (const difference of comparison.differences) {
      if (!isDeclared(deviations, difference.request, difference.aspects, vantage.client)) {
        undeclared.push({ vantage, difference });
        continue;
      }
      for (const deviation of deviations) {
        if (!appliesTo(deviation, difference.request, vantage.client) || !concerns(deviation, difference))
          continue;
        declared.set(deviation, (declared.get(deviation) ?? new Set()).add(difference));
        if (isNearer(difference, examples.get(deviation))) examples.set(deviation, difference);
      }
    }
  }
  return { requests, sampled, declared, examples, undeclared };
}

function concerns({ aspects }: Deviation, difference: Difference): boolean {
  return aspects === 'all' || difference.aspects.some(aspect => aspects.includes(aspect));
}

/** The plainer request is the better example. */
function isNearer({ request }: Difference, than: Difference | undefined): boolean {
  if (than === undefined) return true;
  const size = ({ path, headers, queryParams }: Difference['request']) =>
    path.length + 100 * (Object.keys(headers).length + Object.keys(queryParams).length);
  return size(request) < size(than.request);
}
