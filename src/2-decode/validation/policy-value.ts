import { ownValue } from '../../yaml/own-value.ts';
import { isIpAddress, isSubnet } from './ip-address.ts';

/** The fault of a value of a policy, in words that follow the value; undefined for nothing. */
export type Fault = (value: string) => string | undefined;

/**
 * Checks of the values of AuthorizationPolicies, as istiod makes them.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/security/security.go
 */
export const faultOfText: Fault = value => (value === '' ? 'is empty' : undefined);

/** An address, or a block of them. */
export const faultOfBlock: Fault = value =>
  isIpAddress(value) || isSubnet(value) ? undefined : 'is neither an IP address nor a block of them';

/** A port, written as a string; 0 will do. */
export const faultOfPort: Fault = value =>
  /^\d+$/.test(value) && Number(value) <= 65_535 ? undefined : 'is not a port number';

/** `NAME` or `NAMESPACE/NAME`. */
export const faultOfServiceAccount: Fault = value => {
  if (value.includes('*')) return 'has a wildcard, which service accounts cannot have';
  if (value.length > 320) return 'has more than 320 characters';
  const [first, second, ...more] = value.split('/');
  return more.length > 0 || first === '' || second === '' ? 'is neither NAME nor NAMESPACE/NAME' : undefined;
};

/** A star may stand for the beginning or the end, or for everything. */
export const faultOfWildcard: Fault = value => {
  if (value === '') return 'is empty';
  const stars = value.split('*').length - 1;
  if (stars > 1) return 'has more than one wildcard';
  return stars === 1 && !value.startsWith('*') && !value.endsWith('*')
    ? 'has a wildcard that is neither its beginning nor its end'
    : undefined;
};

export const faultOfTrustDomain: Fault = value =>
  faultOfWildcard(value) ??
  (value.includes('/') ? 'has a slash, which trust domains do not have' : undefined);

/** A path, or a template of paths: `{*}` is one part of it, and `{**}` the last ones. */
export const faultOfPath: Fault = value => {
  if (value === '') return 'is empty';
  const isTemplate = value.includes('{*}') || value.includes('{**}');
  let isOver = false;
  for (const part of value.replace(/^\/+|\/+$/g, '').split('/')) {
    if (part === '{*}' || part === '{**}') {
      if (isOver) return 'goes on after `{**}`';
      isOver = part === '{**}';
    } else if (/[{}]/.test(part)) return 'has braces that are neither `{*}` nor `{**}`';
    else if (isTemplate && !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(part))
      return `has a part beside its templates that is not plain text: \`${part}\``;
  }
  return undefined;
};

/** Conditions by name, and what their values have to be. */
const plainConditions: Readonly<Record<string, Fault>> = {
  'source.ip': faultOfBlock,
  'remote.ip': faultOfBlock,
  'destination.ip': faultOfBlock,
  'destination.port': faultOfPort,
  'source.namespace': faultOfText,
  'source.serviceAccount': faultOfServiceAccount,
  'source.principal': faultOfText,
  'source.trustDomain': faultOfWildcard,
  'request.auth.principal': faultOfText,
  'request.auth.audiences': faultOfText,
  'request.auth.presenter': faultOfText,
  'connection.sni': faultOfText,
};

/** Conditions on one of many, which is named in brackets. */
const mappedConditions = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'] as const;

/**
 * The check of the values of a condition.
 *
 * @returns a fault of the key itself as a text
 */
export function checkOfCondition(key: string): Fault | string {
  const plain = ownValue(plainConditions, key);
  if (plain !== undefined) return plain;
  if (!mappedConditions.some(prefix => key.startsWith(prefix))) return 'is not a condition of istiod';
  const open = key.indexOf('[');
  return key.endsWith(']') && open > 0 && open < key.length - 2 ? faultOfText : 'has to name one in brackets';
}

/** CUSTOM leaves these to the provider (istiod's validation lists them one by one). */
export function isBeyondCustom(key: string): boolean {
  return (
    ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'].includes(key) ||
    key.startsWith('request.auth.')
  );
}
