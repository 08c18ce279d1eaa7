import type { Request } from '../../src/semantics/request.ts';
import type { Mention } from '../envoy/route-match.ts';

/** A rule of Traefik, read. */
export interface TraefikRule {
  readonly takes: (request: Request) => boolean;
  readonly mentions: readonly Mention[];
}

/**
 * Reads a rule of a router, as ``Host("a") && (Path("/b") || PathPrefix("/b/"))``.
 *
 * @throws Error for a matcher that the provider for the Gateway API does not write
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
 */
export function readRule(text: string): TraefikRule {
  const tokens = tokensOf(text);
  let next = 0;
  const accept = (token: string): boolean => {
    if (tokens[next] !== token) return false;
    next += 1;
    return true;
  };
  const expect = (token: string): void => {
    if (!accept(token)) throw new Error(`rule ${text}: ${token} expected, ${tokens[next]} found`);
  };
  const either = (): TraefikRule => {
    const parts = [both()];
    while (accept('||')) parts.push(both());
    return joined(parts, request => parts.some(({ takes }) => takes(request)));
  };
  const both = (): TraefikRule => {
    const parts = [one()];
    while (accept('&&')) parts.push(one());
    return joined(parts, request => parts.every(({ takes }) => takes(request)));
  };
  const one = (): TraefikRule => {
    if (accept('(')) {
      const inner = either();
      expect(')');
      return inner;
    }
    const name = tokens[next] ?? '';
    next += 1;
    expect('(');
    const values = [];
    do {
      values.push(JSON.parse(tokens[next] ?? '') as string);
      next += 1;
    } while (accept(','));
    expect(')');
    return matcherOf(name, values[0] ?? '', values[1] ?? '');
  };
  const rule = either();
  if (next !== tokens.length) throw new Error(`rule ${text}: ${tokens[next]} is left over`);
  return rule;
}

function tokensOf(text: string): readonly string[] {
  const token = / *("(?:[^"\\]|\\.)*"|&&|\|\||[(),]|\w+)/y;
  const tokens: string[] = [];
  while (token.lastIndex < text.length) {
    const from = token.lastIndex;
    const found = token.exec(text)?.[1];
    if (found === undefined) throw new Error(`rule ${text}: nothing known at ${from}`);
    tokens.push(found);
  }
  return tokens;
}

function joined(parts: readonly TraefikRule[], takes: TraefikRule['takes']): TraefikRule {
  return { takes, mentions: parts.flatMap(({ mentions }) => mentions) };
}

/** @see traefik/pkg/muxer/http/matcher.go */
function matcherOf(name: string, first: string, second: string): TraefikRule {
  switch (name) {
    case 'Host':
      return { takes: ({ host }) => host.toLowerCase() === first.toLowerCase(), mentions: [] };
    case 'HostRegexp': {
      const expression = goRegExp(first);
      return { takes: ({ host }) => expression.test(host.toLowerCase()), mentions: [] };
    }
    case 'Path':
      return { takes: ({ path }) => routingPath(path) === first, mentions: [mention('path', first)] };
    case 'PathPrefix':
      return {
        takes: ({ path }) => routingPath(path).startsWith(first),
        mentions: [mention('path', first)],
      };
    case 'PathRegexp': {
      const expression = goRegExp(first);
      return {
        takes: ({ path }) => expression.test(routingPath(path)),
        mentions: [mention('path', first, true)],
      };
    }
    case 'Method':
      return { takes: ({ method }) => method === first.toUpperCase(), mentions: [mention(':method', first)] };
    case 'Header':
    case 'HeaderRegexp':
      return ofValue(name === 'HeaderRegexp', first.toLowerCase(), second, ({ headers }) => headers);
    case 'Query':
    case 'QueryRegexp':
      return ofValue(name === 'QueryRegexp', `?${first}`, second, ({ queryParams }) => queryParams);
    default:
      throw new Error(`rule with ${name}: nobody reads it`);
  }
}

function ofValue(
  isRegex: boolean,
  of: string,
  value: string,
  valuesOf: (request: Request) => Readonly<Record<string, string>>,
): TraefikRule {
  const expression = isRegex ? goRegExp(value) : undefined;
  const name = of.replace(/^\?/, '');
  return {
    takes: request => {
      const values = valuesOf(request);
      const found = Object.hasOwn(values, name) ? values[name] : undefined;
      return found !== undefined && (expression?.test(found) ?? found === value);
    },
    mentions: [mention(of, value, isRegex)],
  };
}

/** An expression of Go, whose flags may stand in front. */
function goRegExp(source: string): RegExp {
  const isAnyCase = source.startsWith('(?i)');
  return new RegExp(isAnyCase ? source.slice('(?i)'.length) : source, isAnyCase ? 'i' : '');
}

function mention(of: string, value: string, isRegex = false): Mention {
  return { of, value, isRegex };
}

/** The path with the escapes of all but reserved characters decoded (traefik/pkg/muxer/http/mux.go, withRoutingPath). */
function routingPath(path: string): string {
  return path.replace(/(%[0-9A-Fa-f]{2})+/g, escapes =>
    Buffer.from(
      escapes.replace(/%(..)/g, (whole, hex: string) =>
        reserved.has(whole) ? Buffer.from(whole).toString('hex') : hex,
      ),
      'hex',
    ).toString(),
  );
}

const reserved: ReadonlySet<string> = new Set(
  [...`:/?#[]@!$&'()*+,;=%`].map(one => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`),
);
