import type { Budget } from '../budget.ts';
import { type Comparison, compareWitnesses, type Difference, exploreTables } from '../semantics/compare.ts';
import { compareRequest } from '../semantics/compare-request.ts';
import type { Table } from '../semantics/decide.ts';
import { appliesTo, type Change, type Deviation, isDeclared } from '../semantics/deviation.ts';
import type { Exploration } from '../semantics/explore.ts';
import type { Rule, RuleOrigin } from '../semantics/rule.ts';
import { haveSameQuestions, withOtherTable } from '../semantics/same-questions.ts';
import type { Vantage } from '../semantics/vantage.ts';
import { remember } from '../yaml/remember.ts';
import type { SampledRequests } from './sampled-requests.ts';

/** The result of sending witness requests through both sides. */
export interface ProofResult {
  readonly requests: number;
  readonly sampled: boolean;
  /** The differences that each declared deviation accounts for. */
  readonly declared: ReadonlyMap<Deviation, ReadonlySet<Difference>>;
  /** A request for each deviation that really shows. */
  readonly examples: ReadonlyMap<Deviation, Difference>;
  /** Differences that others alone declare, and which of their deviations say so. */
  readonly ofOthers: readonly {
    readonly vantage: Vantage;
    readonly difference: Difference;
    readonly deviations: readonly Deviation[];
  }[];
  /** Differences that nobody declared: faults of the conversion. */
  readonly undeclared: readonly { readonly vantage: Vantage; readonly difference: Difference }[];
}

/** For which places routes are made. */
export interface Translated {
  /** Whether some are those of the group, so that what it declares counts there. */
  readonly isOwn: (vantage: Vantage) => boolean;
  /** Differences that others declare there. */
  readonly ofOthers: (vantage: Vantage) => readonly Deviation[];
  /** The entry that a rule is or was made of, and its VirtualService, as `Deviation.from` names them. */
  readonly keysOf: (origin: RuleOrigin) => readonly string[];
}

/**
 * Compares both sides at every vantage, and holds the differences against what was declared. Where no routes of the group
 * are made only those of its deviations count that name their hosts.
 *
 * @param budget says when to stop; its LimitReached is thrown
 * @param samples is given the requests, to keep some of them
 */
export function prove(
  vantages: Iterable<Vantage>,
  own: readonly Deviation[],
  translated: Translated,
  budget?: Budget,
  samples?: SampledRequests,
): ProofResult {
  const anywhere = own.filter(({ isAnywhere = false }) => isAnywhere);
  let requests = 0;
  let sampled = false;
  const declared = new Map<Deviation, Set<Difference>>();
  const examples = new Map<Deviation, Difference>();
  const undeclared: { vantage: Vantage; difference: Difference }[] = [];
  const ofOthers: ProofResult['ofOthers'][number][] = [];
  const explored = new Map<Table, Explored>();
  const takenBy = takersOf(translated);
  for (const vantage of vantages) {
    const { before, after } = vantage;
    // The tables that a sidecar and a waypoint make of one route ask the same; a client's table today stands for its place,
    // too.
    const earlier = explored.get(before);
    const found = earlier?.after === after ? earlier : exploredBy(vantage, earlier, budget);
    const { exploration } = found;
    const comparison = found === earlier ? seenAgain(found.comparison) : found.comparison;
    // A gateway's tables are looked at once; only those inside the mesh come again.
    if (vantage.client !== undefined || earlier !== undefined) explored.set(before, found);
    requests += comparison.requests;
    sampled ||= comparison.sampled;
    samples?.add(vantage, exploration.witnesses, comparison.differences);
    if (comparison.differences.length === 0) continue;
    const deviations = translated.isOwn(vantage) ? own : anywhere;
    const byOthers = translated.ofOthers(vantage);
    const ofPlace = vantage.moves ? [settingsOfPlace] : [];
    const known = [...deviations, ...ofPlace, ...byOthers];
    for (const difference of comparison.differences) {
      const change = changeOf(difference, vantage, takenBy);
      // There may be as many deviations as differences.
      const applying = deviations.filter(deviation => appliesTo(deviation, change));
      const byItself = [...applying, ...ofPlace];
      const isKnown = isDeclared([...byItself, ...byOthers], change);
      const beside = isKnown ? withSlash(vantage, difference) : difference;
      if (beside !== undefined && !(isKnown && isDeclared(known, changeOf(beside, vantage, takenBy)))) {
        if (vantage.isImagined !== true) undeclared.push({ vantage, difference: beside });
        continue;
      }
      if (byOthers.length > 0 && !isDeclared(byItself, change))
        ofOthers.push({
          vantage,
          difference,
          deviations: byOthers.filter(
            deviation => appliesTo(deviation, change) && concerns(deviation, difference),
          ),
        });
      for (const deviation of applying) {
        if (!concerns(deviation, difference)) continue;
        declared.set(deviation, (declared.get(deviation) ?? new Set()).add(difference));
        if (isNearer(difference, examples.get(deviation))) examples.set(deviation, difference);
      }
    }
  }
  return { requests, sampled, declared, examples, ofOthers, undeclared };
}

/** Finds the entries, and their VirtualServices, that take a request on either side. */
type Takers = (difference: Pick<Difference, 'before' | 'after'>, tables: Vantage) => ReadonlySet<string>;

/** A request that no rule takes gets 404 for the VirtualServices that have rules in the table, and goes on where there are none. */
function takersOf({ keysOf }: Translated): Takers {
  // The key of an entry comes before that of its VirtualService.
  const listedIn = remember(({ rules }: Table): readonly string[] => [
    ...new Set(rules.flatMap(({ origin }) => keysOf(origin).slice(1))),
  ]);
  // Many requests are taken by the same rules.
  const keysIn = (taker: Table | Rule): readonly string[] =>
    'rules' in taker ? listedIn(taker) : keysOf(taker.origin);
  const ofBoth = remember((before: Table | Rule) =>
    remember((after: Table | Rule) => new Set([...keysIn(before), ...keysIn(after)])),
  );
  return ({ before, after }, tables) => {
    const rule = before.decision.rule ?? after.decision.rule;
    return rule === undefined
      ? ofBoth(tables.before)(tables.after)
      : ofBoth(rule)(after.decision.rule ?? rule);
  };
}

/** A difference as declarations are held against it. */
function changeOf(difference: Difference, vantage: Vantage, takenBy: Takers): Change {
  const { request, aspects, before, after } = difference;
  return {
    request,
    aspects,
    before: before.outcome,
    after: after.outcome,
    takenBy: takenBy(difference, vantage),
    client: vantage.client,
  };
}

/** Two tables, and what they do with requests. */
interface Explored {
  readonly after: Table;
  readonly exploration: Exploration;
  readonly comparison: Comparison;
}

/** @param earlier the same table before, with another one */
function exploredBy(
  { before, after, address, isName }: Vantage,
  earlier: Explored | undefined,
  budget: Budget | undefined,
): Explored {
  const exploration =
    earlier !== undefined && haveSameQuestions(earlier.after, after)
      ? withOtherTable(earlier.exploration, earlier.after, after)
      : exploreTables(before, after, address, isName, budget);
  return { after, exploration, comparison: compareWitnesses(before, after, address, exploration) };
}

/** Two places with the same tables: each difference is one at either. */
function seenAgain(comparison: Comparison): Comparison {
  const { differences } = comparison;
  if (differences.length === 0) return comparison;
  return { ...comparison, differences: differences.map(difference => ({ ...difference })) };
}

/**
 * The settings of clusters at a waypoint that would take the place of a sidecar come with the place and not with the conversion: it
 * sees the DestinationRules of its own namespace. Whether these change is seen from the sidecars of that namespace.
 */
const settingsOfPlace: Deviation = { aspects: ['trafficPolicy'], takes: () => true };

/**
 * Where neither table tells a path from the same path with a slash at its end, one request stands for both, though what is
 * declared of a prefix without its slash is for the former alone.
 *
 * @returns the difference of the latter
 */
function withSlash({ before, after }: Vantage, { request }: Difference): Difference | undefined {
  return request.path.endsWith('/')
    ? undefined
    : compareRequest(before, after, { ...request, path: `${request.path}/` });
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
