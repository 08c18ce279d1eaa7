import { placeOf } from './2-decode/place-of.ts';
import type { Resource } from './2-decode/resource.ts';
import type { Location } from './diagnostics/diagnostic.ts';
import type { locator } from './diagnostics/locate.ts';
import { type ResourceRef, refOf } from './diagnostics/resource-ref.ts';
import type { RuleOrigin } from './semantics/rule.ts';
import { type FieldPath, formatFieldPath } from './yaml/source.ts';

/** The outcome of a request or a connection, and the rule that decides it. */
export interface Decided {
  readonly outcome: string;
  /** Undefined where no rule takes the request. */
  readonly rule: DecidingRule | undefined;
}

export interface DecidingRule {
  readonly resource: ResourceRef;
  /** For example `spec.http[2].match[0]`. */
  readonly path: string;
  readonly location: Location | undefined;
  /** For an entry of a delegate: the one that delegates to it. */
  readonly root?: DecidingRule;
  /** For a rule that a conversion would write: what it would be written for. */
  readonly from?: Omit<DecidingRule, 'from'>;
}

/** @returns the rule that takes a request, with its place in the manifests */
export function ruleOf(
  rule: { readonly origin: RuleOrigin } | undefined,
  locate: ReturnType<typeof locator>,
): DecidingRule | undefined {
  return rule === undefined ? undefined : decidingRule(rule.origin, locate);
}

/** @returns the object and the field of a rule, without its place in a file */
export function ruleRefOf({
  origin,
}: {
  readonly origin: RuleOrigin;
}): Pick<DecidingRule, 'resource' | 'path'> {
  return { resource: refOf(origin.resource), path: formatFieldPath(fieldOf(origin)) };
}

function decidingRule(origin: RuleOrigin, locate: ReturnType<typeof locator>): DecidingRule {
  const { resource, root } = origin;
  const field = fieldOf(origin);
  return {
    resource: refOf(resource),
    path: formatFieldPath(field),
    location: resource.source === undefined ? undefined : locate(placeOf(resource, ...field)),
    ...(root === undefined ? {} : { root: decidingRule(root, locate) }),
  };
}

/** A rule of a route without matches has one by default, which nobody wrote. */
function fieldOf({ resource, path, match }: RuleOrigin): FieldPath {
  const matches = resource.type === 'istio.VirtualService' ? 'match' : 'matches';
  const field = [...path, matches, match ?? 0];
  return match !== undefined && isWritten(resource, field) ? field : path;
}

function isWritten(resource: Resource, field: FieldPath): boolean {
  let value: unknown = resource;
  for (const part of field) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value !== undefined;
}
