import { type Aspect, differingAspects, type Outcome } from '../../../src/semantics/outcome.ts';
import type { Request } from '../../../src/semantics/request.ts';
import { spotsOf } from './enumerate.ts';
import type { Seen } from './seen.ts';
import { find, type Spot } from './spots.ts';
import { witnessesFor } from './witnesses.ts';

/** A request that two states of a proxy treat differently. */
export interface Difference {
  readonly spot: Spot;
  readonly request: Request;
  readonly aspects: readonly Aspect[];
  readonly left: Outcome;
  readonly right: Outcome;
}

/** What was found for pairs of texts: sidecars of many namespaces have the same tables. */
export interface Memory {
  readonly known: Map<string, readonly Difference[]>;
  /** How many requests and connections were sent through two tables that are not the same text. */
  requests: number;
  /** Whether requests are tried that more than one route looks at. */
  readonly isThorough?: boolean;
}

/** Compares a proxy in two states, everywhere that either of them tells something apart. */
export function compareProxies(
  kind: Spot['kind'],
  left: Seen,
  right: Seen,
  memory: Memory,
): readonly Difference[] {
  return spotsOf(kind, [left, right]).flatMap(spot => compareAt(spot, left, right, memory));
}

/** Compares two proxies at one spot. */
export function compareAt(spot: Spot, left: Seen, right: Seen, memory: Memory): readonly Difference[] {
  const found = [find(left, spot), find(right, spot)] as const;
  const [one, other] = found;
  if (one.text === other.text) return [];
  const key = [JSON.stringify(spot), one.text, other.text].join('\n');
  const known = memory.known.get(key);
  if (known !== undefined) return known;
  const requests = witnessesFor(spot, found, memory.isThorough);
  memory.requests += requests.length;
  const differences = requests.flatMap((request): readonly Difference[] => {
    const outcomes = [one.outcome(request), other.outcome(request)] as const;
    const aspects = differingAspects(...outcomes);
    return aspects.length === 0 ? [] : [{ spot, request, aspects, left: outcomes[0], right: outcomes[1] }];
  });
  memory.known.set(key, differences);
  return differences;
}
