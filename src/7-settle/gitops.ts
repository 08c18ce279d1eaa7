import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { isRoute } from '../2-decode/resource.ts';
import { syncWave } from '../3-link/facts.ts';
import { unreadOn } from '../3-link/gitops/external-dns.ts';
import { hookOf } from '../6-emit/hooks.ts';
import { waveOf } from '../6-emit/sync-waves.ts';
import { type Finding, keyOf, type Report } from '../diagnostics/diagnostic.ts';
import { collect } from '../diagnostics/locate.ts';
import type { ResourceRef } from '../diagnostics/resource-ref.ts';

/** An object that gives way, and what is made of it. */
export interface Successor {
  readonly from: AnyResource;
  readonly made: readonly AnyResource[];
}

/**
 * Tells of what Argo CD, Flux, Helm, external-dns and cert-manager do otherwise once objects give way to others: an
 * annotation is an order to a tool, and the tool reads it on some kinds only.
 *
 * @param removed the objects whose documents go
 * @param successors the objects that are made, by what they are made of
 */
export function settleGitops(
  resources: readonly AnyResource[],
  removed: ReadonlySet<AnyResource>,
  successors: readonly Successor[],
): readonly Finding[] {
  const { report, findings } = collect();
  for (const object of removed) reportKept(object, report);
  const made = successors.flatMap(successor => successor.made);
  for (const successor of successors) {
    reportWaves(successor, report);
    reportHook(successor, report);
    reportExternalDns(successor, made, report);
    reportIssuer(successor, report);
  }
  const gone = [...removed];
  for (const resource of resources) reportNamed(resource, gone, report);
  return findings;
}

/** The annotations by which an object outlives its manifest. */
const keepers: readonly {
  readonly annotation: string;
  readonly keeps: (value: string, annotations: Readonly<Record<string, string>>) => boolean;
  readonly tool: string;
}[] = [
  {
    annotation: 'argocd.argoproj.io/sync-options',
    keeps: value => value.split(',').some(option => option.trim() === 'Prune=false'),
    tool: 'Argo CD',
  },
  { annotation: 'helm.sh/resource-policy', keeps: value => value === 'keep', tool: 'Helm' },
  {
    annotation: 'kustomize.toolkit.fluxcd.io/prune',
    keeps: value => value === 'disabled',
    tool: 'Flux',
  },
  // Hooks are not pruned; those that are deleted after they succeeded are gone already.
  {
    annotation: 'argocd.argoproj.io/hook',
    keeps: (value, annotations) =>
      value !== '' && annotations['argocd.argoproj.io/hook-delete-policy'] !== 'HookSucceeded',
    tool: 'Argo CD',
  },
  {
    annotation: 'helm.sh/hook',
    keeps: (value, annotations) =>
      value !== '' && annotations['helm.sh/hook-delete-policy'] !== 'hook-succeeded',
    tool: 'Helm',
  },
];

function reportKept(object: AnyResource, report: Report): void {
  const annotations = object.metadata.annotations ?? {};
  const found = keepers.filter(({ annotation, keeps }) => keeps(annotations[annotation] ?? '', annotations));
  if (found.length === 0) return;
  const { kind, namespace, name } = object;
  report('stays-in-cluster', keyOf(placeOf(object, 'metadata', 'annotations', found[0]?.annotation ?? '')), {
    kind,
    namespace,
    name,
    annotations: found.map(({ annotation, tool }) => `${annotation} (${tool})`).join(' and '),
    resource: kind === 'Gateway' ? 'gateways.networking.istio.io' : `${kind.toLowerCase()}s`,
  });
}

function reportWaves({ from, made }: Successor, report: Report): void {
  const route = made.filter(isRoute).find(one => waveOf(one) !== waveOf(from));
  if (route === undefined) return;
  report('sync-wave-raised', keyOf(placeOf(from, 'metadata', 'annotations', syncWave)), {
    route: `${route.kind} ${route.namespace}/${route.name}`,
    before: waveOf(from),
    after: waveOf(route),
  });
}

/** A phase waits for its hooks to be healthy, which a VirtualService always was. */
function reportHook({ from, made }: Successor, report: Report): void {
  const [annotation] =
    Object.entries(hookOf(from.metadata) ?? {}).find(([name]) => name.endsWith('/hook')) ?? [];
  const route = made.find(isRoute);
  if (annotation === undefined || route === undefined) return;
  report('hook-waits', keyOf(placeOf(from, 'metadata', 'annotations', annotation)), {
    route: `${route.kind} ${route.namespace}/${route.name}`,
    annotation: `${annotation}: ${from.metadata.annotations?.[annotation]}`,
  });
}

function reportExternalDns({ from, made }: Successor, all: readonly AnyResource[], report: Report): void {
  const kind = from.type === 'istio.Gateway' ? 'Gateway' : 'route';
  if (made.length === 0) return;
  for (const annotation of unreadOn(from.metadata, kind)) {
    const place = keyOf(placeOf(from, 'metadata', 'annotations', annotation));
    const value = from.metadata.annotations?.[annotation] ?? '';
    if (kind === 'Gateway') report('external-dns-on-gateway', place, { annotation, value });
    else {
      const gateways = gatewaysOf(made, all);
      const moved =
        gateways.length > 0 && gateways.every(one => one?.metadata.annotations?.[annotation] === value);
      const [first] = gateways;
      if (moved && first !== undefined)
        report('external-dns-target-moved', place, {
          annotation,
          gateway: `${first.namespace}/${first.name}`,
        });
      else report('external-dns-target', place, { annotation, value });
    }
  }
}

/** The Gateways that routes are attached to, as far as they are made along with them; undefined for each that is not. */
function gatewaysOf(
  made: readonly AnyResource[],
  all: readonly AnyResource[],
): readonly (AnyResource | undefined)[] {
  return made
    .filter(isRoute)
    .flatMap(route =>
      (route.spec.parentRefs ?? [])
        .filter(({ kind = 'Gateway' }) => kind === 'Gateway')
        .map(({ name, namespace = route.namespace }) =>
          all.find(one => one.type === 'gateway.Gateway' && one.name === name && one.namespace === namespace),
        ),
    );
}

const issuers = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];

/** cert-manager passes over Istio Gateways, and makes Certificates for listeners of Gateways. */
function reportIssuer({ from, made }: Successor, report: Report): void {
  if (from.type !== 'istio.Gateway') return;
  const listeners = made.flatMap(one => (one.type === 'gateway.Gateway' ? (one.spec.listeners ?? []) : []));
  const terminating = listeners.filter(
    ({ hostname, protocol, tls }) =>
      hostname !== undefined && (protocol === 'HTTPS' || protocol === 'TLS') && tls?.mode !== 'Passthrough',
  );
  const secrets = terminating.flatMap(({ tls }) => tls?.certificateRefs ?? []).map(({ name }) => name);
  if (secrets.length === 0) return;
  for (const annotation of issuers) {
    if (from.metadata.annotations?.[annotation] === undefined) continue;
    report('cert-manager-acts', keyOf(placeOf(from, 'metadata', 'annotations', annotation)), {
      annotation,
      gateway: `${from.namespace}/${from.name}`,
      secrets: [...new Set(secrets)].join(', '),
    });
  }
}

/** A health check or an exception for an object that is not there any more. */
function reportNamed(resource: AnyResource, removed: readonly AnyResource[], report: Report): void {
  if (resource.type === 'flux.Kustomization') {
    for (const [index, check] of (resource.spec.healthChecks ?? []).entries()) {
      const found = removed.find(object => isNamed(object, check, (check.apiVersion ?? '').split('/')[0]));
      if (found !== undefined)
        report('health-check-of-removed', placeOf(resource, 'spec', 'healthChecks', index), nameOf(found));
    }
  } else if (resource.type === 'argo.Application') {
    for (const [index, ignored] of (resource.spec.ignoreDifferences ?? []).entries()) {
      const found = removed.find(object => isNamed(object, ignored, ignored.group));
      if (found !== undefined)
        report(
          'ignored-difference-of-removed',
          placeOf(resource, 'spec', 'ignoreDifferences', index),
          nameOf(found),
        );
    }
  }
}

function isNamed(
  object: AnyResource,
  { kind, name, namespace }: Partial<ResourceRef>,
  group: string | undefined,
): boolean {
  return (
    kind === object.kind &&
    group === object.apiVersion.split('/')[0] &&
    (name === undefined || name === object.name) &&
    (namespace === undefined || namespace === object.namespace)
  );
}

function nameOf({ kind, namespace, name }: AnyResource): { readonly object: string } {
  return { object: `${kind} ${namespace}/${name}` };
}
