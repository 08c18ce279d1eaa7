import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import type { GatewaysBeside } from '../3-link/gateways/gateways-beside.ts';
import type { MeshService } from '../3-link/registry.ts';
import type { Scope } from '../3-link/scopes.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import { claimedScopes } from '../4-translate/claims.ts';
import type { ConnectionPlan } from '../4-translate/connection-plans.ts';
import { translateConnections } from '../4-translate/connections.ts';
import type { Assume, Declare } from '../4-translate/context.ts';
import { reportDelegates } from '../4-translate/delegate.ts';
import { reportSidecars } from '../4-translate/sidecar-egress.ts';
import { translateTrafficPolicies } from '../4-translate/traffic-policy.ts';
import type { ConnectionClaims } from '../4-translate/translation.ts';
import {
  type RoutePlan,
  reportMeshRoutes,
  scopesOf,
  translateVirtualService,
} from '../4-translate/virtual-service.ts';
import type { AttachedScope } from '../6-emit/waypoints.ts';
import { type Code, holdsBack } from '../diagnostics/catalog.ts';
import { type Finding, keyOf, type Place, type Related, type Report } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import type { Deviation } from '../semantics/deviation.ts';

/** A deviation, and the diagnostic it becomes when some request shows it. */
export interface Declaration {
  readonly code: Code;
  readonly place: Place;
  readonly args: Readonly<Record<string, string | number>>;
  readonly deviation: Deviation;
  readonly related: readonly Related[];
}

/** A destination of requests that is taken to exist, since it is not in the input. */
export interface AssumedService {
  readonly service: MeshService;
  readonly place: Place;
}

/** A VirtualService on its way. */
export interface Unit {
  readonly vs: ResolvedVirtualService;
  readonly scopes: readonly Scope[];
  readonly plans: readonly RoutePlan[];
  readonly connections: readonly ConnectionPlan[];
  readonly declarations: readonly Declaration[];
  /** Destinations of its requests that are not in the input. */
  readonly assumed: readonly AssumedService[];
  /** Whether reading it found errors, so that it stays as it is. */
  readonly isBroken: boolean;
  /** The diagnostics of it so far; phases that come later say more. */
  readonly findings: readonly Finding[];
  readonly report: Report;
}

/**
 * Translates one VirtualService, and keeps what is said of it apart from what is said of others.
 *
 * @param invalid objects that the API server or istiod's webhook refuses
 */
export function translateUnit(
  facts: Facts,
  vs: ResolvedVirtualService,
  invalid: ReadonlySet<AnyResource>,
  owner: number,
  claims: ConnectionClaims,
  beside: GatewaysBeside,
): Unit {
  const { report, findings } = listenOnce();
  const declarations: Declaration[] = [];
  const declare: Declare = (code, place, args, deviation, related = []) => {
    declarations.push({ code, place, args: args as Declaration['args'], deviation, related });
  };
  const assumed: AssumedService[] = [];
  const assume: Assume = (service, place) => {
    assumed.push({ service, place });
  };
  const translation = { facts, connections: claims, beside, report, declare, assume };
  const scopes = claimedScopes(translation, vs, scopesOf(translation, vs));
  const isBroken = [vs.resource, ...vs.http.map(({ origin }) => origin.resource)].some(resource =>
    invalid.has(resource as AnyResource),
  );
  const plans = isBroken ? [] : translateVirtualService(translation, vs, scopes, owner);
  reportDelegates(translation, vs, plans);
  const connections = isBroken ? [] : translateConnections(translation, vs);
  const attached = [...plans, ...connections].flatMap(plan => plan.scopes);
  const hasRoutes = attached.length > 0 || isHeld({ isBroken, findings });
  reportMeshRoutes(translation, vs, hasRoutes ? scopes : []);
  if (plans.length + connections.length > 0) translateTrafficPolicies(facts, report, vs, attached);
  reportSidecars(translation, vs, attached);
  const unit: Unit = { vs, scopes, plans, connections, declarations, assumed, isBroken, findings, report };
  if (
    !isBroken &&
    plans.length + connections.length === 0 &&
    !isHeld(unit) &&
    !vs.exportTo.includes('~') &&
    !isOutranked(unit)
  ) {
    // A list that is read and matches nothing has its hosts all the same.
    const isRead = scopes.length > 0 && vs.http.length > 0;
    report(isRead ? 'matches-no-request' : 'nothing-to-attach', keyOf(placeOf(vs.resource, 'spec')), {});
  }
  return unit;
}

/** Scopes ask for the same thing more than once; it is said once. */
function listenOnce(): { readonly report: Report; readonly findings: readonly Finding[] } {
  const { report, findings } = collect();
  const said = new Set<string>();
  return {
    findings,
    report: (code, place, args, related) => {
      const key = JSON.stringify([code, place.file.path, place.document?.index, place.path, args]);
      if (said.has(key)) return;
      said.add(key);
      report(code, place, args, related);
    },
  };
}

export function isError({ code }: Finding): boolean {
  return holdsBack(code);
}

/** Whether something that was said of a VirtualService holds it back. */
export function isHeld({ isBroken, findings }: Pick<Unit, 'isBroken' | 'findings'>): boolean {
  return isBroken || findings.some(isError);
}

/** Whether a VirtualService is held back, and by nothing but some codes. */
export function isHeldOnlyBy(
  { isBroken, findings }: Pick<Unit, 'isBroken' | 'findings'>,
  codes: readonly Code[],
): boolean {
  const errors = findings.filter(isError);
  return !isBroken && errors.length > 0 && errors.every(({ code }) => codes.includes(code));
}

/** Whether a VirtualService is held back for nothing but that it has no effect today. */
export function hasNoEffect(unit: Pick<Unit, 'isBroken' | 'findings'>): boolean {
  return isHeldOnlyBy(unit, ['nothing-to-attach']);
}

/** Whether no client, waypoint or gateway reads a VirtualService. One that is read and matches nothing can still take a host. */
export function isReadNowhere(unit: Unit): boolean {
  return hasNoEffect(unit) && unit.scopes.length === 0;
}

const outranked: ReadonlySet<Code> = new Set([
  'host-owned-by-another',
  'connections-owned-by-another',
  'same-rules-twice',
]);

/** Whether another VirtualService comes before it, so that it can go. */
export function isOutranked({ findings }: Unit): boolean {
  return findings.some(({ code }) => outranked.has(code));
}

/** Where a VirtualService has a say, for requests and for connections. */
export function scopesOfUnit({
  scopes,
  connections,
}: Pick<Unit, 'scopes' | 'connections'>): readonly Scope[] {
  return [...scopes, ...connections.flatMap(plan => plan.scopes)];
}

/** Where the routes of VirtualServices attach. */
export function attachedScopes(units: readonly Unit[]): readonly AttachedScope[] {
  return units.flatMap(({ vs, plans, connections }) =>
    [...plans, ...connections].flatMap(plan => plan.scopes.map(scope => ({ scope, vs }))),
  );
}
