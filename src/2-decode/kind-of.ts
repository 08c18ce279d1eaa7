import { distance } from 'fastest-levenshtein';
import type { Manifest } from '../1-read/manifest.ts';
import type { Cursor } from './cursor.ts';
import { type AnyKind, kinds } from './kinds.ts';
import { isKnownGroup } from './neighbour.ts';
import { closest } from './unknown-field.ts';

/** Kinds of the same APIs that nobody here reads. */
const otherKinds: ReadonlySet<string> = new Set([
  'WorkloadEntry',
  'WorkloadGroup',
  'PeerAuthentication',
  'UDPRoute',
  'BackendLBPolicy',
]);

/** Kinds whose name is enough to tell what is meant. */
const distinctive: ReadonlySet<string> = new Set([
  'VirtualService',
  'DestinationRule',
  'ServiceEntry',
  'HTTPRoute',
  'GRPCRoute',
]);

/**
 * Finds out what a manifest is, and reports a type that is misspelt or missing.
 *
 * @returns undefined for what nobody here reads
 */
export function kindOf({ apiVersion, kind }: Manifest, at: Cursor): AnyKind | undefined {
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  const named = kinds.filter(candidate => candidate.kind === kind);
  if (apiVersion === '') {
    const [first] = named;
    if (first !== undefined && distinctive.has(kind))
      at.report('api-version-missing', { kind, apiVersion: `${first.group}/${first.versions[0] ?? ''}` });
    return undefined;
  }
  const found = named.find(candidate => candidate.group === group);
  if (found?.versions.includes(version)) return found;
  if (
    found !== undefined ||
    (distinctive.has(kind) && named.some(candidate => isNear(group, candidate.group)))
  )
    at.child('apiVersion').report('api-version-unknown', { kind, apiVersion, versions: versionsOf(named) });
  // Other projects have more kinds than those that are read: an ApplicationSet of Argo CD is no slip.
  else if (isKnownGroup(group) || group === 'kustomize.config.k8s.io')
    reportKind(group, apiVersion, kind, at);
  return undefined;
}

/** Other projects have kinds of the same name (App Mesh, Gloo); a group with a slip in it is none of theirs. */
function isNear(group: string, known: string): boolean {
  return group !== known && distance(group, known) <= 3;
}

function versionsOf(found: readonly AnyKind[]): string {
  return found
    .flatMap(({ group, versions }) => versions.map(version => `\`${group}/${version}\``))
    .join(', ');
}

function reportKind(group: string, apiVersion: string, kind: string, at: Cursor): void {
  if (kind === '') at.report('kind-missing', { apiVersion });
  if (kind === '' || otherKinds.has(kind) || kind.endsWith('List')) return;
  const known = kinds.filter(candidate => candidate.group === group).map(candidate => candidate.kind);
  const suggestion = closest(kind, known);
  if (suggestion !== undefined) at.child('kind').report('kind-unknown', { kind, apiVersion, suggestion });
}
