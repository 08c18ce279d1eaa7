import type { BehindEntry } from './backend.ts';
import { describeOutcome } from './describe.ts';
import type { Aspect, Forwarded, Outcome } from './outcome.ts';

/**
 * Writes two outcomes that differ, so that they never read alike: where the usual words do not tell them apart, the pods, the
 * ports of the pods and the exact shares are written, too.
 *
 * @param aspects what they differ in
 */
export function describeBoth(
  before: Outcome,
  after: Outcome,
  aspects: readonly Aspect[],
): readonly [string, string] {
  const usual = [describeOutcome(before, aspects), describeOutcome(after, aspects)] as const;
  if (usual[0] !== usual[1]) return usual;
  const full = [`${usual[0]}${details(before)}`, `${usual[1]}${details(after)}`] as const;
  if (full[0] !== full[1]) return full;
  return [`${usual[0]} ${JSON.stringify(before)}`, `${usual[1]} ${JSON.stringify(after)}`];
}

function details(outcome: Outcome): string {
  if (outcome.kind !== 'forward') return '';
  const places = outcome.destinations.map(destination => {
    const { weight, total } = destination;
    return `${describePods(destination.backend)}${weight === total ? '' : ` (${weight} of ${total})`}`;
  });
  return places.length === 0 ? '' : `; ${places.join(', ')}`;
}

/**
 * Writes the key of a backend.
 *
 * @returns for example `pods with app=cart in shop, port 8080`
 * @see backend.ts, findBackend
 */
export function describePods(backend: Forwarded['destinations'][number]['backend']): string {
  const key = parsed(backend);
  if (key === undefined) return backend;
  const [pods, labels, port, entry] = key;
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0
    ? `what ${pods} leads to, port ${port}${entry === undefined ? '' : ` (${fieldsOf(entry)})`}`
    : `pods with ${pairs.join(', ')} in ${pods}, port ${port}`;
}

function fieldsOf(entry: BehindEntry): string {
  return Object.entries(entry)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

type BackendKey = readonly [string, Readonly<Record<string, string>>, number | string, BehindEntry?];

function parsed(backend: string): BackendKey | undefined {
  try {
    const key = JSON.parse(backend) as unknown;
    return Array.isArray(key) && (key.length === 3 || key.length === 4)
      ? (key as unknown as BackendKey)
      : undefined;
  } catch {
    return undefined;
  }
}
