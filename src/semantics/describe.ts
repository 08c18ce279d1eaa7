import type { Outcome } from './outcome.ts';
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
    ([name, value]) => `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`,
  );
  return ['curl', ...(method === 'GET' ? [] : ['-X', method]), ...sent, quote(url)].join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Writes an outcome in a few words. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'no-route':
      return '404, no rule takes it';
    case 'unknown':
      return `not promised (${outcome.reason})`;
    case 'response':
      return `answered with ${outcome.status}`;
    case 'redirect': {
      const port = typeof outcome.port === 'number' ? `:${outcome.port}` : '';
      return `redirected with ${outcome.status} to ${outcome.scheme ?? ''}://${outcome.host ?? 'the same host'}${port}${outcome.path}`;
    }
    case 'forward': {
      const destinations = outcome.destinations.map(({ label, weight, total }) =>
        weight === total ? label : `${label} (${Math.round((100 * weight) / total)} %)`,
      );
      const extras = [
        ...(outcome.mirrors.length > 0 ? [`${outcome.mirrors.length} mirrors`] : []),
        ...(outcome.timeout > 0 ? [`timeout ${outcome.timeout} ms`] : []),
        ...(outcome.fault === '' ? [] : ['a fault']),
      ];
      return `to ${destinations.join(', ') || 'nobody'} as ${outcome.path}${extras.length === 0 ? '' : ` with ${extras.join(', ')}`}`;
    }
  }
}
