import type { HeaderEffect, HeaderEffects } from '../../src/semantics/header-effect.ts';
import type { ChosenDestination, Outcome } from '../../src/semantics/outcome.ts';
import type { Request } from '../../src/semantics/request.ts';
import type { Sample } from './sample.ts';
import { readRule } from './traefik-rule.ts';
import type { AnswerOfAny, Translated } from './translated.ts';

/** What the provider of Traefik writes for a sample. */
export interface TraefikAnswer extends AnswerOfAny {
  readonly routers: Readonly<Record<string, Router>>;
  readonly middlewares: Readonly<Record<string, Middleware>>;
  readonly services: Readonly<Record<string, Service>>;
}

interface Router {
  readonly rule: string;
  readonly priority?: number;
  readonly middlewares?: readonly string[];
  readonly service: string;
}

interface Service {
  readonly middlewares: readonly string[];
  /** URLs. */
  readonly servers: readonly string[];
  /** Null where the service has servers. */
  readonly weighted:
    | readonly { readonly name: string; readonly weight: number; readonly status: number }[]
    | null;
}

interface Modifier {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

interface PathChange {
  readonly hostname?: string;
  readonly path?: string;
  readonly pathPrefix?: string;
}

interface Middleware {
  readonly requestHeaderModifier?: Modifier;
  readonly responseHeaderModifier?: Modifier;
  readonly URLRewrite?: PathChange;
  readonly requestRedirect?: PathChange & {
    readonly scheme?: string;
    readonly port?: string;
    readonly statusCode: number;
  };
}

/** The router of the highest priority that takes a request has it; equal ones go by name. */
export function readTraefik(answer: TraefikAnswer, sample: Sample): Translated {
  const routers = Object.entries(answer.routers)
    .map(([name, router]) => ({ name, router, priority: router.priority ?? 0, rule: readRule(router.rule) }))
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  const mentions = routers.flatMap(({ rule }) => rule.mentions);
  return {
    mentions: () => mentions,
    outcome: request => {
      const seen = seenByRouters(request);
      const taking = routers.find(({ rule }) => rule.takes(seen));
      return taking === undefined ? { kind: 'no-route' } : outcomeOf(taking.router, answer, sample, request);
    },
  };
}

/** An entry point writes the scheme of the connection (traefik/pkg/middlewares/forwardedheaders). */
function seenByRouters(request: Request): Request {
  return { ...request, headers: { ...request.headers, 'x-forwarded-proto': request.scheme } };
}

function outcomeOf(
  { middlewares = [], service }: Router,
  answer: TraefikAnswer,
  sample: Sample,
  request: Request,
): Outcome {
  const chain = middlewares.map(name => middlewareOf(answer, name));
  let { path } = request;
  for (const { requestRedirect, URLRewrite: urlRewrite } of chain) {
    if (urlRewrite !== undefined) path = changed(path, urlRewrite);
    if (requestRedirect === undefined) continue;
    const { scheme, hostname, port, statusCode } = requestRedirect;
    return {
      kind: 'redirect',
      status: statusCode,
      scheme: scheme ?? request.scheme,
      host: hostname,
      // The Host of the requests has no port that could be kept.
      port: port ? Number(port) : hostname === undefined ? 'keep' : 'default',
      path: changed(path, requestRedirect),
    };
  }
  const parts = (answer.services[service]?.weighted ?? []).filter(({ weight }) => weight > 0);
  const [first] = parts;
  // Nothing to choose from is no available server (traefik/pkg/server/service/loadbalancer/wrr).
  if (first === undefined) return { kind: 'response', status: 503, body: '' };
  if (parts.every(({ status }) => status > 0)) return { kind: 'response', status: first.status, body: '' };
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const ways = parts.map(part => {
    const own = (answer.services[part.name]?.middlewares ?? []).map(name => middlewareOf(answer, name));
    return {
      part,
      all: [...chain, ...own],
      path: own.reduce(
        (before, { URLRewrite: urlRewrite }) =>
          urlRewrite === undefined ? before : changed(before, urlRewrite),
        path,
      ),
    };
  });
  const paths = [...new Set(ways.map(way => way.path))];
  if (paths.length > 1) return { kind: 'unknown', reason: `paths ${paths.join()}` };
  return {
    kind: 'forward',
    destinations: ways.map(({ part, all }): ChosenDestination => {
      const [server] = answer.services[part.name]?.servers ?? [];
      const backend = part.status > 0 || server === undefined ? 'nobody' : nameOf(server, sample);
      return {
        backend,
        label: backend,
        weight: part.weight,
        total,
        authority: authorityOf(all),
        requestHeaders: effectsOf(all.map(({ requestHeaderModifier }) => requestHeaderModifier)),
        // A response meets the inner middleware first.
        responseHeaders: effectsOf(all.map(({ responseHeaderModifier }) => responseHeaderModifier).reverse()),
        trafficPolicy: '',
      };
    }),
    path: paths[0] ?? path,
    mirrors: [],
    timeout: 0,
    retries: '',
    cors: '',
    fault: '',
  };
}

function middlewareOf({ middlewares }: TraefikAnswer, name: string): Middleware {
  const found = middlewares[name];
  if (found === undefined) throw new Error(`no middleware ${name}`);
  return found;
}

/**
 * The rest of the path stays as it is, and the value gets the escapes of Go's net/url; a redirect does the same.
 *
 * @see traefik/pkg/middlewares/gatewayapi/urlrewrite/url_rewrite.go
 */
function changed(before: string, { path, pathPrefix }: PathChange): string {
  if (path === undefined) return before;
  const written = path.replace(/[^\w.~$&+,/:;=@-]/g, escapeOf);
  if (pathPrefix === undefined) return written;
  const prefix = pathPrefix.replace(/\/$/, '');
  const tail = before.startsWith(prefix) ? before.slice(prefix.length) : before;
  const segments: string[] = [];
  for (const segment of `${written}/${tail}`.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const clean = `/${segments.join('/')}`;
  return tail.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

function escapeOf(sign: string): string {
  return [...Buffer.from(sign)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** The Host that a chain of middlewares writes; the last one counts. */
function authorityOf(chain: readonly Middleware[]): string | undefined {
  return chain
    .flatMap(({ URLRewrite: urlRewrite, requestHeaderModifier }) => [
      urlRewrite?.hostname,
      Object.entries(requestHeaderModifier?.set ?? {}).find(([name]) => name.toLowerCase() === 'host')?.[1],
    ])
    .findLast(host => host !== undefined);
}

/** Each of them sets, then adds, then removes (traefik/pkg/middlewares/gatewayapi/headermodifier). */
function effectsOf(modifiers: readonly (Modifier | undefined)[]): HeaderEffects {
  const effects = new Map<string, HeaderEffect>();
  for (const { set = {}, add = {}, remove = [] } of modifiers.flatMap(one => one ?? [])) {
    for (const [name, value] of Object.entries(set))
      if (name.toLowerCase() !== 'host') effects.set(name.toLowerCase(), { keep: false, values: [value] });
    for (const [name, value] of Object.entries(add)) {
      const before = effects.get(name.toLowerCase()) ?? { keep: true, values: [] };
      effects.set(name.toLowerCase(), { ...before, values: [...before.values, value] });
    }
    for (const name of remove) effects.set(name.toLowerCase(), { keep: false, values: [] });
  }
  return Object.fromEntries([...effects].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(url: string, { services }: Sample): string {
  const { hostname, port } = new URL(url);
  return `${services.get(hostname) ?? hostname}:${port === '' ? 80 : port}`;
}
