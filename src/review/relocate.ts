import type { Decided, DecidingRule } from '../deciding-rule.ts';
import type { Location } from '../diagnostics/diagnostic.ts';
import type { Side } from '../verify/presence.ts';
import type { Verification } from '../verify/verify.ts';

/** Says where the text is that a place in a built overlay comes from; undefined leaves the place as it is. */
export type Relocate = (
  side: Side,
  rule: Pick<DecidingRule, 'resource' | 'path'>,
  location: Location,
) => Location | undefined;

/** Replaces places in built overlays by places in the files that people wrote. */
export function relocated(verification: Verification, relocate: Relocate): Verification {
  const ruleOf = (side: Side, rule: DecidingRule): DecidingRule => {
    const { location, root } = rule;
    const found = location === undefined ? undefined : relocate(side, rule, location);
    return {
      ...rule,
      ...(found === undefined ? {} : { location: found }),
      ...(root === undefined ? {} : { root: ruleOf(side, root) }),
    };
  };
  const decided = (side: Side, one: Decided): Decided =>
    one.rule === undefined ? one : { ...one, rule: ruleOf(side, one.rule) };
  const moved = <C extends { readonly example: { readonly before: Decided; readonly after: Decided } }>(
    cause: C,
  ): C => ({
    ...cause,
    example: {
      ...cause.example,
      before: decided('before', cause.example.before),
      after: decided('after', cause.example.after),
    },
  });
  return {
    ...verification,
    causes: verification.causes.map(moved),
    connectionCauses: verification.connectionCauses.map(moved),
    missing: distinct(
      verification.missing.map(object => {
        const { location, ...namer } = object.namedBy;
        if (location === undefined) return object;
        const side = object.sides[0] ?? 'after';
        const found = relocate(side, { resource: namer, path: 'metadata.name' }, location);
        return found === undefined ? object : { ...object, namedBy: { ...namer, location: found } };
      }),
    ),
  };
}

/** Objects that several environments name are in one file. */
function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()];
}
