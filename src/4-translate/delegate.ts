import { placeOf } from '../2-decode/place-of.ts';
import { delegateKey, isExportedTo } from '../3-link/delegates.ts';
import { isDelegate, type ResolvedVirtualService, type VirtualService } from '../3-link/virtual-services.ts';
import type { Translation } from './translation.ts';
import type { RoutePlan } from './virtual-service.ts';

/**
 * Says what became of the entries of a VirtualService that delegate to others; the merging itself was done when its names
 * were completed.
 *
 * @param plans the routes to be; a delegate none of whose entries is in one is copied nowhere
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */
export function reportDelegates(
  { facts, report }: Translation,
  vs: ResolvedVirtualService,
  plans: readonly RoutePlan[],
): void {
  for (const [index, { delegate }] of (vs.resource.spec.http ?? []).entries()) {
    if (delegate === undefined) continue;
    const key = delegateKey(vs.resource, delegate);
    const place = placeOf(vs.resource, 'spec', 'http', index, 'delegate');
    const found = facts.virtualServicesByName.get(key);
    if (found === undefined) report('delegate-not-shown', place, { delegate: key });
    else if (!isDelegate(found)) report('delegate-has-hosts', place, { delegate: key });
    else if (!isExportedTo(found, vs.namespace))
      report('delegate-not-exported', place, { delegate: key, namespace: vs.namespace });
    else {
      const related = [{ message: 'the delegate', place: placeOf(found, 'metadata', 'name') }];
      if (plans.some(plan => plan.entries.some(({ origin }) => origin.resource === found)))
        report('delegate-flattened', place, { delegate: key }, related);
      reportConflicts({ report }, vs, index, found);
    }
  }
}

/** Entries of the delegate that did not find their way into the list. */
function reportConflicts(
  { report }: Pick<Translation, 'report'>,
  vs: ResolvedVirtualService,
  entry: number,
  delegate: VirtualService,
): void {
  const merged = new Set(
    vs.http
      .filter(({ origin }) => origin.resource === delegate && origin.root?.path[2] === entry)
      .map(({ origin }) => origin.path[2]),
  );
  for (const [index] of (delegate.spec.http ?? []).entries()) {
    if (merged.has(index)) continue;
    const root = `VirtualService ${vs.namespace}/${vs.name}`;
    const related = [
      { message: 'the entry that delegates', place: placeOf(vs.resource, 'spec', 'http', entry, 'match') },
    ];
    report('delegate-conflict', placeOf(delegate, 'spec', 'http', index), { root }, related);
  }
}
