import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, nameKey } from '../2-decode/resource.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { Context, ContextCluster } from '../3-link/environments/variants.ts';
import type { Output } from '../6-emit/edit.ts';
import { toManifest } from '../6-emit/manifest.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { SettledUnit, Settlement } from './settlement.ts';
import { hasNoEffect, scopesOfUnit } from './unit.ts';

/** The findings of trying all contexts. */
export interface Tried {
  /** The context that each VirtualService with several is to be converted in. */
  readonly preferred: ReadonlyMap<AnyResource, Context>;
  /**
   * Conversions in other contexts that give the same routes and other Services of versions. Each DestinationRule gets the
   * Services for its own subsets, so that it does not matter which of them is in the cluster.
   */
  readonly beside: readonly Settlement[];
  /** VirtualServices with several documents for a Service: each of these gets Services of versions that take after it. */
  readonly severalServices: ReadonlySet<AnyResource>;
}

/**
 * Tries every context of the VirtualServices that have several, but for those in which nothing applies the VirtualService.
 * Where these give different routes it is not converted, and the user is asked which of them is in the cluster.
 *
 * @param contexts of every VirtualService
 * @param settleIn converts VirtualServices among the objects of one context, for trial
 */
export function tryContexts(
  contexts: ReadonlyMap<AnyResource, readonly Context[]>,
  settleIn: (cluster: ContextCluster, members: ReadonlySet<AnyResource>) => Settlement,
  report: Report,
): Tried {
  const uncertain = new Map([...contexts].filter(([, own]) => own.length > 1));
  const preferred = new Map<AnyResource, Context>();
  if (uncertain.size === 0) return { preferred, beside: [], severalServices: new Set() };
  const byKey = new Map<string, { readonly context: Context; readonly members: Set<AnyResource> }>();
  for (const [member, own] of uncertain) {
    for (const context of own) {
      const known = byKey.get(context.key);
      if (known === undefined) byKey.set(context.key, { context, members: new Set([member]) });
      else known.members.add(member);
    }
  }
  const results = new Map<AnyResource, Map<string, Result & { readonly isMoved: boolean }>>();
  for (const { context, members } of byKey.values()) {
    const cluster = context.cluster();
    const settlement = settleIn(cluster, members);
    for (const unit of settlement.units) {
      const { resource } = unit.unit.vs;
      const member = cluster.readAs.get(resource) ?? resource;
      const known = results.get(member) ?? new Map<string, Result & { readonly isMoved: boolean }>();
      const result = resultOf(unit, settlement);
      if (result !== undefined) known.set(context.key, { ...result, isMoved: member !== resource });
      results.set(member, known);
    }
  }
  const alike = new Map<Settlement, SettledUnit[]>();
  const severalServices = new Set<AnyResource>();
  for (const [member, own] of uncertain) {
    const found = results.get(member);
    const applying = own.flatMap(context => {
      const result = found?.get(context.key);
      return result === undefined ? [] : [{ context, result }];
    });
    const place = placeOf(member, 'metadata', 'name');
    const [first] = applying;
    if (first === undefined) continue;
    // The namespace that it was read with is that of an environment in which nothing applies it.
    const [asRead] = own;
    if (first.result.isMoved && asRead !== undefined) {
      report('differs-by-environment', place, { first: asRead.name, second: first.context.name });
      continue;
    }
    preferred.set(member, first.context);
    const differing = applying.filter(({ result }) => result.text !== first.result.text);
    const elsewhere = differing.find(({ context }) => context.environment !== first.context.environment);
    const [beside] = differing;
    if (elsewhere !== undefined)
      report('differs-by-environment', place, {
        first: first.context.name,
        second: elsewhere.context.name,
      });
    else if (beside !== undefined) {
      const all = [first, ...differing].map(({ result }) => result);
      const moved = all.map(besideItsService);
      const apart = [all, moved].find(areVersionsApart);
      if (apart === undefined)
        report('defined-twice-beside', place, { first: first.context.name, second: beside.context.name });
      else {
        if (apart === moved) severalServices.add(member);
        for (const { unit, settlement } of apart.slice(1))
          alike.set(settlement, [...(alike.get(settlement) ?? []), unit]);
      }
    }
  }
  return {
    severalServices,
    preferred,
    beside: [...alike].map(([settlement, units]) => ({ ...settlement, units })),
  };
}

/** The result for a VirtualService in one context. */
interface Result {
  /** Equal for equal results. */
  readonly text: string;
  /** The same without what stands for subsets; undefined where the VirtualService is held back. */
  readonly routes: string | undefined;
  readonly unit: SettledUnit;
  readonly settlement: Settlement;
}

function besideItsService(result: Result): Result {
  return { ...result, unit: besideServices(result.settlement, result.unit) };
}

/** The Services of versions have their home beside the Service that they take after, not beside the DestinationRule. */
export function besideServices({ facts }: Settlement, unit: SettledUnit): SettledUnit {
  const outputs = unit.outputs.map(output => {
    const service = facts.byName.get(output.neededBy?.service ?? '');
    const isMoved =
      output.resource.type === 'core.Service' && service?.source !== undefined && facts.inputs.has(service);
    return isMoved && service?.source !== undefined
      ? { ...output, home: service.source, origins: [] }
      : output;
  });
  return { ...unit, outputs };
}

/** Whether results differ in the Services of versions alone, each of which has its home beside another DestinationRule. */
function areVersionsApart(results: readonly Result[]): boolean {
  const [first] = results;
  if (results.some(({ routes }) => routes === undefined || routes !== first?.routes)) return false;
  const texts = new Map<string, string>();
  return results.every(({ unit }) =>
    unit.outputs.every(({ resource, home: { document, path }, neededBy }) => {
      if (neededBy === undefined) return true;
      const key = JSON.stringify([nameKey(resource), document.file.path, document.index, path]);
      const text = canonicalJson(toManifest(resource));
      const known = texts.get(key) ?? text;
      texts.set(key, known);
      return known === text;
    }),
  );
}

/** @returns undefined where nothing applies the VirtualService */
function resultOf(settled: SettledUnit, settlement: Settlement): Result | undefined {
  const { unit, held, outputs } = settled;
  if (held && hasNoEffect(unit)) return undefined;
  if (held) return { text: 'held', routes: undefined, unit: settled, settlement };
  // The document of a Gateway is converted where it stands: in one environment, the others would lack it.
  const bound = new Set(
    scopesOfUnit(unit).flatMap(scope =>
      scope.kind === 'gateway' && scope.target.origin === 'converted' ? [scope.replaced] : [],
    ),
  );
  const documents = settlement.gateways
    .map(({ istio }) => istio.resource)
    .filter(({ namespace, name }) => bound.has(`${namespace}/${name}`))
    .map(({ source }) => source?.document.file.path);
  const textOf = (some: readonly Output[]): string =>
    JSON.stringify([some.map(({ resource }) => toManifest(resource)), documents]);
  return {
    text: textOf(outputs),
    routes: textOf(outputs.filter(({ neededBy }) => neededBy === undefined)),
    unit: settled,
    settlement,
  };
}
