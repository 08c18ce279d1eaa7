import { canonicalJson } from '../3-link/canonical.ts';
import { Components } from '../3-link/components.ts';
import { groupBy } from '../3-link/group-by.ts';
import type * as istio from '../istio/index.ts';
import { compileMatch } from '../semantics/compile-entry.ts';
import { whyElsewhere } from '../semantics/elsewhere.ts';
import { explore } from '../semantics/explore.ts';
import { isCatchAll, type Match } from '../semantics/match.ts';
import { everyPath } from '../semantics/path-matcher.ts';
import type { Rule } from '../semantics/rule.ts';
import type { GatewayHost, GatewayList } from './gateway-hosts.ts';

/** Requests of a host at old pods that all lists together cannot tell apart: what each list by itself does with them. */
interface Region {
  readonly host: string;
  /** In the order in which the pods ask the lists. */
  readonly lists: readonly {
    readonly list: GatewayList;
    readonly action: string;
    /** By an entry for every request, which comes after all others of the host. */
    readonly isRest: boolean;
  }[];
}

/** The lists of one host, or of hosts that have lists in common, in the order in which they go. */
export interface OrderedLists {
  readonly lists: readonly GatewayList[];
  /** Hosts of which some requests are treated otherwise on the way, whatever the order. */
  readonly changing: readonly string[];
}

/** With more lists the orders are not tried; the one that changes least goes next. */
const mostTried = 10;

/** So many requests of a host are looked at. */
const mostRequests = 2000;

/**
 * The order in which VirtualServices that have hosts of gateways in common are deleted so that in each state between, every request
 * ends as before or as with all of them gone; where there is none, one that changes the fewest sorts of requests.
 *
 * @param hosts with all lists that have a say there, those that stay included
 * @param going in an order that holds where nothing else matters
 * @param waitsFor whether a list may go only when another is gone, for reasons of other places
 */
export function orderAtGateways(
  hosts: readonly GatewayHost[],
  going: readonly GatewayList[],
  waitsFor: (one: GatewayList, other: GatewayList) => boolean,
): readonly OrderedLists[] {
  const leaving = new Set(going);
  const shared = hosts.filter(({ lists }) => lists.length > 1 && lists.some(({ list }) => leaving.has(list)));
  return sharingHosts(shared, going).map(members => {
    const own = new Set(members);
    const regions = shared.filter(({ lists }) => lists.some(({ list }) => own.has(list))).flatMap(regionsOf);
    return cheapestOrder(members, regions, waitsFor);
  });
}

/** Lists that go and have a host in common, directly or by way of others; one alone has nothing to wait for. */
function sharingHosts(
  hosts: readonly GatewayHost[],
  going: readonly GatewayList[],
): readonly (readonly GatewayList[])[] {
  const positions = new Map(going.map((list, position) => [list, position]));
  const components = new Components(going.length);
  for (const { lists } of hosts) {
    const [first, ...rest] = lists.flatMap(({ list }) => positions.get(list) ?? []);
    if (first !== undefined) for (const other of rest) components.join(first, other);
  }
  const groups = groupBy(going, list => components.rootOf(positions.get(list) ?? 0));
  return [...groups.values()].filter(group => group.length > 1);
}

function regionsOf({ host, lists }: GatewayHost): readonly Region[] {
  const decided = new Map<Rule, Pick<Region['lists'][number], 'action' | 'isRest'>>();
  const tables = lists.map(({ list, gateway, port, namespace }) => ({
    rules: rulesOf(list, { proxy: { kind: 'gateway', namespace }, gateway, port }, decided),
    fallback: undefined,
    httpsRedirect: false,
  }));
  const { witnesses } = explore(tables, mostRequests);
  const found = witnesses.map(
    ({ decisions }): Region => ({
      host,
      lists: lists.flatMap(({ list }, index) => {
        const rule = decisions[index]?.rule;
        const taken = rule && decided.get(rule);
        return taken === undefined ? [] : [{ list, ...taken }];
      }),
    }),
  );
  const textOf = ({ lists: taking }: Region) =>
    canonicalJson(
      taking.map(({ list: { resource }, action, isRest }) => [
        resource.namespace,
        resource.name,
        action,
        isRest,
      ]),
    );
  return [...new Map(found.map(region => [textOf(region), region])).values()];
}

/** The rules of one list; actions are told apart by their text. */
function rulesOf(
  { resource, entries }: GatewayList,
  listener: Parameters<typeof whyElsewhere>[1],
  decided: Map<Rule, Pick<Region['lists'][number], 'action' | 'isRest'>>,
): readonly Rule[] {
  const rules: Rule[] = [];
  for (const http of entries) {
    const matches: readonly Match[] =
      http.match === undefined || http.match.length === 0
        ? [{ path: everyPath, conditions: [] }]
        : http.match
            .filter(match => whyElsewhere(match, listener) === undefined)
            .map(match => compileMatch(match, 'istio'));
    for (const match of matches) {
      const action = { kind: 'respond', status: 200, body: '' } as const;
      const rule: Rule = { match, action, origin: { resource, path: [], match: undefined } };
      decided.set(rule, { action: actionOf(http, match), isRest: isCatchAll(match) });
      rules.push(rule);
      if (isCatchAll(match)) return rules;
    }
  }
  return rules;
}

/** @returns a text; where a prefix is written anew, the path that matches is a part of it */
function actionOf(
  { match: _match, name: _name, delegate: _delegate, ...action }: istio.HTTPRoute,
  { path }: Match,
): string {
  return canonicalJson(action.rewrite === undefined ? action : [action, path]);
}

/** The action for the requests of a region while some lists are there; none for 404. */
function decisionOf({ lists }: Region, isThere: (list: GatewayList) => boolean): string | undefined {
  const there = lists.filter(({ list }) => isThere(list));
  return (there.find(({ isRest }) => !isRest) ?? there[0])?.action;
}

function withoutPorts(action: string | undefined): string | undefined {
  return action?.replaceAll(/,?"port":\{"number":\d+\}/g, '');
}

/** A way to the state in which some lists are gone. */
interface Way {
  readonly cost: number;
  readonly order: readonly GatewayList[];
  readonly changing: ReadonlySet<string>;
}

function cheapestOrder(
  members: readonly GatewayList[],
  regions: readonly Region[],
  waitsFor: (one: GatewayList, other: GatewayList) => boolean,
): OrderedLists {
  const own = new Set(members);
  const ends = regions.map(region => ({
    region,
    before: decisionOf(region, () => true),
    after: decisionOf(region, list => !own.has(list)),
  }));
  const changed = (
    left: ReadonlySet<GatewayList>,
  ): readonly { readonly host: string; readonly isSure: boolean }[] =>
    ends.flatMap(({ region, before, after }) => {
      const now = decisionOf(region, list => !own.has(list) || left.has(list));
      // A destination without a port may be the same as with one: an order in which nothing else changes is better.
      if (now === before || now === after) return [];
      return [{ host: region.host, isSure: withoutPorts(now) !== withoutPorts(before) }];
    });
  const nextOf = (left: ReadonlySet<GatewayList>): readonly GatewayList[] => {
    const free = [...left].filter(one => [...left].every(other => other === one || !waitsFor(one, other)));
    return free.length > 0 ? free : [...left];
  };
  const follow = (way: Way, list: GatewayList): Way => {
    const order = [...way.order, list];
    const found = changed(new Set(members.filter(member => !order.includes(member))));
    const sure = found.filter(({ isSure }) => isSure);
    return {
      cost: way.cost + sure.length * mostRequests + found.length,
      order,
      changing: new Set([...way.changing, ...sure.map(({ host }) => host)]),
    };
  };
  const leftAfter = ({ order }: Way) => new Set(members.filter(member => !order.includes(member)));
  const isTried = members.length <= mostTried;
  let ways: readonly Way[] = [{ cost: 0, order: [], changing: new Set() }];
  for (let gone = 0; gone < members.length; gone += 1) {
    const best = new Map<string, Way>();
    for (const way of ways)
      for (const list of nextOf(leftAfter(way))) {
        const next = follow(way, list);
        const key = isTried
          ? members.map(member => Number(next.order.includes(member))).join('')
          : 'the next one';
        const known = best.get(key);
        if (known === undefined || next.cost < known.cost) best.set(key, next);
      }
    ways = [...best.values()];
  }
  const [way] = ways;
  return { lists: way?.order ?? members, changing: [...(way?.changing ?? [])].sort() };
}
