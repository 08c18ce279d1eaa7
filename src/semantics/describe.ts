import { alwaysQuoted } from '../diagnostics/shell-word.ts';
import { isMissing } from './backend.ts';
import type { HeaderEffects } from './header-effect.ts';
import { describeTls } from './listener-tls.ts';
import type { Aspect, Forwarded, Outcome } from './outcome.ts';
import { corsWords, faultWords } from './policy-words.ts';
import type { Request } from './request.ts';

/** Writes a request as people point at one: `GET reviews:9080/reviews/1?v=2 with x-user: jason`. */
export function describeRequest({ method, scheme, host, port, path, headers, queryParams }: Request): string {
  const query = Object.entries(queryParams)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const usual = (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443);
  const url = `${scheme === 'https' ? 'https://' : ''}${host}${usual ? '' : `:${port}`}${path}${query === '' ? '' : `?${query}`}`;
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value === '' ? '""' : value}`);
  return `${method} ${url}${sent.length === 0 ? '' : ` with ${sent.join(', ')}`}`;
}

/** Writes a request as a curl command. */
export function curlOf({ method, scheme, host, port, path, headers, queryParams }: Request): string {
  const query = Object.entries(queryParams)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  const usual = (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443);
  const url = `${scheme}://${host}${usual ? '' : `:${port}`}${path}${query === '' ? '' : `?${query}`}`;
  const sent = Object.entries(headers).map(
    ([name, value]) => `-H ${alwaysQuoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
  );
  return ['curl', ...(method === 'GET' ? [] : ['-X', method]), ...sent, alwaysQuoted(url)].join(' ');
}

/**
 * Writes an outcome as the words that follow "the request": `goes to reviews:9080 with path /, timeout 500 ms`.
 *
 * @param aspects what has to be told of it, since another outcome differs in it
 */
export function describeOutcome(
  outcome: Outcome & { readonly tls?: string | undefined },
  aspects: readonly Aspect[] = [],
): string {
  const said = describeKind(outcome, aspects);
  return aspects.includes('tls') ? `${said}, behind ${describeTls(outcome.tls)}` : said;
}

function describeKind(outcome: Outcome, aspects: readonly Aspect[]): string {
  switch (outcome.kind) {
    case 'no-route':
      return 'gets 404, because no rule matches it';
    case 'unknown':
      return `has no certain outcome: ${outcome.reason}`;
    case 'response': {
      const body = aspects.includes('response') && outcome.body !== '' ? ` with body ${outcome.body}` : '';
      return `gets ${outcome.status}${body}`;
    }
    case 'redirect': {
      const port = typeof outcome.port === 'number' ? `:${outcome.port}` : '';
      const kept = aspects.includes('redirect') && outcome.port === 'keep' ? ' and port' : '';
      return `is redirected with ${outcome.status} to ${outcome.scheme ?? ''}://${outcome.host ?? `the same host${kept}`}${port}${outcome.path}`;
    }
    case 'forward':
      return describeForward(outcome, aspects);
  }
}

function describeForward(outcome: Forwarded, aspects: readonly Aspect[]): string {
  const { destinations, path, mirrors, timeout, fault } = outcome;
  const named = destinations.map(({ label, weight, total }) =>
    weight === total ? label : `${label} (${Math.round((100 * weight) / total)} %)`,
  );
  const [sole] = destinations;
  if (sole !== undefined && isMissing(sole.backend) && sole.weight === sole.total)
    return `gets ${sole.label}`;
  const usual = [
    ...(mirrors.length > 0 && !aspects.includes('mirrors')
      ? [`${mirrors.length} mirror${mirrors.length === 1 ? '' : 's'}`]
      : []),
    ...(timeout > 0 && !aspects.includes('timeout') ? [`timeout ${timeout} ms`] : []),
    ...(fault === '' || aspects.includes('fault') ? [] : ['a fault']),
  ];
  const told = [...usual, ...aspects.flatMap(aspect => describeAspect(outcome, aspect))];
  return `goes to ${named.join(', ') || 'no destination'} with ${[`path ${path}`, ...told].join(', ')}`;
}

/** One aspect in full; those that the short form tells of have nothing to add. */
export function describeAspect(outcome: Forwarded, aspect: Aspect): readonly string[] {
  const { destinations, mirrors, timeout, retries, cors, fault } = outcome;
  switch (aspect) {
    case 'mirrors':
      return mirrors.length === 0 ? ['no mirror'] : mirrors.map(describeMirror);
    case 'timeout':
      return [timeout > 0 ? `timeout ${timeout} ms` : 'no timeout'];
    case 'retries':
      return [describeRetries(retries)];
    case 'cors':
      return corsWords(cors);
    case 'fault':
      return faultWords(fault);
    case 'authority':
      return destinations.map(({ authority }) =>
        authority === undefined ? 'host unchanged' : `host ${authority}`,
      );
    case 'requestHeaders':
      return destinations.map(({ requestHeaders }) => `request headers ${describeHeaders(requestHeaders)}`);
    case 'responseHeaders':
      return destinations.map(
        ({ responseHeaders }) => `response headers ${describeHeaders(responseHeaders)}`,
      );
    case 'trafficPolicy':
      return destinations.map(({ trafficPolicy }) => `trafficPolicy ${trafficPolicy}`);
    case 'nextHop':
      return [...destinations, ...(outcome.mirrorHops ?? [])].map(({ nextHop }) =>
        nextHop ? `next hop a gateway that serves ${nextHop}` : 'no gateway that serves the host',
      );
    default:
      return [];
  }
}

/** A mirror is the canonical text of its pods, whether they exist, and its share in millionths. */
function describeMirror(mirror: string): string {
  const [key, missing, millionths, settings] = JSON.parse(mirror) as readonly [
    string,
    string,
    number,
    string,
  ];
  const share = `${millionths / 10_000} %`;
  if (missing !== '') return `a mirror of ${share} to nothing`;
  const [namespace, labels, port] = JSON.parse(key) as readonly [string, Record<string, string>, unknown];
  const pods = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const where = pods.length === 0 ? namespace : `${pods.join(', ')} in ${namespace}`;
  const policy = settings === '{}' ? '' : `, trafficPolicy ${settings}`;
  return `a mirror of ${share} to ${where}, port ${String(port)}${policy}`;
}

function describeRetries(retries: string): string {
  if (retries === 'none') return 'no retries';
  const { attempts, on, codes, ...rest } = JSON.parse(retries) as {
    readonly attempts: number;
    readonly on: readonly string[];
    readonly codes: readonly number[];
  };
  const others = Object.entries(rest)
    .filter(([name, value]) => !(name === 'previousHosts' && value === true))
    .map(([name, value]) => `${name} ${String(value)}`);
  return [
    `${attempts} ${attempts === 1 ? 'retry' : 'retries'} on ${[...on, ...codes].join(' ')}`,
    ...others,
  ].join('; ');
}

function describeHeaders(effects: HeaderEffects): string {
  const said = Object.entries(effects).map(([name, { keep, values }]) =>
    values.length === 0
      ? `without ${name}`
      : keep
        ? `with ${values.join(', ')} added to ${name}`
        : `with ${name}: ${values.join(', ')}`,
  );
  return said.length === 0 ? 'unchanged' : said.join('; ');
}
