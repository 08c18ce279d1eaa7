import type * as gateway from '../gateway-api/index.ts';
import type { RuleBody } from './entry.ts';
import { maxOperations } from './headers.ts';

/**
 * Moves the header operations of a sole backend to the rule, where every implementation knows them: filters of backends are
 * no core feature. istiod performs them after those of the rule, so that they stay where both write the same header.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/route.go, processDestination
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
 */
export function withSoleHeaders(body: RuleBody): RuleBody {
  const [only, ...others] = body.backendRefs;
  if (only?.filters === undefined || others.length > 0) return body;
  const { filters, ...backendRef } = only;
  let { requestHeaders, responseHeaders } = body;
  for (const filter of filters) {
    switch (filter.type) {
      case 'RequestHeaderModifier': {
        const joined = together(requestHeaders, filter.requestHeaderModifier);
        if (joined === undefined) return body;
        requestHeaders = joined;
        break;
      }
      case 'ResponseHeaderModifier': {
        const joined = together(responseHeaders, filter.responseHeaderModifier);
        if (joined === undefined) return body;
        responseHeaders = joined;
        break;
      }
      default:
        return body;
    }
  }
  return {
    ...body,
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
    ...(responseHeaders === undefined ? {} : { responseHeaders }),
    backendRefs: [backendRef],
  };
}

/** @returns undefined where one filter cannot do what two do one after the other */
function together(
  rule: gateway.HTTPHeaderFilter | undefined,
  backend: gateway.HTTPHeaderFilter,
): gateway.HTTPHeaderFilter | undefined {
  if (rule === undefined) return backend;
  const known = new Set(namesOf(rule));
  if (namesOf(backend).some(name => known.has(name))) return undefined;
  const joined: Required<gateway.HTTPHeaderFilter> = {
    set: [...(rule.set ?? []), ...(backend.set ?? [])],
    add: [...(rule.add ?? []), ...(backend.add ?? [])],
    remove: [...(rule.remove ?? []), ...(backend.remove ?? [])],
  };
  if (Object.values(joined).some(list => list.length > maxOperations)) return undefined;
  return {
    ...(joined.set.length === 0 ? {} : { set: joined.set }),
    ...(joined.add.length === 0 ? {} : { add: joined.add }),
    ...(joined.remove.length === 0 ? {} : { remove: joined.remove }),
  };
}

function namesOf({ set = [], add = [], remove = [] }: gateway.HTTPHeaderFilter): readonly string[] {
  return [...[...set, ...add].map(({ name }) => name), ...remove].map(name => name.toLowerCase());
}
