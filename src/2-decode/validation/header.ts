import { hasPlaceholder } from './placeholder.ts';

const headerName = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
const pseudoHeaders = [':method', ':scheme', ':authority', ':path', ':status'];

/**
 * @returns why istiod refuses to match on a header of this name, undefined when it does not
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/validation.go (ValidateHTTPHeaderNameOrJwtClaimRoute)
 */
export function faultOfMatchedHeader(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (hasPlaceholder(name) || isJwtClaim(name) || pseudoHeaders.includes(name) || headerName.test(name))
    return undefined;
  return 'it has characters that no header name has';
}

/** Tells whether a "header" is a claim of a token: `@request.auth.claims.sub` or `@request.auth.claims[sub]`. */
export function isJwtClaim(name: string): boolean {
  return /^@request\.auth\.claims(?:\..+|\[.+\])$/is.test(name);
}

/** @returns why CORS has no header of this name; `*` is every header */
export function faultOfCorsHeader(name: string): string | undefined {
  if (name === '') return 'it is empty';
  return hasPlaceholder(name) || headerName.test(name)
    ? undefined
    : 'it has characters that no header name has';
}

/**
 * @param authority whether the host may be set here, as it may in requests
 * @returns why istiod refuses to set, add or remove a header of this name
 */
export function faultOfChangedHeader(name: string, authority: boolean): string | undefined {
  if (name === '') return 'it is empty';
  if (isAuthority(name)) return authority ? undefined : 'the host is set in requests only, by `set` or `add`';
  return name.startsWith(':') ? 'pseudo-headers cannot be changed' : undefined;
}

/** Tells whether a header is what HTTP/2 calls the authority. */
export function isAuthority(name: string): boolean {
  return /^(?::authority|host)$/i.test(name);
}
