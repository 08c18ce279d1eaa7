import { findService } from '../3-link/registry.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import type * as istio from '../istio/index.ts';
import type { FieldPath } from '../yaml/source.ts';
import { type EntryContext, entryPlace, isPortable } from './context.ts';
import { translateDestination } from './destination.ts';
import type { RuleBody } from './entry.ts';

/**
 * Writes `mirror` and `mirrors` as RequestMirror filters; without a percentage every request is mirrored.
 *
 * @returns undefined, after reports, when a mirror has no backend
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, MirrorPercent
 */
export function translateMirrors(
  context: EntryContext,
  http: istio.HTTPRoute,
): Partial<RuleBody> | undefined {
  const mirrors: gateway.HTTPRequestMirrorFilter[] = [];
  let complete = true;
  for (const { destination, percent, path } of mirrorsOf(http)) {
    // Envoy counts in millionths.
    if (percent !== undefined && Math.trunc(percent * 10_000) === 0) {
      context.report('field-without-effect', entryPlace(context, ...path), {
        field: String(path[0]),
        reason: 'it mirrors 0 % of the requests',
      });
      continue;
    }
    if (isLost(context, destination)) {
      complete = false;
      reportLost(context, destination, entryPlace(context, ...path, 'host'));
      continue;
    }
    const backendRef = translateDestination(context, destination, entryPlace(context, ...path));
    if (backendRef === undefined) {
      complete = false;
      continue;
    }
    mirrors.push({ backendRef, ...share(percent) });
  }
  if (!complete) return undefined;
  return mirrors.length === 0 ? {} : { mirrors };
}

/**
 * Whether istiod leaves out the mirror of a route: it looks a Hostname up in the namespace of the route, and where a backend
 * that it does not find there stays, a mirror does not.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gateway/conversion.go, createMirrorFilter
 */
function isLost(context: EntryContext, { host }: istio.Destination): boolean {
  const service = findService(context.facts.registry, host);
  return (
    service?.kind === 'ServiceEntry' && service.namespace !== context.routeNamespace && !isPortable(context)
  );
}

function reportLost(
  { facts, routeNamespace, report }: EntryContext,
  { host }: istio.Destination,
  place: Place,
) {
  const { namespace = '', name = '' } = findService(facts.registry, host) ?? {};
  report('mirror-in-other-namespace', place, {
    host,
    serviceEntry: `${namespace}/${name}`,
    namespace: routeNamespace,
  });
}

interface Mirror {
  readonly destination: istio.Destination;
  /** 0 to 100; undefined is all. */
  readonly percent: number | undefined;
  readonly path: FieldPath;
  readonly percentPath: FieldPath;
}

function mirrorsOf(http: istio.HTTPRoute): readonly Mirror[] {
  const sole =
    http.mirror === undefined
      ? []
      : [{ destination: http.mirror, ...solePercent(http), path: ['mirror'] } satisfies Mirror];
  const several = (http.mirrors ?? []).map(({ destination, percentage }, index): Mirror => {
    const path = ['mirrors', index, 'destination'];
    const percent = percentage === undefined ? undefined : (percentage.value ?? 0);
    return { destination, percent, path, percentPath: ['mirrors', index, 'percentage'] };
  });
  return [...sole, ...several];
}

function solePercent(http: istio.HTTPRoute): Pick<Mirror, 'percent' | 'percentPath'> {
  if (http.mirrorPercentage !== undefined) {
    return { percent: http.mirrorPercentage.value ?? 0, percentPath: ['mirrorPercentage'] };
  }
  if (http.mirrorPercent !== undefined)
    return { percent: http.mirrorPercent, percentPath: ['mirrorPercent'] };
  return { percent: http.mirror_percent, percentPath: ['mirror_percent'] };
}

/** Whole percents as such, the rest as a fraction. */
function share(percent: number | undefined): Pick<gateway.HTTPRequestMirrorFilter, 'percent' | 'fraction'> {
  if (percent === undefined || percent >= 100) return {};
  if (Number.isInteger(percent)) return { percent };
  let [numerator, denominator] = [Math.trunc(percent * 10_000), 1_000_000];
  while (numerator % 10 === 0 && denominator > 100)
    [numerator, denominator] = [numerator / 10, denominator / 10];
  return { fraction: { numerator, denominator } };
}
