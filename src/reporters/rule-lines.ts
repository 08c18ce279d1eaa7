import type { DecidingRule } from '../deciding-rule.ts';
import type { Palette } from '../print/palette.ts';
import { visible } from '../print/visible.ts';
import { formatLocation } from './code-frame.ts';

/** @returns a rule with its place, for people: `VirtualService shop/reviews, spec.http[1] (shop.yaml:9:5)` */
export function describeRule(rule: DecidingRule | undefined, palette: Palette): string {
  if (rule === undefined) return 'no rule';
  const { location, root, from } = rule;
  const said = nameOf(rule);
  const source = from === undefined ? '' : `, from ${describeRule(from, palette)}`;
  const delegator = root === undefined ? '' : `, a delegate of ${describeRule(root, palette)}`;
  return `${location === undefined ? said : `${said} ${placeOf(location, palette)}`}${source}${delegator}`;
}

function nameOf({
  resource: { kind, namespace, name },
  path,
}: Pick<DecidingRule, 'resource' | 'path'>): string {
  return visible(`${kind} ${namespace}/${name}, ${path}`);
}

function placeOf(location: NonNullable<DecidingRule['location']>, palette: Palette): string {
  return palette.faint(`(${formatLocation(location)})`);
}
