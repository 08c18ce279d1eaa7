import { ownValue } from '../yaml/own-value.ts';
/** A request as it reaches a proxy. */
export interface Request {
  readonly scheme: 'http' | 'https';
  /** The host the client asks for, without a port. */
  readonly host: string;
  /** The port the client connects to. */
  readonly port: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case; the pseudo-headers are not among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly queryParams: Readonly<Record<string, string>>;
}

/**
 * One thing about a request that a rule can ask for: `path`, `method`, `scheme`, `authority`, `header:NAME` (name in
 * lower case) or `query:NAME`.
 */
export type Dimension = string;

/** The known part of a request; `null` means that the header or the query parameter is absent. */
export type Probe = ReadonlyMap<Dimension, string | null>;

/** @returns the dimension a header matcher asks for: pseudo-headers and Host are dimensions of their own in Envoy too */
export function headerDimension(name: string): Dimension {
  const lower = name.toLowerCase();
  switch (lower) {
    case ':authority':
    case 'host':
      return 'authority';
    case ':method':
      return 'method';
    case ':scheme':
      return 'scheme';
    case ':path':
      return 'path';
    default:
      return `header:${lower}`;
  }
}

export function queryDimension(name: string): Dimension {
  return `query:${name}`;
}

/** Reads one dimension of a whole request. */
export function readDimension(request: Request, dimension: Dimension): string | null {
  switch (dimension) {
    case 'path':
      return request.path;
    case 'method':
      return request.method;
    case 'scheme':
      return schemeOf(request);
    case 'authority':
      return request.headers['host'] ?? request.host;
  }
  const name = dimension.slice(dimension.indexOf(':') + 1);
  const values = dimension.startsWith('header:') ? request.headers : request.queryParams;
  return ownValue(values, name) ?? null;
}

/**
 * The scheme that Envoy takes a request of HTTP/1.1 to have: what X-Forwarded-Proto says, else that of the connection. Where no
 * proxy is trusted, a gateway overwrites the header first.
 *
 * @see envoy/source/common/http/conn_manager_utility.cc, mutateRequestHeaders
 */
export function schemeOf({ headers, scheme }: Request): 'http' | 'https' {
  const said = ownValue(headers, 'x-forwarded-proto');
  return said === 'http' || said === 'https' ? said : scheme;
}

/** Where a request is sent that a probe describes; what the probe leaves open gets an inconspicuous value. */
export interface Address {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

/** @returns a request that answers as the probe does, and has nothing the probe did not ask for */
export function requestFrom(probe: Probe, address: Address): Request {
  const headers: Record<string, string> = {};
  const queryParams: Record<string, string> = {};
  for (const [dimension, value] of probe) {
    if (value === null) continue;
    if (dimension.startsWith('header:')) headers[dimension.slice('header:'.length)] = value;
    else if (dimension.startsWith('query:')) queryParams[dimension.slice('query:'.length)] = value;
  }
  const scheme = probe.get('scheme') ?? address.scheme;
  if (scheme !== address.scheme) headers['x-forwarded-proto'] = scheme;
  const authority = probe.get('authority') ?? address.host;
  return {
    scheme: address.scheme,
    host: address.host,
    port: address.port,
    method: probe.get('method') ?? 'GET',
    path: probe.get('path') ?? '/',
    headers: authority === address.host ? headers : { ...headers, host: authority },
    queryParams,
  };
}
