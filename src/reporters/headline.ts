import type { ConvertedResource } from '../conversion.ts';
import { countOutcomes, outcomes, outcomeWords } from '../print/outcome-words.ts';
import { formatNumber } from '../print/summary.ts';

/** The outcome of the VirtualServices in one line; of all objects where there is no VirtualService. */
export function headlineOf(resources: readonly ConvertedResource[]): string {
  const own = resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
  const noun = own.length > 0 ? 'VirtualService' : 'object';
  const counted = own.length > 0 ? own : resources;
  if (counted.length === 0) return 'Nothing to convert';
  const counts = countOutcomes(counted);
  const parts = outcomes.flatMap(outcome =>
    counts[outcome] === 0 ? [] : [`${formatNumber(counts[outcome])} ${outcomeWords[outcome]}`],
  );
  return `${formatNumber(counted.length)} ${noun}${counted.length === 1 ? '' : 's'}: ${parts.join('; ')}`;
}
