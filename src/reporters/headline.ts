import type { ConvertedResource } from '../conversion.ts';
import { countStatuses } from './count.ts';
import { formatNumber } from './summary.ts';

/** What became of the VirtualServices, in one line; of everything where there is none. */
export function headlineOf(resources: readonly ConvertedResource[]): string {
  const own = resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
  const what = own.length > 0 ? 'VirtualService' : 'object';
  const counted = own.length > 0 ? own : resources;
  if (counted.length === 0) return 'Nothing to convert';
  const counts = countStatuses(counted);
  const proven = counted.some(({ proof }) => proof !== undefined);
  const parts = [
    `${formatNumber(counts.converted)} converted${proven ? ' and proven' : ''}`,
    ...(counts.approximate > 0 ? [`${formatNumber(counts.approximate)} with named differences`] : []),
    ...(counts['held-back'] > 0 ? [`${formatNumber(counts['held-back'])} held back`] : []),
    ...(counts.skipped > 0 ? [`${formatNumber(counts.skipped)} skipped`] : []),
  ];
  return `${formatNumber(counted.length)} ${what}${counted.length === 1 ? '' : 's'}: ${parts.join(', ')}`;
}
