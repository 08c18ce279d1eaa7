import { placeOf } from '../2-decode/place-of.ts';
import { type AnyResource, isType } from '../2-decode/resource.ts';
import { codeOfOtherProxy } from '../3-link/gateways/other-proxies.ts';
import { type Finding, keyOf } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import type { Options } from '../options.ts';
import { boundTo } from '../semantics/absent-gateways.ts';

/**
 * @param sides each with all of its objects
 * @returns a warning for each Gateway with routes that another proxy than the Envoy of istiod serves, or may serve: requests
 * are compared as istiod routes them. One that both sides have in the same class is told of once.
 */
export function otherProxies(
  sides: readonly (readonly AnyResource[])[],
  profile: Options['profile'],
): readonly Finding[] {
  const { report, findings } = collect();
  const told = new Set<string>();
  for (const resources of sides.toReversed()) {
    for (const gateway of resources.filter(isType('gateway.Gateway'))) {
      const target = `${gateway.namespace}/${gateway.name}`;
      const code = codeOfOtherProxy(gateway, resources, profile);
      const { gatewayClassName } = gateway.spec;
      const key = `${target} ${gatewayClassName}`;
      if (code === undefined || gateway.source === undefined || told.has(key)) continue;
      if (boundTo(resources, { type: 'gateway.Gateway', key: target }).length === 0) continue;
      told.add(key);
      report(code, keyOf(placeOf(gateway, 'spec', 'gatewayClassName')), { target, class: gatewayClassName });
    }
  }
  return findings;
}
