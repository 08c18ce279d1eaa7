import { isType, nameKey } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { completeHost, resolveHost } from '../3-link/host.ts';
import {
  buildDestinationRules,
  type DestinationRule,
  type DestinationRules,
  rulesInAnyNamespace,
} from '../3-link/subsets/destination-rules.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import type { Edit } from './edit.ts';
import { forgetReleased, releasedBefore } from './released-subsets.ts';
import { usedVersions } from './version-services.ts';

/** The result for a DestinationRule once routes name Services instead of its subsets. */
export interface EmptiedRule {
  readonly rule: DestinationRule;
  /**
   * `removed`: nothing was left of it. `trimmed`: other settings, or subsets that are still used, stay. `kept`: all of
   * its subsets stay.
   */
  readonly kind: 'removed' | 'trimmed' | 'kept';
  readonly edits: readonly Edit[];
  /** The names of the subsets that go. */
  readonly gone: readonly string[];
  /** Positions of subsets that stay, although no VirtualService of the input refers to them. */
  readonly unused: readonly number[];
  /** Positions of subsets that stay since a text that nobody could read may use them, and its path. */
  readonly mentioned: readonly { readonly index: number; readonly path: string }[];
}

/** One of the clusters that the input may be, and which of its VirtualServices are converted. */
export interface SettledCluster {
  readonly facts: Facts;
  readonly converted: readonly ResolvedVirtualService[];
  readonly kept: readonly ResolvedVirtualService[];
}

/**
 * Takes the subsets that converted VirtualServices referred to out of DestinationRules. Every other subset stays, and so
 * does one that something else may refer to. A rule that is left empty stays where another rule, for a wildcard or in
 * another namespace, would take its place.
 *
 * @param rules DestinationRules of every cluster, for what `--stage 2a` noted on them
 */
export function emptiedRules(
  clusters: readonly SettledCluster[],
  rules: readonly DestinationRule[] = [],
): readonly EmptiedRule[] {
  const noted = new Map(
    rules.map(rule => [rule, releasedBefore(rule)] as const).filter(([, { length }]) => length > 0),
  );
  // An environment may have a rule in another namespace than the one that it was read with.
  const bySource = new Map(rules.toReversed().map(rule => [rule.source, rule]));
  const asRead = (rule: DestinationRule): DestinationRule => bySource.get(rule.source) ?? rule;
  const references = (found: Parameters<typeof referencesOf>[0]): References =>
    referencesOf(found.map(([rule, subset]) => [asRead(rule), subset]));
  const released = references([
    ...clusters.flatMap(({ facts, converted }) => converted.flatMap(vs => releasedBy(facts, vs))),
    ...[...noted].flatMap(([rule, subsets]) => subsets.map(subset => [rule, subset] as const)),
  ]);
  const all = noted.size === 0 ? undefined : buildDestinationRules(rules);
  const needed = references(
    clusters.flatMap(({ facts, kept }) => [
      ...kept.flatMap(vs => neededBy(facts, destinationsOf(vs))),
      ...neededBy(facts, egressProxies(facts)),
    ]),
  );
  return [...released.keys()].flatMap((rule): readonly EmptiedRule[] => {
    const { source } = rule;
    if (source === undefined) return [];
    const subsets = rule.spec.subsets ?? [];
    const isReleased = (name: string): boolean => released.get(rule)?.has(name) ?? false;
    const mentioned = subsets.flatMap(({ name }, index) => {
      if (!isReleased(name)) return [];
      const paths = clusters.map(({ facts }) => facts.mentions.ofSubset(rule, name));
      const path = paths.find(one => one !== undefined);
      return path === undefined ? [] : [{ index, path }];
    });
    const isNeeded = (name: string): boolean =>
      (needed.get(rule)?.has(name) ?? false) || mentioned.some(({ index }) => subsets[index]?.name === name);
    const goes = subsets.map(({ name }) => isReleased(name) && !isNeeded(name));
    const unused = subsets.flatMap(({ name }, index) => (isReleased(name) || isNeeded(name) ? [] : [index]));
    const gone = subsets.flatMap(({ name }, index) => (goes[index] === true ? [name] : []));
    const said = { rule, gone, unused, mentioned };
    if (gone.length > 0 && gone.length === subsets.length) {
      const isShadow =
        noted.has(rule) && all !== undefined ? shadows(all, rule) : shadowsAnother(clusters, rule);
      return rule.spec.trafficPolicy === undefined && !isShadow
        ? [{ ...said, kind: 'removed', edits: [{ kind: 'replace', source, outputs: [] }] }]
        : [
            {
              ...said,
              kind: 'trimmed',
              edits: [{ kind: 'remove-field', source, path: ['spec', 'subsets'] }, ...forgetReleased(rule)],
            },
          ];
    }
    const edits = goes.flatMap((isGone, index): readonly Edit[] =>
      isGone ? [{ kind: 'remove-field', source, path: ['spec', 'subsets', index] }] : [],
    );
    const kind = edits.length === 0 ? 'kept' : 'trimmed';
    return [{ ...said, kind, edits: [...edits, ...forgetReleased(rule)] }];
  });
}

/**
 * Whether clients would get another DestinationRule without this one: the most specific host counts, and the rule of the
 * client's namespace comes before that of the Service's.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, destinationRule
 */
function shadowsAnother(clusters: readonly SettledCluster[], rule: DestinationRule): boolean {
  return clusters.some(
    ({ facts }) => facts.byName.get(nameKey(rule)) === rule && shadows(facts.destinationRules, rule),
  );
}

function shadows(rules: DestinationRules, rule: DestinationRule): boolean {
  const host = completeHost(rule.spec.host, rule.namespace);
  return rulesInAnyNamespace(rules, host).some(
    other =>
      other !== rule &&
      (other.namespace !== rule.namespace || completeHost(other.spec.host, other.namespace) !== host),
  );
}

/** DestinationRules, and which of their subsets VirtualServices refer to. */
type References = ReadonlyMap<DestinationRule, ReadonlySet<string>>;

/** The subsets that routes name Services instead of. */
function releasedBy(
  facts: Facts,
  vs: ResolvedVirtualService,
): readonly (readonly [DestinationRule, string])[] {
  return usedVersions(facts, vs).flatMap(({ version, subset }) =>
    version.kind === 'not-found' || version.found === undefined
      ? []
      : [[version.found.rule, subset] as const],
  );
}

/** Whoever follows a VirtualService has the DestinationRules of their own namespace for its subsets. */
function neededBy(
  { destinationRules }: Facts,
  destinations: readonly istio.Destination[],
): readonly (readonly [DestinationRule, string])[] {
  return destinations.flatMap(({ host, subset }) =>
    subset ? rulesInAnyNamespace(destinationRules, host).map(rule => [rule, subset] as const) : [],
  );
}

/** Where sidecars send what nothing else is for. */
function egressProxies({ resources }: Facts): readonly istio.Destination[] {
  return resources.filter(isType('istio.Sidecar')).flatMap(({ spec, namespace }) => {
    const { egressProxy } = spec.outboundTrafficPolicy ?? {};
    return egressProxy === undefined
      ? []
      : [{ ...egressProxy, host: resolveHost(egressProxy.host, namespace) }];
  });
}

function referencesOf(found: readonly (readonly [DestinationRule, string])[]): References {
  const subsets = new Map<DestinationRule, Set<string>>();
  for (const [rule, subset] of found) {
    const known = subsets.get(rule);
    if (known === undefined) subsets.set(rule, new Set([subset]));
    else known.add(subset);
  }
  return subsets;
}
