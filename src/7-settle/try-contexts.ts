import type { AnyResource } from '../2-decode/resource.ts';
import type { Context } from '../3-link/variants.ts';
import { toManifest } from '../6-emit/manifest.ts';
import { placeOf, type Report } from '../diagnostics/diagnostic.ts';
import type { SettledUnit, Settlement } from './settle.ts';
import { isError, scopesOfUnit } from './unit.ts';

/**
 * Tries every context of the VirtualServices that have several, but for those in which nothing applies the VirtualService.
 * Where these give different results it is not converted, and the user is asked which of them is in the cluster.
 *
 * @param contexts of every VirtualService
 * @param settleIn converts VirtualServices in one context, for trial
 * @returns the context that each of them is to be converted in
 */
export function tryContexts(
  contexts: ReadonlyMap<AnyResource, readonly Context[]>,
  settleIn: (context: Context, members: ReadonlySet<AnyResource>) => Settlement,
  report: Report,
): ReadonlyMap<AnyResource, Context> {
  const uncertain = new Map([...contexts].filter(([, own]) => own.length > 1));
  const preferred = new Map<AnyResource, Context>();
  if (uncertain.size === 0) return preferred;
  const byKey = new Map<string, { readonly context: Context; readonly members: Set<AnyResource> }>();
  for (const [member, own] of uncertain) {
    for (const context of own) {
      const known = byKey.get(context.key);
      if (known === undefined) byKey.set(context.key, { context, members: new Set([member]) });
      else known.members.add(member);
    }
  }
  const results = new Map<AnyResource, Map<string, string>>();
  for (const { context, members } of byKey.values()) {
    const settlement = settleIn(context, members);
    for (const unit of settlement.units) {
      const known = results.get(unit.unit.vs.resource) ?? new Map<string, string>();
      const result = resultOf(unit, settlement);
      if (result !== undefined) known.set(context.key, result);
      results.set(unit.unit.vs.resource, known);
    }
  }
  for (const [member, own] of uncertain) {
    const found = results.get(member) ?? new Map<string, string>();
    const applying = own.filter(({ key }) => found.has(key));
    const [first] = applying;
    if (first === undefined) continue;
    preferred.set(member, first);
    const differing = applying.filter(({ key }) => found.get(key) !== found.get(first.key));
    const place = placeOf(member, 'metadata', 'name');
    const elsewhere = differing.find(({ environment }) => environment !== first.environment);
    const [beside] = differing;
    if (elsewhere !== undefined)
      report('differs-by-environment', place, { first: first.name, second: elsewhere.name });
    else if (beside !== undefined)
      report('defined-twice-beside', place, { first: first.name, second: beside.name });
  }
  return preferred;
}

/** @returns what a VirtualService becomes, as a text; undefined where nothing applies it */
function resultOf({ unit, held, outputs }: SettledUnit, { gateways }: Settlement): string | undefined {
  const errors = unit.findings.filter(isError);
  if (held && errors.length > 0 && errors.every(({ code }) => code === 'nothing-to-attach')) return undefined;
  if (held) return 'held';
  // The document of a Gateway is converted where it stands: in one environment, the others would lack it.
  const bound = new Set(
    scopesOfUnit(unit).flatMap(scope =>
      scope.kind === 'gateway' && scope.target.origin === 'converted' ? [scope.gateway] : [],
    ),
  );
  const documents = gateways
    .map(({ istio }) => istio.resource)
    .filter(({ namespace, name }) => bound.has(`${namespace}/${name}`))
    .map(({ source }) => source?.document.file.path);
  return JSON.stringify([outputs.map(({ resource }) => toManifest(resource)), documents]);
}
