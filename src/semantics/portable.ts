import type { AnyResource } from '../2-decode/resource.ts';
import type * as gateway from '../gateway-api/index.ts';
import type { Action, PathChange } from './action.ts';
import type { Condition, Match } from './match.ts';
import { everyPath } from './path-matcher.ts';
import type { Rule } from './rule.ts';

/**
 * Reads the rules of routes as far as the specification promises something. Which requests a regular expression matches, and
 * before which other rules, is up to each implementation: requests that it could take are unknown, whatever else takes them. So
 * is the behaviour without a timeout. Retries of connections where nothing asks for them are not promised either, but nothing
 * could be written that would.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
 */
export function asPromised(rules: readonly Rule[]): readonly Rule[] {
  const unknown = rules.filter(isUnpromised).map(
    (rule): Rule => ({
      ...rule,
      match: relaxed(rule.match),
      action: { kind: 'unknown', reason: 'what a regular expression matches is up to the implementation' },
    }),
  );
  const promised = rules
    .filter(rule => !isUnpromised(rule))
    .map(rule => ({ ...rule, action: promisedAction(rule) }));
  return [...unknown, ...promised];
}

function isUnpromised({ match }: Rule): boolean {
  if (match.elsewhere !== undefined) return false;
  return match.path.kind === 'regex' || match.conditions.some(isExpression);
}

function isExpression({ matcher }: Condition): boolean {
  return matcher.kind === 'regex' || matcher.kind === 'prefix';
}

/** All that an expression could take, whatever its dialect; a condition on what is absent never holds. */
function relaxed({ path, conditions }: Match): Match {
  return {
    path: path.kind === 'regex' ? everyPath : path,
    conditions: conditions.map(condition =>
      isExpression(condition) ? { ...condition, matcher: { kind: 'present' } } : condition,
    ),
  };
}

function promisedAction({ action, match, origin }: Rule): Action {
  const rule = ruleOf(origin.resource as AnyResource, origin.path[2]);
  if (rule === undefined || action.kind === 'respond') return action;
  const path = replacedPrefix(rule, match);
  if (action.kind === 'redirect') return path === undefined ? action : { ...action, path };
  if (action.kind === 'unknown') return action;
  if (rule.timeouts?.request === undefined)
    return { kind: 'unknown', reason: 'without a timeout the implementation decides how long it waits' };
  if (rule.backendRefs?.some(({ kind }) => kind === 'Hostname') === true)
    return { kind: 'unknown', reason: 'a backend of kind Hostname is known to Istio only' };
  return path === undefined ? action : { ...action, path };
}

/** A GRPCRoute has neither timeouts nor paths. */
function ruleOf(
  resource: AnyResource,
  index: string | number | undefined,
): gateway.HTTPRouteRule | undefined {
  return resource.type === 'gateway.HTTPRoute' ? resource.spec.rules?.[Number(index)] : undefined;
}

/**
 * A prefix is replaced segment by segment, and a slash at its end does not count.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httppathmodifier
 */
function replacedPrefix({ filters = [] }: gateway.HTTPRouteRule, { path }: Match): PathChange | undefined {
  const modifiers = filters.flatMap(filter => {
    if (filter.type === 'URLRewrite') return filter.urlRewrite.path ?? [];
    return filter.type === 'RequestRedirect' ? (filter.requestRedirect.path ?? []) : [];
  });
  const modifier = modifiers.find(({ type }) => type === 'ReplacePrefixMatch');
  if (modifier?.type !== 'ReplacePrefixMatch') return undefined;
  const from = path.kind === 'segments' ? path.value : '';
  const to = modifier.replacePrefixMatch.replace(/\/$/, '');
  // An empty result becomes `/`; otherwise the rest of the path is appended unchanged.
  return to === '' ? { kind: 'root', prefix: from } : { kind: 'beginning', from, to };
}
