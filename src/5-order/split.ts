import type { ArrangedRule } from './rules.ts';

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec and the CRD's CEL rules */
const limits = { rules: 16, matchesOfRule: 64, matches: 128 } as const;

/** A rule has more matches than one HTTPRoute may have in one rule: it becomes several rules. */
function splitMatches(arranged: ArrangedRule): readonly ArrangedRule[] {
  const matches = arranged.rule.matches ?? [];
  if (matches.length <= limits.matchesOfRule) return [arranged];
  const parts = Math.ceil(matches.length / limits.matchesOfRule);
  return Array.from({ length: parts }, (_, part) => {
    const { name } = arranged.rule;
    const [from, to] = [part * limits.matchesOfRule, (part + 1) * limits.matchesOfRule];
    return {
      ...arranged,
      writtenAt: arranged.writtenAt.slice(from, to),
      rule: {
        ...arranged.rule,
        ...(name === undefined || part === 0 ? {} : { name: `${name}-part-${part + 1}` }),
        matches: matches.slice(from, to),
      },
    };
  });
}

/**
 * Distributes rules over as few routes as the limits allow, in their order. All routes of one parent are sorted together,
 * so that only ties depend on the split, and those go by the routes' names (mergeHTTPRoutes).
 */
export function splitRules(rules: readonly ArrangedRule[]): readonly (readonly ArrangedRule[])[] {
  const routes: ArrangedRule[][] = [[]];
  let matches = 0;
  for (const arranged of rules.flatMap(splitMatches)) {
    const own = arranged.rule.matches?.length ?? 1;
    const current = routes.at(-1);
    if (current !== undefined && current.length < limits.rules && matches + own <= limits.matches) {
      current.push(arranged);
      matches += own;
    } else {
      routes.push([arranged]);
      matches = own;
    }
  }
  return routes;
}
