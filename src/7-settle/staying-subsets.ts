import { placeOf } from '../2-decode/place-of.ts';
import type { EmptiedRule } from '../6-emit/destination-rules.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';

/** Subsets stay that no VirtualService of the input refers to, or that a text may use which nobody could read. */
export function stayingSubsets(rules: readonly EmptiedRule[]): readonly Finding[] {
  const { report, findings } = collect();
  for (const { rule, unused, mentioned } of rules) {
    for (const { index, path } of mentioned) {
      const subset = rule.spec.subsets?.[index]?.name ?? '';
      report('subset-still-needed', placeOf(rule, 'spec', 'subsets', index, 'name'), { subset, path });
    }
    for (const index of unused) {
      const subset = rule.spec.subsets?.[index]?.name ?? '';
      report('subset-unused', placeOf(rule, 'spec', 'subsets', index, 'name'), { subset });
    }
  }
  return findings;
}
