import type { AnyResource } from '../2-decode/resource.ts';
import { keyOf, placeOf, type Report } from '../diagnostics/diagnostic.ts';
import { type AlternativeClaims, alternativeClaims } from './alternative-claims.ts';
import { httpDestinations } from './destinations.ts';
import { extensionsOf } from './extensions.ts';
import { resolveHost } from './host.ts';
import { folderOf } from './kustomizations.ts';

/** Objects that can be in one cluster together, and those of them that are to be converted in their company. */
export interface Variant {
  readonly resources: readonly AnyResource[];
  /** What was left out: other documents for the same objects. */
  readonly alternatives: readonly AnyResource[];
  readonly members: ReadonlySet<AnyResource>;
}

/**
 * Repositories keep alternatives side by side: overlays, steps of a lesson, variants of a test. Of two documents for the
 * same object a cluster has only one, so that each VirtualService is looked at with the alternatives nearest to it; of
 * DestinationRules that are as near, with the one that has its subsets.
 *
 * @param inputs what is to be converted; the rest is only shown
 */
export function variantsOf(
  resources: readonly AnyResource[],
  inputs: ReadonlySet<AnyResource>,
): readonly Variant[] {
  const alternatives = new Map([...groupByIdentity(resources)].filter(([, group]) => group.length > 1));
  const members = resources.filter(
    resource => inputs.has(resource) && resource.type === 'istio.VirtualService',
  );
  const claims = alternativeClaims(resources);
  if (alternatives.size === 0 && claims.size === 0)
    return [{ resources, alternatives: [], members: new Set(members) }];
  const rivals = new Set([...alternatives.values()].flat());
  const variants = new Map<string, Omit<Variant, 'members'> & { readonly members: Set<AnyResource> }>();
  const byFile = new Map<string, readonly (readonly number[])[]>();
  for (const member of members) {
    const choice = [...alternatives].map(([identity, group], index) => {
      if (identity === identityOf(member)) return group.indexOf(member);
      const file = member.source?.document.file.path ?? '';
      const known = byFile.get(file) ?? [...alternatives.values()].map(others => nearest(others, file));
      byFile.set(file, known);
      return fittest(group, known[index] ?? [], member);
    });
    const excluded = claims.get(member) ?? noClaims;
    const key = `${choice.join()} ${[...excluded].map(rival => resources.indexOf(rival)).join()}`;
    const variant = variants.get(key);
    if (variant !== undefined) {
      variant.members.add(member);
      continue;
    }
    const chosen = new Set([...alternatives.values()].map((group, index) => group[choice[index] ?? 0]));
    const company = resources.filter(
      resource => (!rivals.has(resource) || chosen.has(resource)) && !excluded.has(resource),
    );
    const leftOut = [...rivals].filter(rival => !chosen.has(rival));
    variants.set(key, { resources: company, alternatives: leftOut, members: new Set([member]) });
  }
  return [...variants.values()];
}

const noClaims: ReadonlySet<AnyResource> = new Set();

/** What applies alternatives is none itself: whichever cluster it is for, its patches count. */
const appliers: ReadonlySet<string> = new Set([
  'kustomize.Kustomization',
  'flux.Kustomization',
  'argo.Application',
]);

function identityOf({ type, namespace, name }: AnyResource): string {
  return `${type} ${namespace}/${name}`;
}

function groupByIdentity(resources: readonly AnyResource[]): ReadonlyMap<string, readonly AnyResource[]> {
  const groups = new Map<string, AnyResource[]>();
  for (const resource of resources) {
    if (appliers.has(resource.type)) continue;
    const identity = identityOf(resource);
    const known = groups.get(identity);
    if (known === undefined) groups.set(identity, [resource]);
    else known.push(resource);
  }
  return groups;
}

/** @returns which of several documents lie nearest to a file: those in it, else in the folder that shares most with its own */
function nearest(group: readonly AnyResource[], file: string): readonly number[] {
  const scores = group.map(resource => closeness(resource.source?.document.file.path ?? '', file));
  const best = Math.max(...scores);
  return scores.flatMap((score, index) => (score === best ? [index] : []));
}

/** @returns of DestinationRules that are as near the first with the most subsets that a VirtualService names; else the first */
function fittest(group: readonly AnyResource[], nearby: readonly number[], member: AnyResource): number {
  const [first = 0] = nearby;
  const wanted = nearby.length > 1 ? subsetsNamedBy(member) : none;
  if (wanted.size === 0) return first;
  const counts = nearby.map(index => {
    const rule = group[index];
    if (rule?.type !== 'istio.DestinationRule') return 0;
    const host = resolveHost(rule.spec.host, rule.namespace);
    return (rule.spec.subsets ?? []).filter(({ name }) => wanted.has(`${host} ${name}`)).length;
  });
  return nearby[counts.indexOf(Math.max(...counts))] ?? first;
}

const none: ReadonlySet<string> = new Set();

function subsetsNamedBy(member: AnyResource): ReadonlySet<string> {
  if (member.type !== 'istio.VirtualService') return none;
  const { http = [], tls = [], tcp = [] } = member.spec;
  const destinations = [
    ...http.flatMap(httpDestinations),
    ...[...tls, ...tcp].flatMap(({ route = [] }) => route.map(({ destination }) => destination)),
  ];
  return new Set(
    destinations.flatMap(({ host, subset }) =>
      subset ? [`${resolveHost(host, member.namespace)} ${subset}`] : [],
    ),
  );
}

function closeness(path: string, file: string): number {
  if (path === file) return Number.POSITIVE_INFINITY;
  const [a, b] = [folderOf(path).split('/'), folderOf(file).split('/')];
  const different = a.findIndex((part, index) => part !== b[index]);
  const shared = different < 0 ? a.length : different;
  return shared - (a.length - shared) / 100;
}

/** Says of every VirtualService whose host others claim as well that they are taken for alternatives. */
export function reportAlternativeClaims(
  claims: AlternativeClaims,
  inputs: ReadonlySet<AnyResource>,
  report: Report,
): void {
  for (const [resource, rivals] of claims) {
    if (!inputs.has(resource)) continue;
    const others = [...rivals].map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
    const related = [...rivals]
      .slice(0, 1)
      .map(rival => ({ message: 'one of them', place: keyOf(placeOf(rival, 'metadata', 'name')) }));
    report('host-claimed-elsewhere', placeOf(resource, 'spec', 'hosts'), { others }, related);
  }
}

/** Says of every VirtualService, DestinationRule and Gateway but the first that its name is taken. */
export function reportDuplicates(inputs: readonly AnyResource[], report: Report): void {
  for (const group of groupByIdentity(inputs).values()) {
    const [first, ...others] = group;
    if (first === undefined || !first.type.startsWith('istio.') || isOnlyRead(first)) continue;
    for (const resource of others) {
      const name = `${resource.namespace}/${resource.name}`;
      const related = [{ message: 'the first one', place: keyOf(placeOf(first, 'metadata', 'name')) }];
      report('duplicate-name', placeOf(resource, 'metadata', 'name'), { kind: resource.kind, name }, related);
    }
  }
}

/** Nothing becomes of it, however many documents there are. */
function isOnlyRead(resource: AnyResource): boolean {
  return resource.type === 'istio.Sidecar' || extensionsOf([resource]).length > 0;
}

/**
 * Leaves out what is shown of an object that is itself in the input; only its age, which manifests seldom tell, is taken
 * over.
 */
export function withoutShownInputs(
  inputs: readonly AnyResource[],
  shown: readonly AnyResource[],
): { readonly inputs: readonly AnyResource[]; readonly shown: readonly AnyResource[] } {
  const byIdentity = groupByIdentity(shown);
  const identities = new Set(inputs.map(identityOf));
  // Kustomizations have no names: each is another one, unless its file is an input.
  const files = new Set(inputs.map(({ source }) => source?.document.file.path));
  return {
    inputs: inputs.map(resource => {
      const creationTimestamp = byIdentity.get(identityOf(resource))?.[0]?.metadata.creationTimestamp;
      if (creationTimestamp === undefined || resource.metadata.creationTimestamp !== undefined)
        return resource;
      return { ...resource, metadata: { ...resource.metadata, creationTimestamp } };
    }),
    shown: shown.filter(resource =>
      appliers.has(resource.type)
        ? !files.has(resource.source?.document.file.path)
        : !identities.has(identityOf(resource)),
    ),
  };
}
