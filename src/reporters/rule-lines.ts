import type { DecidingRule } from '../deciding-rule.ts';
import { formatLocation } from './code-frame.ts';
import type { Palette } from './palette.ts';
import { visible } from './visible.ts';

/** @returns a rule with its place, for people: `VirtualService shop/reviews, spec.http[1] (shop.yaml:9:5)` */
export function describeRule(rule: DecidingRule | undefined, palette: Palette): string {
  if (rule === undefined) return 'no rule';
  const { resource, path, location, from } = rule;
  const { kind, namespace, name } = resource;
  const said = visible(`${kind} ${namespace}/${name}, ${path}`);
  if (location !== undefined) return `${said} ${palette.faint(`(${formatLocation(location)})`)}`;
  if (from?.location === undefined) return said;
  return `${said}, from ${visible(from.path)} ${palette.faint(`(${formatLocation(from.location)})`)}`;
}
