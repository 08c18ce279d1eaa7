import { printYaml } from '../../6-emit/print.ts';
import { visible } from '../../print/visible.ts';
import type { SourceFile } from '../../yaml/source.ts';
import type { Inputs } from '../files/read.ts';
import type { World } from '../world.ts';
import { type ClusterKind, clusterKinds } from './kinds.ts';
import { type ClusterScope, get } from './kubectl.ts';

/** Everything that was read from a cluster. */
export interface ClusterRead {
  /** One text for each namespace and kind: `cluster/shop/virtualservices.networking.istio.io.yaml`. */
  readonly files: readonly SourceFile[];
  /** Kinds that were read and that were not, for people; one a line. */
  readonly told: readonly string[];
}

/** The command that reads the cluster. */
export type Purpose = 'convert' | 'status' | 'verify';

/** So many kinds are read at a time. */
const AT_ONCE = 4;

/**
 * Reads what decides where requests go from a cluster. Nothing in the cluster changes.
 *
 * @param purpose for `status`, the status of objects and the endpoints of Services are read, too; for `verify`, the Services
 * that a controller makes for a Gateway are left out, since no manifests have them
 * @throws Refusal where kubectl is missing, or cannot reach the cluster
 */
export async function readCluster(
  scope: ClusterScope,
  world: World,
  purpose: Purpose = 'convert',
): Promise<ClusterRead> {
  const forStatus = purpose === 'status';
  const kinds = clusterKinds.filter(({ isForStatus = false }) => forStatus || !isForStatus);
  const asked = kinds.flatMap(kind => namespacesOf(kind, scope).map(namespace => ({ kind, namespace })));
  const answers: Awaited<ReturnType<typeof get>>[] = [];
  // The first alone: where the cluster cannot be reached, one message says so.
  for (let at = 0, size = 1; at < asked.length; size = AT_ONCE) {
    const some = asked.slice(at, at + size);
    at += size;
    answers.push(
      ...(await Promise.all(some.map(({ kind, namespace }) => get(kind, namespace, scope, world)))),
    );
  }
  const files = new Map<string, string[]>();
  const counts = new Map<string, number>();
  const missing = new Set<string>();
  const refused = new Map<string, string>();
  for (const [index, answer] of answers.entries()) {
    const { kind } = asked[index] ?? {};
    if (kind === undefined) continue;
    const { resource } = kind;
    if (answer.result === 'not-installed') missing.add(resource);
    else if (answer.result === 'not-allowed') refused.set(resource, answer.reason);
    else {
      counts.set(resource, (counts.get(resource) ?? 0) + answer.items.length);
      for (const item of answer.items) {
        const object = kept(item, kind, forStatus);
        if (object === undefined || (purpose === 'verify' && isMadeForGateway(item))) continue;
        const path = `cluster/${object.namespace === '' ? '' : `${object.namespace}/`}${resource}.yaml`;
        const known = files.get(path);
        if (known === undefined) files.set(path, [object.text]);
        else known.push(object.text);
      }
    }
  }
  const read = [...counts]
    .filter(([, count]) => count > 0)
    .map(([resource, count]) => `${count} ${resource}`);
  return {
    files: [...files]
      .map(([path, texts]) => ({ path, text: texts.join('---\n') }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    told: [
      `Read from the cluster: ${read.join(', ') || 'no object'}.`,
      ...(missing.size === 0 ? [] : [`Not installed in the cluster: ${[...missing].join(', ')}.`]),
      ...[...refused].map(
        ([resource, reason]) =>
          `Not allowed to read ${resource}: ${visible(reason)} Differences that depend on it are not found.`,
      ),
      ...(refused.size > 0 && scope.namespaces.length === 0
        ? ['With rights in some namespaces only, name each of them with -n.']
        : []),
    ],
  };
}

function namespacesOf(kind: ClusterKind, { namespaces }: ClusterScope): readonly (string | undefined)[] {
  if (kind.isClusterWide === true) return [undefined];
  if (kind.namespace !== undefined) return [kind.namespace];
  return namespaces.length === 0 ? [undefined] : namespaces;
}

interface Kept {
  readonly namespace: string;
  readonly text: string;
}

/** An object without what decides nothing, and without what a snapshot is not to hold. */
function kept(item: unknown, { resource, keeps }: ClusterKind, forStatus: boolean): Kept | undefined {
  if (!isRecord(item) || !isRecord(item['metadata'])) return undefined;
  const { apiVersion, kind, metadata, spec, status, ...rest } = item;
  const {
    managedFields: _m,
    resourceVersion: _r,
    uid: _u,
    selfLink: _s,
    ...named
  } = metadata as Record<string, unknown>;
  const annotations = withoutApplied(named['annotations']);
  const shown = {
    apiVersion,
    kind,
    metadata: without({ ...named, annotations }),
    ...keptOf(resource === 'services' ? asWritten(spec) : spec, rest, keeps),
    ...(forStatus && keeps === undefined ? without({ status }) : {}),
  };
  const namespace = named['namespace'];
  return { namespace: typeof namespace === 'string' ? namespace : '', text: printYaml(shown) };
}

/**
 * Whether a controller made an object for a Gateway. istiod sets the Gateway as owner of its Service, Deployment and
 * ServiceAccount (pilot/pkg/config/kube/gateway/templates).
 */
function isMadeForGateway(item: unknown): boolean {
  const metadata = isRecord(item) && isRecord(item['metadata']) ? item['metadata'] : {};
  const owners: unknown = metadata['ownerReferences'];
  return (
    Array.isArray(owners) &&
    owners.some(
      (owner: unknown) =>
        isRecord(owner) &&
        owner['kind'] === 'Gateway' &&
        String(owner['apiVersion']).startsWith('gateway.networking.k8s.io/'),
    )
  );
}

/** Defaults that the API server adds to each Service; Services that are made after its example need it not. */
const serviceDefaults = {
  type: 'ClusterIP',
  sessionAffinity: 'None',
  internalTrafficPolicy: 'Cluster',
} as const;

function asWritten(spec: unknown): unknown {
  if (!isRecord(spec)) return spec;
  const defaults: Readonly<Record<string, string>> = serviceDefaults;
  const fields = Object.entries(spec).filter(([name, value]) => defaults[name] !== value);
  const { ports, ...rest } = Object.fromEntries(fields);
  if (!Array.isArray(ports)) return { ...rest, ...without({ ports }) };
  const written: readonly unknown[] = ports.map((port: unknown) =>
    isRecord(port) && port['protocol'] === 'TCP' ? without({ ...port, protocol: undefined }) : port,
  );
  return { ...rest, ports: written };
}

function keptOf(
  spec: unknown,
  rest: Readonly<Record<string, unknown>>,
  keeps: ClusterKind['keeps'],
): Readonly<Record<string, unknown>> {
  if (keeps === undefined) return without({ spec, ...rest });
  if (keeps === 'metadata') return {};
  if (keeps === 'pods') return podsOf(spec);
  const fields = isRecord(spec) ? Object.entries(spec).filter(([name]) => keeps.includes(name)) : [];
  return { spec: Object.fromEntries(fields) };
}

/** The annotation in which `kubectl apply` keeps earlier manifests is no part of the object. */
function withoutApplied(annotations: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(annotations)) return undefined;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...rest } = annotations;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** The environment of containers can hold credentials, and decides nothing. */
function podsOf(spec: unknown): Readonly<Record<string, unknown>> {
  const template = isRecord(spec) ? spec['template'] : undefined;
  const metadata = isRecord(template) && isRecord(template['metadata']) ? template['metadata'] : {};
  const { labels, annotations } = metadata;
  return { spec: { template: { metadata: without({ labels, annotations }) } } };
}

function without(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The snapshot of a cluster: a file that can be passed as a path where the cluster cannot be reached. */
export function snapshotOf({ files }: ClusterRead): string {
  return files.map(({ text }) => text).join('---\n');
}

/** The objects that were read, in the form of files of a command line. */
export function asInputs({ files }: ClusterRead): Inputs {
  return {
    read: files.map(source => ({ path: source.path, absolute: source.path, root: 'cluster', source })),
    passed: [],
    unread: [],
    beside: [],
    sources: [],
    problems: [],
  };
}
