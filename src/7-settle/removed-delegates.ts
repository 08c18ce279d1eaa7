import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isType } from '../2-decode/resource.ts';
import { controllerOf } from '../3-link/gitops/controllers.ts';
import { isDelegate, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { type Finding, keyOf } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import { clustersOf } from './settled-clusters.ts';
import type { Settlement } from './settlement.ts';

interface Delegates {
  readonly converted: ReadonlySet<AnyResource>;
  readonly findings: readonly Finding[];
}

/** A delegate goes when all who delegate to it are converted; of one that nobody names it is said so. */
export function delegatesOf(inputs: readonly AnyResource[], settlements: readonly Settlement[]): Delegates {
  const { report, findings } = collect();
  const roots = new Map<AnyResource, (ResolvedVirtualService | undefined)[]>();
  const add = (vs: ResolvedVirtualService, isConverted: boolean) => {
    for (const { origin } of vs.http) {
      if (origin.root === undefined) continue;
      const delegate = origin.resource as AnyResource;
      roots.set(delegate, [...(roots.get(delegate) ?? []), isConverted ? undefined : vs]);
    }
  };
  for (const { converted, kept } of clustersOf(settlements)) {
    for (const vs of converted) add(vs, true);
    for (const vs of kept) add(vs, false);
  }
  const converted = new Set<AnyResource>();
  for (const delegate of inputs.filter(isType('istio.VirtualService')).filter(isDelegate)) {
    const uses = roots.get(delegate);
    const owner = settlements
      .map(({ facts }) => controllerOf(facts.controllers, delegate, facts.virtualServicesByName))
      .find(one => one !== undefined);
    if (owner !== undefined) {
      report('owned-by-controller', keyOf(placeOf(delegate, 'metadata')), {
        owner: owner.name,
        sign: owner.sign,
      });
      continue;
    }
    if (uses === undefined) report('delegate-unused', keyOf(placeOf(delegate, 'spec')), {});
    else {
      const kept = uses.find(root => root !== undefined);
      const mentioned = settlements
        .map(({ facts }) => facts.mentions.ofVirtualService(delegate))
        .find(path => path !== undefined);
      if (kept === undefined && mentioned === undefined) converted.add(delegate);
      else if (kept === undefined)
        report('named-in-unread-text', keyOf(placeOf(delegate, 'spec')), {
          object: `VirtualService ${delegate.namespace}/${delegate.name}`,
          path: mentioned ?? '',
        });
      else {
        const root = `VirtualService ${kept.namespace}/${kept.name}`;
        report('delegate-of-held-back', keyOf(placeOf(delegate, 'spec')), { root }, [
          { message: 'not converted', place: placeOf(kept.resource, 'metadata', 'name') },
        ]);
      }
    }
  }
  return { converted, findings };
}
