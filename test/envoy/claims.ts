import type { Fields } from './fields.ts';
import type { EnvoyRequest } from './request.ts';
import type { Mention } from './route-match.ts';
import { readStringMatcher, type StringMatcher } from './string-matcher.ts';

/** A condition of a route. */
export interface Condition {
  readonly test: (request: EnvoyRequest) => boolean;
  readonly mention: Mention;
}

/**
 * A condition on what a JWT claims. The model takes claims for headers with the names that VirtualServices give them, so
 * a request has a claim where it has such a header.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/type/matcher/v3/metadata.proto
 */
export function readClaimMatcher(fields: Fields): Condition {
  fields.ignore('filter');
  const keys = fields.messages('path', part => part.text('key') ?? '').slice(1);
  const matcher = fields.message('value', readClaimValue);
  const invert = fields.flag('invert') ?? false;
  const test = ({ headers }: EnvoyRequest) => {
    const value = Object.entries(headers).find(([name]) => sameKeys(claimOf(name), keys))?.[1];
    return (value !== undefined && (matcher?.test(value) ?? false)) !== invert;
  };
  const mention = {
    of: `@request.auth.claims.${keys.join('.')}`,
    value: matcher?.value,
    isRegex: matcher?.isRegex ?? false,
  };
  return { test, mention };
}

/** A claim may be a text or a list of texts; one of two matchers is for each. */
function readClaimValue(fields: Fields): StringMatcher | undefined {
  const matchers = fields.message('orMatch', or => or.messages('valueMatchers', readClaimText)) ?? [];
  return matchers.find(matcher => matcher !== undefined);
}

function readClaimText(fields: Fields): StringMatcher | undefined {
  fields.ignore('listMatch');
  return fields.message('stringMatch', text => (text.isEmpty() ? undefined : readStringMatcher(text)));
}

/** `@request.auth.claims.a.b` and `@request.auth.claims[a][b]` are the same claim. */
function claimOf(header: string): readonly string[] | undefined {
  const prefix = '@request.auth.claims';
  if (!header.startsWith(prefix)) return undefined;
  return header
    .slice(prefix.length)
    .split(/[.[\]]/)
    .filter(key => key !== '');
}

function sameKeys(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.join('\0') === b.join('\0').toLowerCase();
}
