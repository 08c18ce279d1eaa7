import type * as istio from '../../../src/istio/index.ts';
import type { Random } from '../random.ts';

/** Paths that begin with each other, as strings and by segments, and some that do not. */
const paths = [
  '/',
  '/a',
  '/a/',
  '/ab',
  '/a/b',
  '/a/b/',
  '/a/b/c',
  '/api',
  '/api/v1',
  '/api/v1/',
  '/api/v1/users',
];
const pathRegexes = [
  '.*',
  '/.*',
  '/a.*',
  '/a/.*',
  '/(a|ab)',
  '/a?b',
  '/[^/]+',
  '/api/v[0-9]+/.*',
  '/api/.*/users',
  '^/a/b$',
  '/api(/.*)?',
  '(?i)/API/.*',
  '/a/\\d+',
];
const headerNames = ['x-user', 'x-version', 'cookie', 'X-Mixed-Case', 'end-user'];
const values = ['jason', 'v1', 'v2', 'v10', 'x y'];
const valueRegexes = ['.*', 'v[12]', '^(.*?;)?(user=jason)(;.*)?$', '.+', 'jason|v1', '(?i)JASON', 'v\\d+'];
const valuePrefixes = ['v', 'v1', 'ja'];
const parameters = ['q', 'page', 'debug'];

export function randomUri(random: Random): istio.StringMatch {
  const kind = random.pick(['exact', 'prefix', 'prefix', 'prefix', 'regex'] as const);
  if (kind === 'regex') return { regex: random.pick(pathRegexes) };
  return { [kind]: random.pick(paths) };
}

function randomString(random: Random): istio.StringMatch {
  const kind = random.pick(['exact', 'exact', 'exact', 'prefix', 'regex', 'present', 'empty'] as const);
  switch (kind) {
    case 'exact':
      return { exact: random.pick(values) };
    case 'prefix':
      return { prefix: random.pick(valuePrefixes) };
    case 'regex':
      return { regex: random.pick(valueRegexes) };
    case 'present':
      return {};
    case 'empty':
      return { exact: '' };
  }
}

function randomMethod(random: Random, exotic: number): istio.StringMatch {
  if (random.chance(exotic))
    return random.pick<istio.StringMatch>([{ exact: 'PURGE' }, { regex: 'P.*' }, { prefix: 'P' }]);
  return random.pick<istio.StringMatch>([
    { exact: 'GET' },
    { exact: 'POST' },
    { exact: 'DELETE' },
    { regex: 'GET|POST' },
  ]);
}

function randomRecord(names: readonly string[], random: Random): Readonly<Record<string, istio.StringMatch>> {
  const count = random.pick([1, 1, 1, 2]);
  return Object.fromEntries(
    Array.from({ length: count }, () => [random.pick(names), randomString(random)] as const),
  );
}

/** What the surroundings of a match offer. */
export interface MatchContext {
  /** How often things turn up that no route can say. */
  readonly exotic: number;
  readonly gateways: readonly string[];
  readonly ports: readonly number[];
  readonly namespaces: readonly string[];
}

export function randomMatch(random: Random, context: MatchContext): istio.HTTPMatchRequest {
  const match: istio.HTTPMatchRequest = {
    ...(random.chance(0.05) ? { name: `m${random.integer(1, 9)}` } : {}),
    ...(random.chance(0.85) ? { uri: randomUri(random) } : {}),
    ...(random.chance(0.15) ? { method: randomMethod(random, context.exotic) } : {}),
    ...(random.chance(0.3) ? { headers: randomRecord(headerNames, random) } : {}),
    ...(random.chance(0.06) ? { withoutHeaders: randomRecord(headerNames, random) } : {}),
    ...(random.chance(0.15) ? { queryParams: randomRecord(parameters, random) } : {}),
    ...(random.chance(0.03) ? { authority: randomAuthority(random) } : {}),
    ...randomScope(random, context),
  };
  if (Object.keys(match).length === 0) return { uri: randomUri(random) };
  return match.uri !== undefined && random.chance(0.05) ? { ...match, ignoreUriCase: true } : match;
}

function randomScope(
  random: Random,
  { gateways, ports, namespaces, exotic }: MatchContext,
): istio.HTTPMatchRequest {
  return {
    ...(random.chance(exotic / 3) ? { scheme: { exact: random.pick(['http', 'https']) } } : {}),
    ...(random.chance(0.06) && ports.length > 0 ? { port: random.pick([...ports, 4242]) } : {}),
    ...(random.chance(exotic / 2) ? { sourceLabels: { app: random.pick(['web', 'batch']) } } : {}),
    ...(random.chance(exotic / 3) ? { sourceNamespace: random.pick(namespaces) } : {}),
    ...(random.chance(0.06) && gateways.length > 1 ? { gateways: [random.pick(gateways)] } : {}),
  };
}

function randomAuthority(random: Random): istio.StringMatch {
  return random.pick<istio.StringMatch>([
    { exact: 'shop.example.com' },
    { exact: 'reviews' },
    { prefix: 'shop' },
    { regex: '.*example.*' },
  ]);
}
