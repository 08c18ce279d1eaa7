import { canonicalJson } from '../3-link/canonical.ts';
import { compareText } from '../3-link/virtual-services.ts';
import type * as istio from '../istio/index.ts';
import type { Action } from './action.ts';
import { type Caller, findBackend } from './backend.ts';
import { authorityOf } from './header-effect.ts';
import type { World } from './world.ts';

const noMirrors = { mirrors: [] };

/**
 * A mirror is asked for the host that the request is sent on with: istiod switches off the suffix that Envoy adds
 * (DISABLE_SHADOW_HOST_SUFFIX).
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, MirrorPercent, MirrorPercentByPolicy
 */
export function compileMirrors(
  world: World,
  caller: Caller,
  http: istio.HTTPRoute,
  { port, host }: { readonly port: number; readonly host?: string },
): Pick<Extract<Action, { kind: 'forward' }>, 'mirrors' | 'mirrorHops'> {
  if (http.mirror === undefined && http.mirrors === undefined) return noMirrors;
  const whole =
    http.mirrorPercentage?.value ??
    (http.mirrorPercentage ? 0 : (http.mirrorPercent ?? http.mirror_percent ?? 100));
  const policies = [
    ...(http.mirror === undefined ? [] : [{ destination: http.mirror, percent: whole }]),
    ...(http.mirrors ?? []).map(({ destination, percentage }) => ({
      destination,
      percent: percentage === undefined ? 100 : (percentage.value ?? 0),
    })),
  ].filter(({ percent }) => Math.trunc(percent * 10_000) > 0);
  if (policies.length === 0) return noMirrors;
  const asked = http.rewrite?.authority || authorityOf(http.headers?.request) || host;
  const found = policies
    .map(({ destination, percent }) => {
      const backend = findBackend(world, caller, destination, port, asked);
      const { key, state, trafficPolicy } = backend;
      // A copy for nobody is lost, whatever the answer would be.
      // Envoy counts in millionths (translatePercentToFractionalPercent).
      const missing = state === 'there' ? '' : 'missing';
      return {
        backend,
        text: canonicalJson([
          missing === '' ? key : '',
          missing,
          Math.trunc(percent * 10_000),
          trafficPolicy,
        ]),
      };
    })
    .sort((a, b) => compareText(a.text, b.text));
  const hops = found.flatMap(({ backend: { key, label, nextHop } }) =>
    nextHop ? [{ backend: key, label, nextHop }] : [],
  );
  return {
    mirrors: found.map(({ text }) => text),
    mirrorHops: asked === undefined ? undefined : hops,
  };
}
