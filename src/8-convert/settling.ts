import type { AnyResource } from '../2-decode/resource.ts';
import { buildFacts, type ClusterNamespaces, type Namespaces } from '../3-link/facts.ts';
import type { Mentions } from '../3-link/mentions.ts';
import { unitsOf } from '../3-link/units.ts';
import { settle } from '../7-settle/settle.ts';
import type { Settlement } from '../7-settle/settlement.ts';
import type { Budget } from '../budget.ts';
import type { Finding, Report } from '../diagnostics/diagnostic.ts';
import type { Inputs } from './inputs.ts';

/** Objects of one cluster, or of a part of it. */
export interface ToSettle {
  readonly resources: readonly AnyResource[];
  /** Other documents for the same objects. */
  readonly alternatives: readonly AnyResource[];
  /** The objects to convert here. */
  readonly members: ReadonlySet<AnyResource>;
  /** The objects that the run converts: all inputs if nobody says otherwise. */
  readonly given?: ReadonlySet<AnyResource>;
  /** The namespaces of the whole cluster, where the resources are a part of it. */
  readonly namespaces?: ClusterNamespaces<Namespaces> | undefined;
  /** Names in texts that nobody could read: those of all inputs if nobody says otherwise. */
  readonly mentions?: Mentions;
  /** Whether a Service that is not among the resources has HTTP at port 80 (port-80.ts). */
  readonly isPort80Elsewhere?: boolean;
}

/** The means to settle. */
export interface SettlingMeans {
  readonly report: Report;
  readonly budget: Budget;
  /** Called for each step of the work. */
  readonly step?: () => void;
  /** How many of the requests that prove a VirtualService are kept. */
  readonly examples?: number;
  /** The findings of reading: those of all inputs if nobody says otherwise. */
  readonly earlier?: readonly Finding[];
}

/** Links some of the inputs and settles what becomes of their VirtualServices. */
export function settleInputs(
  { options, isInput, mentions: allMentions, findings }: Inputs,
  { resources, alternatives, members, given = isInput, ...cluster }: ToSettle,
  { report, budget, step, examples = 0, earlier = findings }: SettlingMeans,
): Settlement {
  const facts = buildFacts(
    resources,
    options,
    given,
    alternatives,
    cluster.mentions ?? allMentions,
    budget,
    cluster.namespaces,
    cluster.isPort80Elsewhere,
  );
  const candidates = unitsOf(facts, resource => given.has(resource), report);
  const units = candidates.filter(({ resource }) => members.has(resource));
  return settle(facts, units, candidates, earlier, step, examples);
}
