import { sampleOf } from './asked-host.ts';
import { type ConnectionRule, decideConnection } from './connections.ts';
import { describeTls } from './listener-tls.ts';
import { differingAspects, type Forwarded } from './outcome.ts';

/** A connection that two lists of rules treat differently. */
export interface DecidedConnection {
  /** The name in the handshake; undefined for a connection without one. */
  readonly sni: string | undefined;
  readonly before: ConnectionRule | undefined;
  readonly after: ConnectionRule | undefined;
}

export interface ConnectionComparison {
  readonly connections: number;
  readonly differences: readonly DecidedConnection[];
}

/** Tries a connection with every name that either side tells apart. */
export function compareConnections(
  before: readonly ConnectionRule[],
  after: readonly ConnectionRule[],
): ConnectionComparison {
  const names = namesOf([...before, ...after]);
  const decided = names.map(sni => ({
    sni,
    before: decideConnection(before, sni),
    after: decideConnection(after, sni),
  }));
  return {
    connections: names.length,
    differences: decided.filter(one => !isSame(one.before, one.after)),
  };
}

/** The names that rules mention, one inside each wildcard, one that nobody mentions, and none; no name where nobody asks. */
function namesOf(rules: readonly ConnectionRule[]): readonly (string | undefined)[] {
  const mentioned = rules.flatMap(({ sniHosts }) => sniHosts ?? []);
  if (mentioned.length === 0) return [undefined];
  return [...new Set([...mentioned.map(sampleOf), 'unmentioned.example', undefined])];
}

function isSame(a: ConnectionRule | undefined, b: ConnectionRule | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (tlsDiffers(a, b)) return false;
  return differingAspects(asOutcome(a), asOutcome(b)).length === 0;
}

/** Whether two listeners are known to ask for or show other TLS. */
export function tlsDiffers(a: ConnectionRule | undefined, b: ConnectionRule | undefined): boolean {
  return a?.tls !== undefined && b?.tls !== undefined && a.tls !== b.tls;
}

function asOutcome({ destinations }: ConnectionRule): Forwarded {
  return {
    kind: 'forward',
    destinations,
    path: '',
    mirrors: [],
    timeout: 0,
    retries: '',
    cors: '',
    fault: '',
  };
}

/**
 * Writes what becomes of a connection in a few words.
 *
 * @param other the rule of the other side, with which its TLS is compared
 */
export function describeConnectionRule(
  rule: ConnectionRule | undefined,
  other?: ConnectionRule | undefined,
): string {
  if (rule === undefined) return 'matches no rule';
  const parts = rule.destinations.map(({ label, weight, total }) =>
    weight === total ? label : `${label} (${Math.round((100 * weight) / total)} %)`,
  );
  const tls = tlsDiffers(rule, other) ? `, ${describeTls(rule.tls)}` : '';
  return `goes to ${parts.join(', ') || 'no destination'}${tls}`;
}
