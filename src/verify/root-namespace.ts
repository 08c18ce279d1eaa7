import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { rootNamespaceContradiction } from '../3-link/root-namespace.ts';
import { type Finding, keyOf } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';

/**
 * @param resources of both sides
 * @param given by `--root-namespace`
 * @returns an error at a MeshConfig that names another root namespace than the flag; none without a flag, since two sides may
 * differ in it
 */
export function contradictedRootNamespace(
  resources: readonly AnyResource[],
  given: string | undefined,
): readonly Finding[] {
  const found = given === undefined ? undefined : rootNamespaceContradiction(resources, given);
  if (found?.written.resource.source === undefined) return [];
  const { report, findings } = collect();
  const { value, setting, object, resource } = found.written;
  report('root-namespace-contradicted', keyOf(placeOf(resource)), {
    counts: found.counts,
    setting,
    value,
    object,
  });
  return findings;
}
