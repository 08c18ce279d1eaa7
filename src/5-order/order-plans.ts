import { placeOf } from '../2-decode/place-of.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import { saidBy } from '../3-link/claim-classes.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupBy } from '../3-link/group-by.ts';
import { memoised } from '../3-link/memoised.ts';
import type { Scope } from '../3-link/scopes.ts';
import { byAge, isOlder, type ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { claimants, nameWithOthers } from '../4-translate/claims.ts';
import { entryPlace } from '../4-translate/context.ts';
import type { TranslatedEntry } from '../4-translate/entry.ts';
import { reportLimit, withinLimits } from '../4-translate/limit.ts';
import { hostsOfPlan, type RoutePlan } from '../4-translate/virtual-service.ts';
import { type Budget, LimitReached } from '../budget.ts';
import { keyOf, type Place, type Report } from '../diagnostics/diagnostic.ts';
import { compareSpecificity, type Specificity } from '../semantics/specificity.ts';
import { byteLength } from '../yaml/byte-length.ts';
import { type Arranged, type Arrangement, arrange } from './arrange.ts';
import { type BoundApart, boundApart, byPrecedence, precedenceOf } from './by-precedence.ts';
import { type Item, isCatchAllItem, writtenPath } from './item.ts';
import { MatchSets } from './match-sets.ts';
import { NearMatches } from './near-matches.ts';
import { type ArrangedRule, rulesOf } from './rules.ts';
import { groupByKeys, listenerKeys, sharedHosts } from './shared-hosts.ts';

/** A route to be, with its rules in an order that holds. */
export interface OrderedPlan {
  readonly plan: RoutePlan;
  /** The form of its rules. */
  readonly kind: 'HTTPRoute' | 'GRPCRoute';
  readonly rules: readonly ArrangedRule[];
  readonly means: Arranged['means'];
}

/**
 * Arranges the entries of every plan; plans that meet at a virtual host are arranged together, since routes of one parent
 * are sorted together.
 *
 * @returns the plans that could be arranged; for the others the reason was reported
 */
export function orderPlans(
  facts: Facts,
  plans: readonly RoutePlan[],
  report: Report,
): readonly OrderedPlan[] {
  const arranged: Arranged[] = [];
  const ordered = meetingPlans(plans).flatMap(together => {
    const budget = facts.budget.forGroup();
    const result = withinLimits(() => orderTogether(facts, together, arranged, report, budget));
    if (!(result instanceof LimitReached)) return result;
    for (const { vs } of together) reportLimit(vs, result, report);
    return [];
  });
  reportDead(arranged, report);
  return ordered;
}

function orderTogether(
  facts: Facts,
  together: readonly RoutePlan[],
  arranged: Arranged[],
  report: Report,
  budget: Budget,
): readonly OrderedPlan[] {
  const pools = poolsOf(together).flatMap(pool => arrangePool(facts, pool, budget));
  const failed = pools.flatMap(({ arrangement }) =>
    arrangement.kind === 'arranged' ? [] : [arrangement],
  )[0];
  if (failed !== undefined) {
    reportFailure(failed, together, report);
    return [];
  }
  const done = pools.flatMap(({ pool, arrangement }) =>
    arrangement.kind === 'arranged' ? [{ pool, arrangement }] : [],
  );
  // An entry that nothing reaches would be reached, were the other one older.
  const all = done.flatMap(({ arrangement: { items, dead } }) => [...items, ...dead.map(({ item }) => item)]);
  if (isUndecided(facts, all, together, report, budget)) return [];
  for (const { arrangement } of done) {
    arranged.push(arrangement);
    reportRevived(arrangement, report);
  }
  return whereAlike(
    done.flatMap(({ pool, arrangement }) => pool.map(plan => orderedPlan(plan, arrangement, report))),
  );
}

/** Parts of one plan for several listeners that come to the same rules are one route. */
function whereAlike(ordered: readonly OrderedPlan[]): readonly OrderedPlan[] {
  const byPlan = groupBy(ordered, ({ plan }) => plan.part?.of ?? plan);
  return [...byPlan].flatMap(([whole, parts]) => {
    const [first] = parts;
    if (first === undefined || parts.length === 1) return parts;
    const said = new Set(
      parts.map(({ plan, rules }) => canonicalJson([hostsOfPlan(plan), rules.map(({ rule }) => rule)])),
    );
    return said.size > 1 ? parts : [{ ...first, plan: { ...first.plan, scopes: whole.scopes } }];
  });
}

interface ArrangedPool {
  readonly pool: readonly RoutePlan[];
  readonly arrangement: Arrangement;
}

/**
 * Arranges what istiod sorts together. Where another VirtualService hides an entry at some of its hosts, those at which it
 * is reached become a route of their own.
 */
function arrangePool(facts: Facts, pool: readonly RoutePlan[], budget: Budget): readonly ArrangedPool[] {
  const arrangement = arrangeTogether(facts, pool, budget);
  if (decidesElsewhere(pool, arrangement))
    return byListeners(pool).flatMap(part => arrangePool(facts, part, budget));
  if (!hidesAtSomeHosts(pool, arrangement)) return [{ pool, arrangement }];
  return partsOf(pool).map(part => ({ pool: part, arrangement: arrangeTogether(facts, part, budget) }));
}

function hidesAtSomeHosts(pool: readonly RoutePlan[], arrangement: Arrangement): boolean {
  if (pool.length < 2 || arrangement.kind !== 'arranged') return false;
  if (pool.some(({ kind }) => kind === 'mesh')) return false;
  const planOf = planByEntry(pool);
  return arrangement.dead.some(({ item, by }) => {
    const [hidden, hiding] = [planOf.get(item.entry), planOf.get(by.entry)];
    if (hidden === undefined || hiding === undefined || hidden === hiding) return false;
    return hidden.vs.hosts.some(host => !hiding.vs.hosts.includes(host));
  });
}

/**
 * Whether an entry gave way at listeners that the plan before it does not have: two redirects of one VirtualService whose scheme is
 * that of their listener meet nowhere, and at a waypoint a wildcard has Services that the closer name beside it has not.
 */
function decidesElsewhere(pool: readonly RoutePlan[], arrangement: Arrangement): boolean {
  if (pool.length < 2) return false;
  const planOf = planByEntry(pool);
  const pairs =
    arrangement.kind === 'arranged'
      ? arrangement.dead.map(({ item, by }) => [item, by] as const)
      : arrangement.kind === 'complement'
        ? []
        : [[arrangement.second, arrangement.first] as const];
  return pairs.some(([item, by]) => {
    const [one, other] = [planOf.get(item.entry), planOf.get(by.entry)];
    if (one === undefined || other === undefined || one === other) return false;
    const theirs = new Set(other.scopes.map(listenerOf));
    return one.scopes.some(scope => !theirs.has(listenerOf(scope)));
  });
}

function listenerOf(scope: Scope): string {
  return scope.kind === 'mesh'
    ? `mesh ${scope.service.host} ${scope.port?.number ?? ''}`
    : `${scope.replaced} ${scope.port ?? ''}`;
}

/** The plans of a pool as far as they go at listeners that the same plans have, by which these are. */
function byListeners(pool: readonly RoutePlan[]): readonly (readonly RoutePlan[])[] {
  const listeners = [...new Set(pool.flatMap(({ scopes }) => scopes.map(listenerOf)))];
  const having = (listener: string) =>
    pool.filter(({ scopes }) => scopes.some(scope => listenerOf(scope) === listener));
  const classes = groupBy(listeners, listener =>
    having(listener)
      .map(plan => pool.indexOf(plan))
      .join(),
  );
  return [...classes.values()].map(own =>
    having(own[0] ?? '').map((plan): RoutePlan => {
      const scopes = plan.scopes.filter(scope => own.includes(listenerOf(scope)));
      if (scopes.length === plan.scopes.length) return plan;
      return { ...plan, scopes, part: { hosts: hostsOfPlan(plan), of: plan.part?.of ?? plan } };
    }),
  );
}

/** Plans for the hosts that the same VirtualServices have, by which these are. */
function partsOf(pool: readonly RoutePlan[]): readonly (readonly RoutePlan[])[] {
  const hosts = [...new Set(pool.flatMap(({ vs }) => vs.hosts))];
  const having = (host: string) => pool.filter(({ vs }) => vs.hosts.includes(host));
  const classes = groupBy(hosts, host =>
    having(host)
      .map(plan => pool.indexOf(plan))
      .join(),
  );
  return [...classes.values()].map(own =>
    having(own[0] ?? '').map(
      (plan): RoutePlan => ({ ...plan, part: { hosts: own, of: plan.part?.of ?? plan } }),
    ),
  );
}

function arrangeTogether(facts: Facts, pool: readonly RoutePlan[], budget: Budget): Arrangement {
  const isMerged = pool.every(({ kind }) => kind === 'gateway');
  const planOf = planByEntry(pool);
  return arrange(
    byPrecedence(facts, pool).flatMap(plan => plan.entries),
    facts.options.profile,
    entry => (isMerged ? planOf.get(entry) : undefined),
    budget,
  );
}

function planByEntry(plans: readonly RoutePlan[]): ReadonlyMap<TranslatedEntry, RoutePlan> {
  return new Map(plans.flatMap(plan => plan.entries.map(entry => [entry, plan] as const)));
}

function orderedPlan(plan: RoutePlan, arrangement: Arranged, report: Report): OrderedPlan {
  const own = new Set(plan.entries);
  const items = arrangement.items.filter(item => own.has(item.entry));
  const means = meansOf(items, arrangement.means);
  if (means === 'regular-expression' || means === 'lengthening') {
    report('order-by-expression', keyOf(placeOf(plan.vs.resource, 'spec', 'http')), {});
  }
  return { plan, kind: 'HTTPRoute', rules: rulesOf(items), means };
}

/**
 * The plans of a group by what istiod sorts together: the routes of one hostname. Those that meet at a virtual host under
 * different hostnames, such as `*`, go one after the other, as VirtualServices do.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/route_collections.go, mergeHTTPRoutes
 */
function poolsOf(plans: readonly RoutePlan[]): readonly (readonly RoutePlan[])[] {
  return groupByKeys(plans, ({ vs, kind, scopes }) =>
    kind === 'mesh' ? listenerKeys(vs, scopes) : vs.hosts,
  );
}

/**
 * Tells whether the order of two VirtualServices at one host matters, and the manifests do not tell which is older. At gateways
 * a catch-all comes last in any case.
 */
function isUndecided(
  facts: Facts,
  items: readonly Item[],
  plans: readonly RoutePlan[],
  report: Report,
  budget: Budget,
): boolean {
  if (plans.length < 2) return false;
  const planOf = planByEntry(plans);
  const sets = new MatchSets(budget);
  const near = new NearMatches<number>();
  const claims = new Claims();
  const orders = new GatewayOrders();
  const said = memoised((vs: ResolvedVirtualService) => saidBy(vs));
  const precedence = memoised((plan: RoutePlan) => precedenceOf(facts, plan));
  let undecided = false;
  for (const [index, second] of items.entries()) {
    const earlier = near.to(second.conditions).toSorted((one, other) => one - other);
    near.add(second.conditions, index);
    for (const first of earlier.flatMap(place => items[place] ?? [])) {
      const [a, b] = [planOf.get(first.entry), planOf.get(second.entry)];
      if (a === undefined || b === undefined || a.vs === b.vs) continue;
      const apart = boundApart(facts, a, b);
      if ((apart === undefined ? isOlder(a.vs, b.vs) : apart.isOlder) !== undefined) continue;
      if (said(a.vs) === said(b.vs)) continue;
      const [one, other] = [precedence(a), precedence(b)];
      if (apart === undefined && one !== undefined && other !== undefined && one !== other) continue;
      const catchAlls = a.kind === 'gateway' ? [first, second].filter(isCatchAllItem).length : 0;
      if (catchAlls === 1 || !sets.overlap(first.conditions, second.conditions)) continue;
      undecided = true;
      if (apart !== undefined) {
        orders.add(a, b, apart);
        continue;
      }
      const code = catchAlls === 2 ? 'catch-all-claimed-twice' : 'host-claimed-twice';
      claims.add(code, a, b);
      claims.add(code, b, a);
    }
  }
  claims.tell(report);
  orders.tell(report);
  return undecided;
}

type ClaimCode = 'host-claimed-twice' | 'catch-all-claimed-twice';

/** Objects that claim one host; each is reported once, with all the others. */
class Claims {
  readonly #rivals = new Map<ClaimCode, Map<RoutePlan, Set<RoutePlan>>>();

  add(code: ClaimCode, plan: RoutePlan, rival: RoutePlan): void {
    const byPlan = this.#rivals.get(code) ?? new Map<RoutePlan, Set<RoutePlan>>();
    this.#rivals.set(code, byPlan);
    const known = byPlan.get(plan);
    if (known === undefined) byPlan.set(plan, new Set([rival]));
    else known.add(rival);
  }

  tell(report: Report): void {
    for (const [code, byPlan] of this.#rivals) {
      for (const [plan, rivals] of byPlan) {
        const byHost = groupBy(rivals, rival => sharedHost(plan, rival));
        for (const [host, others] of byHost) reportClaim(code, plan, host, others, report);
      }
    }
  }
}

/** VirtualServices whose order is that of their Istio Gateways; each is reported once, with one of the others. */
class GatewayOrders {
  readonly #found = new Map<
    RoutePlan,
    { readonly rival: RoutePlan; readonly own: string; readonly other: string }
  >();

  add(plan: RoutePlan, rival: RoutePlan, { own, other }: BoundApart): void {
    if (!this.#found.has(plan)) this.#found.set(plan, { rival, own, other });
    if (!this.#found.has(rival)) this.#found.set(rival, { rival: plan, own: other, other: own });
  }

  tell(report: Report): void {
    for (const [plan, { rival, own, other }] of this.#found) {
      const { vs } = plan;
      report(
        'gateway-order-not-known',
        placeOf(vs.resource, 'spec', 'gateways', Math.max(0, vs.gateways.indexOf(own))),
        {
          host: sharedHost(plan, rival),
          other: `${rival.vs.namespace}/${rival.vs.name}`,
          gateway: own,
          rival: other,
        },
        claimants(vs, rival.vs, () => [rival.vs]),
      );
    }
  }
}

function sharedHost(plan: RoutePlan, rival: RoutePlan): string {
  const theirs = new Set(sharedHosts(rival.vs, rival.scopes).map(({ key }) => key));
  const shared = sharedHosts(plan.vs, plan.scopes).find(({ key }) => theirs.has(key));
  return shared?.host ?? plan.vs.hosts[0] ?? '';
}

function reportClaim(
  code: ClaimCode,
  plan: RoutePlan,
  host: string,
  rivals: readonly RoutePlan[],
  report: Report,
): void {
  const all = [...new Set(rivals.map(({ vs }) => vs))];
  const [first] = all.toSorted(byAge);
  if (first === undefined) return;
  const index = Math.max(0, plan.vs.hosts.indexOf(host));
  const args = { host, other: nameWithOthers(first, all.length - 1) };
  report(
    code,
    placeOf(plan.vs.resource, 'spec', 'hosts', index),
    args,
    claimants(plan.vs, first, () => all),
  );
}

/** An arrangement of several plans may have left one of them plain. */
function meansOf(items: readonly Item[], means: Arranged['means']): Arranged['means'] {
  if (means !== 'regular-expression' && means !== 'lengthening') return means;
  return items.some(({ asRegex, padding }) => asRegex || padding > 0) ? means : 'plain';
}

/** Plans in groups that share a virtual host; on sidecars a Service has one list only, so that its plans stay alone. */
function meetingPlans(plans: readonly RoutePlan[]): readonly (readonly RoutePlan[])[] {
  return groupByKeys(plans, plan => {
    return listenerKeys(
      plan.vs,
      plan.scopes.filter(scope => scope.kind === 'gateway' || scope.dataPlane === 'ambient'),
    );
  });
}

function reportFailure(
  arrangement: Exclude<Arrangement, Arranged>,
  plans: readonly RoutePlan[],
  report: Report,
): void {
  if (arrangement.kind === 'complement') {
    const { entry, match, reason } = arrangement;
    const headers = [...(entry.matches[match]?.withoutHeaders.keys() ?? [])].join(', ');
    const place = entryPlace(entry, 'match', writtenIndex(entry, match), 'withoutHeaders');
    report(reason === 'unmatched' ? 'without-headers-unmatched' : 'without-headers-not-expressible', place, {
      headers,
    });
  } else {
    const { first, second, reason } = arrangement;
    const code = (
      {
        'path-change': 'order-path-change',
        'not-portable': 'order-not-portable',
        placeholder: 'order-placeholder',
        limits: 'order-limits',
      } as const
    )[reason];
    const said = { first: describe(first), second: describe(second) };
    const related = [{ message: 'the earlier entry', place: placeOfItem(first) }];
    if (code === 'order-placeholder')
      report(code, placeOfItem(second), { ...said, placeholder: placeholderIn(said) }, related);
    else if (code === 'order-not-portable')
      report(code, placeOfItem(second), { ...said, reason: reasonOf(first, second) }, related);
    else report(code, placeOfItem(second), said, related);
  }
  // All of them stay as they are: what was reported of one holds the others back, too.
  const culprit = arrangement.kind === 'complement' ? arrangement.entry : arrangement.second.entry;
  for (const plan of plans.filter(({ entries }) => !entries.includes(culprit))) {
    const other = plans.find(({ entries }) => entries.includes(culprit))?.vs;
    const host = plan.vs.hosts[0] ?? '';
    report('host-shared-with-held-back', placeOf(plan.vs.resource, 'spec', 'hosts'), {
      host,
      other: other === undefined ? '' : nameOf(other),
    });
  }
}

/** The order of two matches by the specification, which knows none among regular expressions. */
function reasonOf(first: Item, second: Item): string {
  const [one, other] = [specificityOfItem(first), specificityOfItem(second)];
  const isDefined = one.kind > 1 && other.kind > 1 && compareSpecificity(one, other) > 0;
  return isDefined
    ? 'The specification gives precedence to the later match. vs2route would add a match for the requests of both, but it needs a regular expression or more than 16 conditions.'
    : 'The specification does not define which of these matches takes precedence, and implementations differ.';
}

function specificityOfItem(item: Item): Specificity {
  const { type, value } = writtenPath(item);
  const { method, headers, queryParams } = item.conditions;
  return {
    kind: { Exact: 3, PathPrefix: 2, RegularExpression: 1 }[type],
    length: byteLength(value.replace(/(?<=.)\/$/, '')),
    method: method !== undefined,
    headers: headers.size,
    queryParams: queryParams.size,
  };
}

/** The placeholder of two matches, as it is written. */
function placeholderIn({ first, second }: { readonly first: string; readonly second: string }): string {
  const [found] = /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}/.exec(`${second} ${first}`) ?? [];
  return found ?? 'a placeholder';
}

function nameOf({ namespace, name }: RoutePlan['vs']): string {
  return `VirtualService ${namespace}/${name}`;
}

function placeOfItem({ entry, match }: Item): Place {
  const hasMatches = entry.origin.path.length > 0;
  return entryPlace(entry, ...(hasMatches ? ['match', writtenIndex(entry, match)] : []));
}

/** Each scope has the matches of an entry that apply there; the places of all scopes are those in the VirtualService. */
function writtenIndex({ matches }: Item['entry'], match: number): number {
  return matches[match]?.index ?? match;
}

/** More than these do not help to find a match, whose place is told. */
const MOST_CONDITIONS = 1;
const LONGEST_PATH = 80;

function describe(item: Item): string {
  const { type, value } = writtenPath(item);
  const { method, headers, queryParams } = item.conditions;
  const conditions = [
    ...(method === undefined ? [] : [method]),
    ...[...headers.keys()].map(name => `header ${name}`),
    ...[...queryParams.keys()].map(name => `query parameter ${name}`),
  ];
  const more = conditions.length - MOST_CONDITIONS;
  const said = [...conditions.slice(0, MOST_CONDITIONS)];
  const path = value.length > LONGEST_PATH ? `${value.slice(0, LONGEST_PATH)}...` : value;
  return `${type} ${path}${said.length === 0 ? '' : ` with ${said.join(', ')}${more > 0 ? ` and ${more} more ${more === 1 ? 'condition' : 'conditions'}` : ''}`}`;
}

/** Says what nothing reaches today and some requests will reach. */
function reportRevived({ revived }: Arranged, report: Report): void {
  for (const { item, by } of revived) {
    report('brought-to-life', placeOfItem(item), { earlier: describe(by), own: describe(item) }, [
      { message: 'the earlier match', place: placeOfItem(by) },
    ]);
  }
}

/** Entries and matches that nothing reaches in any scope are told once each, a whole entry by itself. */
function reportDead(arranged: readonly Arranged[], report: Report): void {
  if (arranged.every(({ dead }) => dead.length === 0)) return;
  const told = new Set<string>();
  const alive = new Set(
    arranged.flatMap(({ items }) => items.flatMap(item => [entryKey(item), matchKey(item)])),
  );
  for (const { item, by } of arranged.flatMap(({ dead }) => dead)) {
    const isWhole = !alive.has(entryKey(item));
    const key = isWhole ? entryKey(item) : matchKey(item);
    if (alive.has(key) || told.has(key)) continue;
    told.add(key);
    const { resource, path } = item.entry.origin;
    const place = isWhole ? placeOf(resource, ...path) : placeOfItem(item);
    report('never-reached', place, { earlier: describe(by) }, [
      { message: 'the earlier match', place: placeOfItem(by) },
    ]);
  }
}

function entryKey({ entry: { origin } }: Item): string {
  const { kind, namespace, name, source } = origin.resource;
  return canonicalJson([source?.document.file.path, kind, namespace, name, origin.path]);
}

function matchKey(item: Item): string {
  return `${entryKey(item)} ${writtenIndex(item.entry, item.match)}`;
}
