import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isType } from '../2-decode/resource.ts';
import { resolveVirtualServices } from '../3-link/resolve-virtual-services.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { collect, toDiagnostics } from '../diagnostics/locate.ts';
import { absentServices } from '../semantics/absent-services.ts';

/** Diagnostics of VirtualServices that a pull request sends to Services that do not exist, by `NAMESPACE/NAME`. */
export type MissingDestinations = ReadonlyMap<string, readonly Diagnostic[]>;

/**
 * Finds the Services that a pull request begins to name and that are not in the input, though others of their namespace are:
 * requests to them fail.
 *
 * @param before all objects of the base
 * @param after all objects of the head
 */
export function missingDestinations(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
): MissingDestinations {
  const [, absent] = absentServices([before, after]).absent;
  if (absent.size === 0) return new Map();
  const found = new Map<string, readonly Diagnostic[]>();
  for (const vs of resolveVirtualServices(after.filter(isType('istio.VirtualService')))) {
    const { report, findings } = collect();
    const missing = new Set(
      destinationsOf(vs)
        .map(({ host }) => host)
        .filter(host => absent.has(host)),
    );
    for (const host of missing) report('destination-host-not-found', placeOf(vs.resource, 'spec'), { host });
    if (findings.length > 0) found.set(`${vs.namespace}/${vs.name}`, toDiagnostics(findings));
  }
  return found;
}
