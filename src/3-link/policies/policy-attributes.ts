import type {
  AuthorizationCondition,
  AuthorizationOperation,
  AuthorizationRule,
  AuthorizationSource,
} from '../../istio/security.ts';
import { ownValue } from '../../yaml/own-value.ts';
import type { Policy } from './policies.ts';

/** The attributes that a policy compares, by the names of its fields and conditions. */
export interface PolicyAttributes {
  /** Attributes of a request, which only a proxy that reads HTTP sees. */
  readonly request: readonly string[];
  /** The one who opened the connection: it is another one behind a waypoint or another gateway. */
  readonly peer: readonly string[];
  /** The port and the address that the connection was opened to. */
  readonly destination: readonly string[];
  /** Addresses of clients, be they told by the connection or by a header. */
  readonly addresses: readonly string[];
}

type Aspect = keyof PolicyAttributes | 'account';

/** Which fields of a source ask for what (istiod's authorization.go, httpSources). */
const sources: Readonly<Record<keyof AuthorizationSource, readonly Aspect[]>> = {
  principals: ['peer', 'account'],
  notPrincipals: ['peer', 'account'],
  namespaces: ['peer', 'account'],
  notNamespaces: ['peer', 'account'],
  serviceAccounts: ['peer', 'account'],
  notServiceAccounts: ['peer', 'account'],
  trustDomains: ['peer'],
  notTrustDomains: ['peer'],
  ipBlocks: ['peer', 'addresses'],
  notIpBlocks: ['peer', 'addresses'],
  remoteIpBlocks: ['request', 'addresses'],
  notRemoteIpBlocks: ['request', 'addresses'],
  requestPrincipals: ['request'],
  notRequestPrincipals: ['request'],
};

/** Which fields of an operation ask for what (istiod's authorization.go, httpOperations). */
const operations: Readonly<Record<keyof AuthorizationOperation, readonly Aspect[]>> = {
  hosts: ['request'],
  notHosts: ['request'],
  methods: ['request'],
  notMethods: ['request'],
  paths: ['request'],
  notPaths: ['request'],
  ports: ['destination'],
  notPorts: ['destination'],
};

/** Conditions that ztunnel knows, and one on addresses that it does not; all others are of requests. */
const conditions: Readonly<Record<string, readonly Aspect[]>> = {
  'source.ip': ['peer', 'addresses'],
  'source.namespace': ['peer', 'account'],
  'source.principal': ['peer', 'account'],
  'source.serviceAccount': ['request', 'account'],
  'destination.ip': ['destination'],
  'destination.port': ['destination'],
  'remote.ip': ['request', 'addresses'],
};

/** @returns what a policy looks at, without repetitions, in the order it is written */
export function attributesOf(policy: Policy): PolicyAttributes {
  if (policy.type === 'istio.RequestAuthentication') {
    const request = (policy.spec.jwtRules ?? []).length === 0 ? [] : ['jwtRules'];
    return { request, peer: [], destination: [], addresses: [] };
  }
  const { action = 'ALLOW', rules = [] } = policy.spec;
  const found = rules.flatMap(attributesOfRule);
  const own = action === 'CUSTOM' || action === 'AUDIT' ? [`action ${action}`] : [];
  const of = (aspect: Aspect): readonly string[] => [
    ...new Set(found.flatMap(({ name, aspects }) => (aspects.includes(aspect) ? [name] : []))),
  ];
  return {
    request: [...own, ...of('request')],
    peer: of('peer'),
    destination: of('destination'),
    addresses: of('addresses'),
  };
}

interface Attribute {
  readonly name: string;
  readonly aspects: readonly Aspect[];
}

/** @returns what one rule looks at */
export function attributesOfRule({ from = [], to = [], when = [] }: AuthorizationRule): readonly Attribute[] {
  return [
    ...from.flatMap(({ source = {} }) => named(source, sources)),
    ...to.flatMap(({ operation = {} }) => named(operation, operations)),
    ...when.map(({ key }) => ({ name: key, aspects: ownValue(conditions, key) ?? ['request' as const] })),
  ];
}

function named<T extends object>(
  value: T,
  table: Readonly<Record<keyof T, readonly Aspect[]>>,
): readonly Attribute[] {
  return (Object.keys(value) as (keyof T & string)[]).map(name => ({ name, aspects: table[name] ?? [] }));
}

/** Whether a rule needs a proxy that reads HTTP. */
export function readsRequests(rule: AuthorizationRule): boolean {
  return attributesOfRule(rule).some(({ aspects }) => aspects.includes('request'));
}

/** Whoever opens a connection, as a policy knows it. */
export interface Peer {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** @returns the name of a peer as `principals` have it; the trust domain is the usual one */
export function principalOf({ namespace, serviceAccount }: Peer): string {
  return `cluster.local/ns/${namespace}/sa/${serviceAccount}`;
}

/**
 * Whether a rule takes connections of a peer, as far as that alone decides; ports, requests and addresses are left open.
 *
 * @returns undefined where it asks for addresses, which manifests do not tell
 */
export function takesPeer(
  { from = [], when = [] }: AuthorizationRule,
  peer: Peer,
  policyNamespace: string,
): boolean | undefined {
  const ofSources =
    from.length === 0
      ? true
      : anyOf(from.map(({ source = {} }) => sourceTakes(source, peer, policyNamespace)));
  return allOf([ofSources, ...when.map(condition => conditionTakes(condition, peer))]);
}

function sourceTakes(source: AuthorizationSource, peer: Peer, policyNamespace: string): boolean | undefined {
  const principal = principalOf(peer);
  const account = `${peer.namespace}/${peer.serviceAccount}`;
  const full = (name: string) => (name.includes('/') ? name : `${policyNamespace}/${name}`);
  const asksForAddresses = [source.ipBlocks, source.notIpBlocks].some(blocks => blocks !== undefined);
  return allOf([
    isOneOf(source.principals, principal),
    isNoneOf(source.notPrincipals, principal),
    isOneOf(source.namespaces, peer.namespace),
    isNoneOf(source.notNamespaces, peer.namespace),
    isOneOf(source.serviceAccounts?.map(full), account),
    isNoneOf(source.notServiceAccounts?.map(full), account),
    asksForAddresses ? undefined : true,
  ]);
}

function conditionTakes({ key, values, notValues }: AuthorizationCondition, peer: Peer): boolean | undefined {
  if (key === 'source.ip') return undefined;
  const value =
    key === 'source.principal' ? principalOf(peer) : key === 'source.namespace' ? peer.namespace : undefined;
  return value === undefined ? true : isOneOf(values, value) && isNoneOf(notValues, value);
}

function isOneOf(patterns: readonly string[] = [], value: string): boolean {
  return patterns.length === 0 || patterns.some(pattern => matches(pattern, value));
}

function isNoneOf(patterns: readonly string[] = [], value: string): boolean {
  return !patterns.some(pattern => matches(pattern, value));
}

/** Whether a value of a policy stands for a name; a star is anything, at its beginning or at its end. */
export function matches(pattern: string, value: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

function allOf(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function anyOf(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}
