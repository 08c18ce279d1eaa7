import { type Request, schemeOf } from '../../src/semantics/request.ts';

/** A request as Envoy sees it. */
export interface EnvoyRequest {
  readonly scheme: string;
  /** Which virtual host takes it is decided by this name. */
  readonly host: string;
  /** What `:authority` holds. */
  readonly authority: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly queryParams: Readonly<Record<string, string>>;
}

/**
 * @param request in the terms of the model: the virtual host is chosen by the host that the client asks for, also where
 * its `Host` header says something else, as at a waypoint
 * @param proxy what it reaches; a gateway adds X-Forwarded-Proto where it is missing, and is sent no other than http or https
 */
export function toEnvoyRequest(request: Request, proxy?: string): EnvoyRequest {
  const { host, method, path, headers, queryParams } = request;
  const scheme = schemeOf(request);
  const { host: authority = host, ...given } = headers;
  const others = proxy === 'gateway' ? { ...given, 'x-forwarded-proto': scheme } : given;
  const query = Object.entries(queryParams)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return { scheme, host, authority, method, path, query, headers: others, queryParams };
}

/** @returns the value of a header or pseudo-header, undefined when the request has none */
export function headerOf(request: EnvoyRequest, name: string): string | undefined {
  switch (name.toLowerCase()) {
    // Envoy keeps Host as :authority (http/header_map_impl).
    case 'host':
    case ':authority':
      return request.authority;
    case ':method':
      return request.method;
    case ':scheme':
      return request.scheme;
    case ':path':
      return request.query === '' ? request.path : `${request.path}?${request.query}`;
  }
  return request.headers[name.toLowerCase()];
}
