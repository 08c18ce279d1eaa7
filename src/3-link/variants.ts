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
  const members = resources.filter(
    resource => inputs.has(resource) && resource.type === 'istio.VirtualService',
  );
  const claims = alternativeClaims(resources);
  const choices = new Choices(resources);
  if (choices.rivals.size === 0 && claims.size === 0)
    return [{ resources, alternatives: [], members: new Set(members) }];
  const position = new Map(resources.map((resource, index) => [resource, index]));
  const common = resources.filter(resource => !choices.rivals.has(resource));
  // Of what is left out only DestinationRules are ever asked for.
  const rivalRules = [...choices.rivals].filter(({ type }) => type === 'istio.DestinationRule');
  const variants = new Map<string, Omit<Variant, 'members'> & { readonly members: Set<AnyResource> }>();
  for (const member of members) {
    const choice = choices.of(member);
    const excluded = claims.get(member) ?? noClaims;
    const key = `${choice.key} ${[...excluded].map(rival => position.get(rival)).join()}`;
    const variant = variants.get(key);
    if (variant !== undefined) {
      variant.members.add(member);
      continue;
    }
    const chosen = new Set(choice.chosen());
    const company = [...common, ...chosen]
      .filter(resource => !excluded.has(resource))
      .toSorted((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
    const leftOut = rivalRules.filter(rival => !chosen.has(rival));
    variants.set(key, { resources: company, alternatives: leftOut, members: new Set([member]) });
  }
  return [...variants.values()];
}

/** Which of the documents for one object are taken, for all objects that have several. */
interface Choice {
  /** Equal for equal choices. */
  readonly key: string;
  readonly chosen: () => readonly AnyResource[];
}

/** What a folder's files have nearest to them, object by object. */
interface Nearby {
  readonly key: string;
  readonly indices: readonly (readonly number[])[];
}

/**
 * The documents nearest to each file. Files of one folder mostly choose alike, so that the work is done once for a
 * folder, and for a file only where documents of it are among those to choose from.
 */
class Choices {
  readonly #groups: readonly (readonly AnyResource[])[];
  readonly #groupOf = new Map<AnyResource, number>();
  readonly #groupsInFile = new Map<string, Set<number>>();
  readonly #rulesByHost = new Map<string, Set<number>>();
  readonly #positions: readonly ReadonlyMap<string, readonly number[]>[];
  readonly #byFolder = new Map<string, Nearby>();

  constructor(resources: readonly AnyResource[]) {
    this.#groups = [...groupByIdentity(resources).values()].filter(group => group.length > 1);
    for (const [index, group] of this.#groups.entries()) {
      for (const resource of group) {
        this.#groupOf.set(resource, index);
        addTo(this.#groupsInFile, pathOf(resource), index);
        if (resource.type === 'istio.DestinationRule')
          addTo(this.#rulesByHost, resolveHost(resource.spec.host, resource.namespace), index);
      }
    }
    this.#positions = this.#groups.map(positionsByFolder);
  }

  /** Everything that has other documents for the same object beside it. */
  get rivals(): { readonly size: number; has(resource: AnyResource): boolean } & Iterable<AnyResource> {
    const all = this.#groupOf;
    return { size: all.size, has: resource => all.has(resource), [Symbol.iterator]: () => all.keys() };
  }

  of(member: AnyResource): Choice {
    const nearby = this.#nearby(folderOf(pathOf(member)));
    const special = this.#deviations(member, nearby);
    const indexOf = (group: number): number => special.get(group) ?? nearby.indices[group]?.[0] ?? 0;
    const key = special.size === 0 ? nearby.key : keyOfChoice(this.#groups.map((_, group) => indexOf(group)));
    return { key, chosen: () => this.#groups.flatMap((group, index) => group[indexOf(index)] ?? []) };
  }

  /** Where a VirtualService chooses otherwise than its folder. */
  #deviations(member: AnyResource, { indices }: Nearby): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    const file = pathOf(member);
    const note = (group: number, index: number): void => {
      if (index === (indices[group]?.[0] ?? 0)) found.delete(group);
      else found.set(group, index);
    };
    const wanted = subsetsNamedBy(member);
    const inFile = this.#groupsInFile.get(file) ?? noGroups;
    const groups = new Set(inFile);
    for (const host of wanted.hosts)
      for (const group of this.#rulesByHost.get(host) ?? noGroups) groups.add(group);
    for (const group of groups) {
      const documents = this.#groups[group] ?? [];
      const nearest = inFile.has(group) ? inThisFile(documents, file) : (indices[group] ?? []);
      note(group, fittest(documents, nearest, wanted.subsets));
    }
    const own = this.#groupOf.get(member);
    if (own !== undefined) note(own, (this.#groups[own] ?? []).indexOf(member));
    return found;
  }

  #nearby(folder: string): Nearby {
    const known = this.#byFolder.get(folder);
    if (known !== undefined) return known;
    const indices = this.#groups.map((group, index) => {
      // Nothing is nearer to a file than what lies beside it.
      return this.#positions[index]?.get(folder) ?? nearestTo(group, folder);
    });
    const nearby = { indices, key: keyOfChoice(indices.map(([first = 0]) => first)) };
    this.#byFolder.set(folder, nearby);
    return nearby;
  }
}

const noGroups: ReadonlySet<number> = new Set();

function keyOfChoice(indices: readonly number[]): string {
  return indices.join();
}

function addTo<Key>(map: Map<Key, Set<number>>, key: Key, value: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function positionsByFolder(group: readonly AnyResource[]): ReadonlyMap<string, readonly number[]> {
  const byFolder = new Map<string, number[]>();
  for (const [index, resource] of group.entries()) {
    const folder = folderOf(pathOf(resource));
    const known = byFolder.get(folder);
    if (known === undefined) byFolder.set(folder, [index]);
    else known.push(index);
  }
  return byFolder;
}

function pathOf({ source }: AnyResource): string {
  return source?.document.file.path ?? '';
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

/** @returns which of several documents stand in a file */
function inThisFile(group: readonly AnyResource[], file: string): readonly number[] {
  return group.flatMap((resource, index) => (pathOf(resource) === file ? [index] : []));
}

/** @returns which of several documents lie in the folder that shares most with one */
function nearestTo(group: readonly AnyResource[], folder: string): readonly number[] {
  const parts = folder.split('/');
  const scores = group.map(resource => closeness(folderOf(pathOf(resource)).split('/'), parts));
  const best = Math.max(...scores);
  return scores.flatMap((score, index) => (score === best ? [index] : []));
}

/** @returns of DestinationRules that are as near the first with the most subsets that a VirtualService names; else the first */
function fittest(
  group: readonly AnyResource[],
  nearby: readonly number[],
  wanted: ReadonlySet<string>,
): number {
  const [first = 0] = nearby;
  if (nearby.length < 2 || wanted.size === 0) return first;
  const counts = nearby.map(index => {
    const rule = group[index];
    if (rule?.type !== 'istio.DestinationRule') return 0;
    const host = resolveHost(rule.spec.host, rule.namespace);
    return (rule.spec.subsets ?? []).filter(({ name }) => wanted.has(`${host} ${name}`)).length;
  });
  return nearby[counts.indexOf(Math.max(...counts))] ?? first;
}

interface NamedSubsets {
  readonly hosts: ReadonlySet<string>;
  /** `HOST SUBSET`. */
  readonly subsets: ReadonlySet<string>;
}

function subsetsNamedBy(member: AnyResource): NamedSubsets {
  const hosts = new Set<string>();
  const subsets = new Set<string>();
  if (member.type !== 'istio.VirtualService') return { hosts, subsets };
  const { http = [], tls = [], tcp = [] } = member.spec;
  const destinations = [
    ...http.flatMap(httpDestinations),
    ...[...tls, ...tcp].flatMap(({ route = [] }) => route.map(({ destination }) => destination)),
  ];
  for (const { host, subset } of destinations) {
    if (!subset) continue;
    const name = resolveHost(host, member.namespace);
    hosts.add(name);
    subsets.add(`${name} ${subset}`);
  }
  return { hosts, subsets };
}

/** How much of a folder is shared with another; of as much, the one with less below it is nearer. */
function closeness(a: readonly string[], b: readonly string[]): number {
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
