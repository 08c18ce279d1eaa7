import { hasPlaceholderInName } from './placeholder.ts';

/**
 * Host names as istiod admits them.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/validation/agent/validation.go (ValidateWildcardDomain)
 */

const label = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const wildcardLabel = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;

/** Tells whether a text is a DNS label in either case, as istiod wants it for namespaces, subsets and ports. */
export function isLabel(text: string): boolean {
  return hasPlaceholderInName(text) || (text.length <= LONGEST_LABEL && label.test(text));
}

/** @returns why a text is no domain name, undefined when it is one; a dot at the end is no fault */
export function faultOfDomain(domain: string): string | undefined {
  return hasPlaceholderInName(domain) ? undefined : (faultOfLength(domain) ?? faultOfLabels(domain));
}

/** @returns why a text is neither a domain name nor one whose first label begins with `*` */
export function faultOfWildcardDomain(domain: string): string | undefined {
  if (hasPlaceholderInName(domain)) return undefined;
  const fault = faultOfLength(domain);
  if (fault !== undefined) return fault;
  const dot = domain.indexOf('.');
  const first = dot === -1 ? domain : domain.slice(0, dot);
  if (first.length > LONGEST_LABEL || !wildcardLabel.test(first)) return faultOfLabel(first);
  return dot === -1 ? undefined : faultOfLabels(domain.slice(dot + 1));
}

function faultOfLength(domain: string): string | undefined {
  if (domain === '') return 'it is empty';
  return domain.length > LONGEST_NAME ? `it is longer than ${LONGEST_NAME} characters` : undefined;
}

function faultOfLabels(domain: string): string | undefined {
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  // Go's Atoi fails on more digits than these, and the label then is a label like others.
  if (/^[0-9]{1,18}$/.test(last)) return `its last label \`${last}\` is a number`;
  const wrong = labels.findIndex(
    (part, index) => !isLabel(part) && !(part === '' && index === labels.length - 1),
  );
  return wrong === -1 ? undefined : faultOfLabel(labels[wrong] ?? '');
}

function faultOfLabel(text: string): string {
  if (text === '') return 'it has an empty label, two dots in a row';
  if (text.length > LONGEST_LABEL) return `its label \`${text}\` is longer than ${LONGEST_LABEL} characters`;
  return `\`${text}\` is not a DNS label`;
}

/**
 * Tells whether two hosts have names in common, a `*` at the front standing for any beginning.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/config/host/name.go (Matches)
 */
export function hostsOverlap(a: string, b: string): boolean {
  if (a.startsWith('*') && b.startsWith('*'))
    return a.slice(1).endsWith(b.slice(1)) || b.slice(1).endsWith(a.slice(1));
  if (a.startsWith('*')) return b.endsWith(a.slice(1));
  return b.startsWith('*') ? a.endsWith(b.slice(1)) : a === b;
}

/** Tells whether every name that a host stands for is one that another stands for. */
export function isSubsetOf(host: string, other: string): boolean {
  if (host.startsWith('*'))
    return other.startsWith('*') && host.length >= other.length && host.slice(1).endsWith(other.slice(1));
  return other.startsWith('*') ? host.endsWith(other.slice(1)) : host === other;
}
