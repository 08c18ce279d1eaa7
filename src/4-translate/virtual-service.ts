import { placeOf } from '../2-decode/place-of.ts';
import { canonicalJson } from '../3-link/canonical.ts';
import type { Facts } from '../3-link/facts.ts';
import { groupBy } from '../3-link/group-by.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { listed } from '../3-link/listed.ts';
import {
  type GatewayScope,
  gatewayScopes,
  meshHosts,
  meshScopes,
  type Scope,
  targetOf,
} from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import { entryPlace, ofEntry } from './context.ts';
import type { TranslatedEntry } from './entry.ts';
import { reportVisibility } from './export-to.ts';
import { reportHost } from './gateway-host.ts';
import { reportGateways } from './gateways.ts';
import { translateEntry } from './http-entry.ts';
import { reportMeshHost } from './mesh-host.ts';
import {
  reportExportToPlaceholder,
  reportNamePlaceholder,
  reportSourcePlaceholders,
} from './placeholders.ts';
import { namesNoScope } from './source-match.ts';
import type { Translation } from './translation.ts';
import { reportWaypoint } from './waypoint.ts';

/** The http entries of a VirtualService as they are in some of its scopes: one route, but for the limits. */
export interface RoutePlan {
  readonly vs: ResolvedVirtualService;
  readonly kind: Scope['kind'];
  /** Where the route goes. */
  readonly namespace: string;
  readonly scopes: readonly Scope[];
  readonly entries: readonly TranslatedEntry[];
  /** Where it is for some of the hosts at gateways only: these, and the plan that it is a part of. */
  readonly part?: { readonly hosts: readonly string[]; readonly of: RoutePlan };
}

/** @returns the hosts of a plan at gateways */
export function hostsOfPlan({ vs, part }: Pick<RoutePlan, 'vs' | 'part'>): readonly string[] {
  return part?.hosts ?? vs.hosts;
}

/**
 * Which part of the translation sees to each field of a VirtualService; a field that is missing here does not compile.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 */
export const virtualServiceFields: Readonly<
  Record<keyof istio.VirtualService, 'scopes' | 'entries' | 'connections' | 'visibility'>
> = {
  hosts: 'scopes',
  gateways: 'scopes',
  http: 'entries',
  tls: 'connections',
  tcp: 'connections',
  exportTo: 'visibility',
};

/**
 * Translates a VirtualService for every scope it applies to; scopes with the same entries share a route.
 *
 * @param scopes where it has a say, which for a host that another VirtualService owns is nowhere
 * @returns the routes to be; what has no form was reported
 */
export function translateVirtualService(
  translation: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
  owner: number,
): readonly RoutePlan[] {
  if (scopes.length > 0) reportWithoutScope(translation, vs, scopes);
  const groups = new Map<string, { plan: RoutePlan; scopes: Scope[] }>();
  for (const scope of scopes) {
    const namespace = scope.kind === 'mesh' ? (scope.audience ?? scope.service.namespace) : vs.namespace;
    const entries = translateEntries(translation, vs, scope, namespace, owner);
    // A single scope shares its route with nobody.
    const key =
      scopes.length === 1
        ? ''
        : canonicalJson([
            scope.kind,
            namespace,
            entries.map(entry => ({ ...entry, origin: 0, matches: entry.matches.map(flatten) })),
          ]);
    const known = groups.get(key);
    if (known === undefined) {
      groups.set(key, { plan: { vs, kind: scope.kind, namespace, scopes: [], entries }, scopes: [scope] });
    } else known.scopes.push(scope);
  }
  return [...groups.values()]
    .map(({ plan, scopes: shared }) => ({ ...plan, scopes: shared }))
    .filter(({ entries }) => entries.length > 0);
}

function reportWithoutScope(
  { report }: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
): void {
  for (const { http, origin } of vs.http) {
    for (const [index, match] of (http.match ?? []).entries()) {
      if (namesNoScope(match, scopes))
        report('match-without-scope', entryPlace({ origin }, 'match', index), {});
    }
  }
}

/** Maps have no text of their own, and where a match stands makes no other route. */
function flatten(match: TranslatedEntry['matches'][number]): unknown {
  return {
    ...match,
    index: 0,
    headers: [...match.headers],
    queryParams: [...match.queryParams],
    withoutHeaders: [...match.withoutHeaders],
  };
}

function translateEntries(
  { facts, report, declare, assume }: Translation,
  vs: ResolvedVirtualService,
  scope: Scope,
  routeNamespace: string,
  owner: number,
): readonly TranslatedEntry[] {
  const entries: TranslatedEntry[] = [];
  for (const [index, entry] of vs.http.entries()) {
    const { origin } = entry;
    if (
      index === vs.http.length - 1 &&
      entries.length > 0 &&
      answersNotFound(entry.http) &&
      isAlone(facts, vs)
    ) {
      report('not-found-left-out', entryPlace(entry, 'directResponse'), {});
      break;
    }
    const own = ofEntry(declare, origin);
    const context = { facts, vs, scope, origin, routeNamespace, report, declare: own, assume };
    const translated = translateEntry(context, entry, owner);
    if (translated !== undefined && translated.matches.length > 0) entries.push(translated);
  }
  return entries;
}

/** Whether an entry does with all requests what is done where no rule matches: 404 without a body. */
function answersNotFound({ match = [], directResponse, ...rest }: istio.HTTPRoute): boolean {
  const { name: _, ...more } = rest;
  return (
    match.length === 0 &&
    directResponse?.status === 404 &&
    directResponse.body === undefined &&
    Object.values(more).every(field => field === undefined)
  );
}

/** Whether no other VirtualService may have entries for a host, which would be reached without the last one. */
function isAlone({ virtualServices }: Facts, vs: ResolvedVirtualService): boolean {
  return virtualServices.every(
    other => other === vs || !other.hosts.some(host => vs.hosts.some(own => hostsOverlap(own, host))),
  );
}

/**
 * Finds the scopes of a VirtualService, and says what is odd about its hosts and gateways.
 *
 * @returns the scopes its http entries apply to, unless others claim them; hosts that nothing serves were reported
 */
export function scopesOf(translation: Translation, vs: ResolvedVirtualService): readonly Scope[] {
  const { facts, report } = translation;
  // istiod refuses it, which is said elsewhere.
  if (vs.exportTo.includes('~')) return [];
  const mesh = meshScopes(facts, vs);
  if (vs.gateways.includes('mesh')) {
    const hosts = meshHosts(facts, vs);
    for (const host of hosts) reportMeshHost(translation, vs, host, mesh);
  }
  const gateways = [...gatewayScopes(facts, vs), ...besideScopes(translation, vs)];
  reportNamePlaceholder(vs, report);
  reportExportToPlaceholder(vs, report);
  reportSourcePlaceholders(vs, report);
  for (const [index, host] of vs.hosts.entries()) reportHost(translation, vs, host, index);
  reportGateways(translation, vs, mesh.length + gateways.length === 0);
  return [...mesh, ...gateways];
}

/**
 * Says who sees the routes of a VirtualService inside the mesh, and what their waypoints are short of.
 *
 * @param scopes those that it has a route for, since no other VirtualService comes first there
 */
export function reportMeshRoutes(
  translation: Translation,
  vs: ResolvedVirtualService,
  scopes: readonly Scope[],
): void {
  if (vs.exportTo.includes('~') || !vs.gateways.includes('mesh')) return;
  const mesh = scopes.flatMap(scope => (scope.kind === 'mesh' ? [scope] : []));
  reportVisibility(translation, vs, meshHosts(translation.facts, vs), mesh);
  for (const scope of mesh) reportWaypoint(translation, vs, scope);
}

/** Where other Istio Gateways on the pods have the entries of a VirtualService: the routes are attached in their places as well. */
function besideScopes(
  { facts, report, beside: besideOf }: Translation,
  vs: ResolvedVirtualService,
): readonly GatewayScope[] {
  const found = besideOf(vs);
  for (const [bound, own] of groupBy(found, one => one.bound)) {
    const [first] = own;
    if (first === undefined) continue;
    const { port, claims } = first;
    const gateways = listed([bound, ...own.map(({ beside }) => beside)].sort());
    const place = placeOf(vs.resource, 'spec', 'gateways', Math.max(0, vs.gateways.indexOf(bound)));
    report('attached-to-gateways-beside', place, { host: claims[0]?.host ?? '', port, gateways });
  }
  return found.map(({ bound, beside, port, servers }) => ({
    kind: 'gateway',
    gateway: bound,
    replaced: beside,
    port,
    scheme: 'http',
    servers,
    target: targetOf(facts, beside),
  }));
}
