import type { Resource } from '../2-decode/resource.ts';
import { isType } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Edit } from './edit.ts';
import { usedVersions } from './version-services.ts';

/** What becomes of a DestinationRule once routes name Services instead of its subsets. */
export interface EmptiedRule {
  readonly rule: Resource<'istio.DestinationRule'>;
  /** `removed`: nothing was left of it. `trimmed`: other settings, or subsets that are still used, stay. */
  readonly kind: 'removed' | 'trimmed';
  readonly edits: readonly Edit[];
}

/**
 * Takes the subsets out of DestinationRules that converted VirtualServices referred to. A subset stays as long as a
 * VirtualService that is not converted refers to it.
 */
export function emptiedRules(
  facts: Facts,
  converted: readonly ResolvedVirtualService[],
  kept: readonly ResolvedVirtualService[],
): readonly EmptiedRule[] {
  const released = references(facts, converted);
  const needed = references(facts, kept);
  return facts.resources.filter(isType('istio.DestinationRule')).flatMap((rule): readonly EmptiedRule[] => {
    const { source } = rule;
    const subsets = rule.spec.subsets ?? [];
    if (source === undefined || subsets.length === 0 || !released.has(rule)) return [];
    const goes = subsets.map(({ name }) => !(needed.get(rule)?.has(name) ?? false));
    if (goes.every(Boolean)) {
      if (rule.spec.trafficPolicy === undefined)
        return [{ rule, kind: 'removed', edits: [{ kind: 'replace', source, outputs: [] }] }];
      return [
        { rule, kind: 'trimmed', edits: [{ kind: 'remove-field', source, path: ['spec', 'subsets'] }] },
      ];
    }
    const edits = goes.flatMap((gone, index): readonly Edit[] =>
      gone ? [{ kind: 'remove-field', source, path: ['spec', 'subsets', index] }] : [],
    );
    return edits.length === 0 ? [] : [{ rule, kind: 'trimmed', edits }];
  });
}

/** The DestinationRules whose subsets VirtualServices refer to, and which. */
function references(
  facts: Facts,
  virtualServices: readonly ResolvedVirtualService[],
): ReadonlyMap<Resource, ReadonlySet<string>> {
  const found = new Map<Resource, Set<string>>();
  for (const vs of virtualServices) {
    for (const { version, subset } of usedVersions(facts, vs)) {
      if (version.kind === 'not-found' || version.found === undefined) continue;
      const { rule } = version.found;
      const known = found.get(rule);
      if (known === undefined) found.set(rule, new Set([subset]));
      else known.add(subset);
    }
  }
  return found;
}
