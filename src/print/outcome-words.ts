import type { ConvertedResource, Status } from '../conversion.ts';
import { type Code, refuses } from '../diagnostics/catalog.ts';
import { refOf } from '../diagnostics/resource-ref.ts';

/** A status as people read it: a difference by prefix segments alone is apart from all others. */
export type Outcome = 'same' | 'prefixes' | 'differences' | 'not-converted' | 'unchanged';

/** In the order of tables and headlines. */
export const outcomes: readonly Outcome[] = ['same', 'prefixes', 'differences', 'not-converted', 'unchanged'];

/** Each outcome as it stands behind an object or a number. */
export const outcomeWords: Readonly<Record<Outcome, string>> = {
  same: 'converted, no difference',
  prefixes: 'converted, only prefixes differ (by segment)',
  differences: 'converted with differences',
  'not-converted': 'not converted',
  unchanged: 'unchanged',
};

const ofStatus: Readonly<Record<Status, Outcome>> = {
  converted: 'same',
  approximate: 'differences',
  'held-back': 'not-converted',
  skipped: 'unchanged',
};

/** Codes that say nothing else than that a prefix goes by path segments. */
const prefixCodes: ReadonlySet<Code> = new Set(['prefix-by-segment', 'prefix-without-slash']);

/** @returns the outcome of an object */
export function outcomeOf({ status, diagnostics }: ConvertedResource): Outcome {
  if (status !== 'approximate') return ofStatus[status];
  const differing = diagnostics.filter(({ fate }) => fate === 'approximate');
  return differing.length > 0 && differing.every(({ code }) => prefixCodes.has(code))
    ? 'prefixes'
    : 'differences';
}

/** @returns how many objects have each outcome */
export function countOutcomes(resources: readonly ConvertedResource[]): Readonly<Record<Outcome, number>> {
  const counts = { same: 0, prefixes: 0, differences: 0, 'not-converted': 0, unchanged: 0 };
  for (const resource of resources) counts[outcomeOf(resource)] += 1;
  return counts;
}

/** The codes that decide an outcome: reasons for what is not converted, differences of what is. */
export function decidingCodes(resource: ConvertedResource): readonly Code[] {
  const outcome = outcomeOf(resource);
  const deciding = resource.diagnostics.filter(({ fate }) => {
    if (outcome === 'not-converted') return refuses(fate);
    return fate === 'approximate' && outcome !== 'same';
  });
  return [...new Set(deciding.map(({ code }) => code))];
}

/**
 * The reason why an object is neither converted nor refused.
 *
 * @returns undefined for an object with another status
 */
export function reasonUnchanged({ resource, status, diagnostics }: ConvertedResource): string | undefined {
  if (status !== 'skipped') return undefined;
  const owned = diagnostics.find(({ code }) => code === 'owned-by-controller');
  if (owned !== undefined) return owned.message.replace(/ \(.*\)$/, '');
  if (resource.metadata.annotations?.['vs2route/ignore'] !== undefined)
    return 'annotation vs2route/ignore keeps it';
  switch (resource.type) {
    case 'istio.VirtualService':
      return diagnostics.some(({ code }) => code === 'delegate-unused')
        ? 'a delegate that no VirtualService of the input uses'
        : 'nothing to convert in it';
    case 'istio.DestinationRule':
      return 'no subset of it becomes a Service';
    default:
      return `no VirtualService of the input is converted for this ${refOf(resource).kind}`;
  }
}
