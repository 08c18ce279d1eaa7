import { isSecret } from '../../2-decode/neighbour.ts';
import { placeOf } from '../../2-decode/place-of.ts';
import type { AnyResource } from '../../2-decode/resource.ts';
import { keyOf, type Report } from '../../diagnostics/diagnostic.ts';
import { canonicalJson } from '../canonical.ts';
import { folderOf } from '../gitops/kustomizations.ts';
import { resolveGateway, resolveHost, serviceNameOf } from '../host.ts';
import { extensionsOf } from '../policies/extensions.ts';
import { httpDestinations } from '../subsets/destinations.ts';
import { compareText } from '../virtual-services.ts';
import { type AlternativeClaims, alternativeClaims } from './alternative-claims.ts';
import { type Environment, environmentsOf } from './environments.ts';

/** Objects that can be in one cluster together, and those of them that are to be converted there. */
export interface Variant {
  readonly resources: readonly AnyResource[];
  /** The documents that were left out: others for the same objects. */
  readonly alternatives: readonly AnyResource[];
  readonly members: ReadonlySet<AnyResource>;
}

/** Objects that a VirtualService may be deployed with. */
export interface Context {
  /** Equal for VirtualServices with the same cluster. */
  readonly key: string;
  /** The difference from other contexts of the VirtualService: files, or the folder of an environment. */
  readonly name: string;
  /** In contexts of one environment, only the documents differ that stand beside each other. */
  readonly environment: string;
  readonly cluster: () => Pick<Variant, 'resources' | 'alternatives'>;
}

/** More ways to deploy a VirtualService than this are not tried out. */
const MAX_CONTEXTS = 12;

/**
 * Finds what each VirtualService may be deployed with. Repositories keep alternatives side by side: environments, steps of
 * a lesson, variants of a test. A cluster has only one of two documents for the same object: the one nearest to the
 * VirtualService, of DestinationRules that are as near the one with its subsets. Where nothing tells which, or where the
 * VirtualService belongs to several environments, there are several contexts.
 *
 * @param inputs what is to be converted; the rest is only read for reference
 * @param claims where somebody knows them
 */
export function contextsOf(
  resources: readonly AnyResource[],
  inputs: ReadonlySet<AnyResource>,
  claims: AlternativeClaims = alternativeClaims(resources),
): ReadonlyMap<AnyResource, readonly Context[]> {
  const members = resources.filter(
    resource => inputs.has(resource) && resource.type === 'istio.VirtualService',
  );
  const choices = new Choices(resources);
  const environments = environmentsOf(resources);
  const position = new Map(resources.map((resource, index) => [resource, index]));
  const { rivals } = choices;
  const common = rivals.size === 0 ? resources : resources.filter(resource => !rivals.has(resource));
  // Without anything to choose, the files of a folder in the same environments have the same contexts.
  const plain = new Map<string, Map<readonly Environment[], readonly Context[]>>();
  return new Map(
    members.map(member => {
      const deployed = environments.of(pathOf(member));
      const isPlain = rivals.size === 0 && !claims.has(member);
      const folder = folderOf(pathOf(member));
      const known = isPlain ? plain.get(folder)?.get(deployed) : undefined;
      if (known !== undefined) return [member, known] as const;
      const excluded = claims.get(member) ?? noClaims;
      const claimed = [...excluded].map(rival => position.get(rival)).join();
      const all = deployed.flatMap(environment =>
        choices.of(member, environment).map((choice): Context => {
          const cluster = (): Pick<Variant, 'resources' | 'alternatives'> => {
            const chosen = new Set(choice.chosen());
            const present = [...common.filter(resource => environment.has(pathOf(resource))), ...chosen]
              .filter(resource => !excluded.has(resource))
              .toSorted((x, y) => (position.get(x) ?? 0) - (position.get(y) ?? 0));
            const isPresent = new Set(present);
            // DestinationRules are the only objects left out that anything asks for.
            const alternatives = resources.filter(
              resource => resource.type === 'istio.DestinationRule' && !isPresent.has(resource),
            );
            return { resources: present, alternatives };
          };
          return {
            key: `${choice.key} ${claimed} ${environment.key}`,
            name: choice.name ?? environment.name,
            environment: environment.key,
            cluster,
          };
        }),
      );
      const contexts = distinct(all);
      if (isPlain) plain.set(folder, (plain.get(folder) ?? new Map()).set(deployed, contexts));
      return [member, contexts] as const;
    }),
  );
}

/** Environments that hold the same objects, but for what nothing here depends on, are one. */
function distinct(contexts: readonly Context[]): readonly Context[] {
  if (contexts.length < 2) return contexts;
  const numbers = new Map<AnyResource, number>();
  const numberOf = (resource: AnyResource): number => {
    const known = numbers.get(resource) ?? numbers.size;
    numbers.set(resource, known);
    return known;
  };
  const seen = new Set<string>();
  return contexts.slice(0, MAX_CONTEXTS).filter(({ cluster }) => {
    const relevant = cluster().resources.filter(({ type }) => !appliers.has(type));
    const key = relevant.map(numberOf).join();
    return seen.size < seen.add(key).size;
  });
}

/**
 * Puts VirtualServices with the same cluster together.
 *
 * @param preferred which of its contexts each VirtualService has; the first where nothing is said
 */
export function variantsOf(
  resources: readonly AnyResource[],
  inputs: ReadonlySet<AnyResource>,
  contexts: ReadonlyMap<AnyResource, readonly Context[]> = contextsOf(resources, inputs),
  preferred: ReadonlyMap<AnyResource, Context> = new Map(),
): readonly Variant[] {
  const variants = new Map<string, Omit<Variant, 'members'> & { readonly members: Set<AnyResource> }>();
  for (const [member, [first]] of contexts) {
    const context = preferred.get(member) ?? first;
    if (context === undefined) continue;
    const variant = variants.get(context.key);
    if (variant === undefined)
      variants.set(context.key, { ...context.cluster(), members: new Set([member]) });
    else variant.members.add(member);
  }
  return variants.size === 0 ? [{ resources, alternatives: [], members: new Set() }] : [...variants.values()];
}

/** Which of the documents for one object are taken, for all objects that have several. */
interface Choice {
  /** Equal for equal choices. */
  readonly key: string;
  /** The files that were chosen where others are as near; undefined where nothing had to be chosen. */
  readonly name: string | undefined;
  readonly chosen: () => readonly AnyResource[];
}

/** The documents nearest to a folder's files, object by object. */
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
  readonly #byIdentity = new Map<string, number>();
  readonly #rulesByHost = new Map<string, Set<number>>();
  readonly #positions: readonly ReadonlyMap<string, readonly number[]>[];
  readonly #byFolder = new Map<string, Nearby>();

  constructor(resources: readonly AnyResource[]) {
    this.#groups = [...groupByIdentity(resources).values()].filter(group => group.length > 1);
    for (const [index, group] of this.#groups.entries()) {
      const [first] = group;
      if (first !== undefined) this.#byIdentity.set(identityOf(first), index);
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

  /**
   * @returns what a VirtualService can be deployed with in an environment; several where nothing tells which of the
   * documents for an object that it uses is meant
   */
  of(member: AnyResource, environment: Environment): readonly Choice[] {
    const nearby = this.#nearby(folderOf(pathOf(member)));
    const special = this.#deviations(member, nearby);
    const ties = this.#ties(member, nearby, special, environment);
    return combinations(ties).map(tied => {
      const indexOf = (group: number): number =>
        tied.get(group) ?? special.get(group) ?? nearby.indices[group]?.[0] ?? 0;
      const key =
        special.size + tied.size === 0
          ? nearby.key
          : keyOfChoice(this.#groups.map((_, group) => indexOf(group)));
      const files = [...tied].map(([group, index]) => pathOf(this.#groups[group]?.[index] ?? member));
      const chosen = (): readonly AnyResource[] =>
        this.#groups.flatMap((group, index) =>
          inEnvironment(group, indexOf(index), environment, pathOf(member)),
        );
      return { key, name: files.length === 0 ? undefined : files.join(' and '), chosen };
    });
  }

  /** The documents that are as near, for objects that a VirtualService uses, as far as they differ. */
  #ties(
    member: AnyResource,
    nearby: Nearby,
    special: ReadonlyMap<number, number>,
    environment: Environment,
  ): readonly (readonly (readonly [number, number])[])[] {
    const own = this.#groupOf.get(member);
    return [...this.#usedBy(member)].flatMap(group => {
      if (group === own) return [];
      const documents = this.#groups[group] ?? [];
      const inFile = this.#inThisFile(group, pathOf(member));
      const near = inFile.length > 0 ? inFile : (nearby.indices[group] ?? []);
      const present = near.filter(index => environment.has(pathOf(documents[index] ?? member)));
      const best = special.get(group) ?? near[0] ?? 0;
      const rank = (index: number): number => subsetsOf(documents[index], member);
      const equal = present.filter(index => rank(index) === rank(best));
      const contents = new Map(equal.map(index => [contentOf(documents[index]), [group, index] as const]));
      // The names of files say nothing: the document that sets the least comes first.
      const plainest = [...contents].toSorted(([a], [b]) => a.length - b.length || compareText(a, b));
      return plainest.length < 2 ? [] : [plainest.map(([, choice]) => choice)];
    });
  }

  /** @returns which of the documents of a group stand in a file */
  #inThisFile(group: number, file: string): readonly number[] {
    const documents = this.#groups[group] ?? [];
    const beside = this.#positions[group]?.get(folderOf(file)) ?? [];
    return beside.filter(index => {
      const resource = documents[index];
      return resource !== undefined && pathOf(resource) === file;
    });
  }

  #usedBy(member: AnyResource): ReadonlySet<number> {
    const groups = new Set<number>();
    if (member.type !== 'istio.VirtualService' || this.#groups.length === 0) return groups;
    const add = (found: number | undefined): unknown => (found === undefined ? undefined : groups.add(found));
    const { gateways = [], hosts = [], http = [], tls = [], tcp = [] } = member.spec;
    for (const gateway of gateways)
      if (gateway !== 'mesh')
        add(this.#byIdentity.get(`istio.Gateway ${resolveGateway(gateway, member.namespace)}`));
    for (const { delegate } of http)
      if (delegate !== undefined)
        add(
          this.#byIdentity.get(
            `istio.VirtualService ${delegate.namespace || member.namespace}/${delegate.name ?? ''}`,
          ),
        );
    const destinations = [
      ...http.flatMap(httpDestinations),
      ...[...tls, ...tcp].flatMap(({ route = [] }) => route.map(({ destination }) => destination)),
    ];
    for (const name of new Set([...hosts, ...destinations.map(({ host }) => host)])) {
      const host = resolveHost(name, member.namespace);
      const service = serviceNameOf(host);
      if (service !== undefined)
        add(this.#byIdentity.get(`core.Service ${service.namespace}/${service.name}`));
      for (const group of this.#rulesByHost.get(host) ?? noGroups) groups.add(group);
    }
    return groups;
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
      const nearest = inFile.has(group) ? this.#inThisFile(group, file) : (indices[group] ?? []);
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

/** @returns the document that was chosen, or the nearest of those that are in an environment, if any */
function inEnvironment(
  group: readonly AnyResource[],
  chosen: number,
  environment: Environment,
  file: string,
): readonly AnyResource[] {
  const first = group[chosen];
  if (first !== undefined && environment.has(pathOf(first))) return [first];
  const present = group.filter(resource => environment.has(pathOf(resource)));
  const [index = 0] = nearestTo(present, folderOf(file));
  return present.slice(index, index + 1);
}

/** @returns every way to take one of each list, up to a limit; one way to take nothing */
function combinations(
  lists: readonly (readonly (readonly [number, number])[])[],
): readonly ReadonlyMap<number, number>[] {
  return lists.reduce<readonly ReadonlyMap<number, number>[]>(
    (found, list) => found.flatMap(one => list.map(pair => new Map([...one, pair]))).slice(0, MAX_CONTEXTS),
    [new Map()],
  );
}

/** The content of a document, but for where it stands. */
function contentOf(resource: AnyResource | undefined): string {
  return canonicalJson({ metadata: resource?.metadata, spec: resource?.spec });
}

/** @returns how many of the subsets that a VirtualService names a DestinationRule has */
function subsetsOf(rule: AnyResource | undefined, member: AnyResource): number {
  if (rule?.type !== 'istio.DestinationRule') return 0;
  const wanted = subsetsNamedBy(member).subsets;
  const host = resolveHost(rule.spec.host, rule.namespace);
  return (rule.spec.subsets ?? []).filter(({ name }) => wanted.has(`${host} ${name}`)).length;
}

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

/** An object that applies alternatives is none itself: whichever cluster it is for, its patches count. */
const appliers: ReadonlySet<string> = new Set([
  'kustomize.Kustomization',
  'flux.Kustomization',
  'argo.Application',
]);

function identityOf({ type, apiVersion, kind, namespace, name }: AnyResource): string {
  const other = type === 'other.Object' ? `${apiVersion.split('/')[0]} ${kind} ` : '';
  return `${type} ${other}${namespace}/${name}`;
}

function groupByIdentity(resources: readonly AnyResource[]): ReadonlyMap<string, readonly AnyResource[]> {
  const groups = new Map<string, AnyResource[]>();
  for (const resource of resources) {
    // The Secrets of all environments count: one is only looked for by its name.
    if (appliers.has(resource.type) || isSecret(resource)) continue;
    const identity = identityOf(resource);
    const known = groups.get(identity);
    if (known === undefined) groups.set(identity, [resource]);
    else known.push(resource);
  }
  return groups;
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

/** Each name once, with the number of its documents: `shop/cart (3 documents), shop/basket`. */
function counted(names: readonly string[]): string {
  const numbers = new Map<string, number>();
  for (const name of names) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  return [...numbers]
    .map(([name, number]) => (number === 1 ? name : `${name} (${number} documents)`))
    .join(', ');
}

/** Says of every VirtualService whose host others claim as well that they are taken for alternatives. */
export function reportAlternativeClaims(
  claims: AlternativeClaims,
  inputs: ReadonlySet<AnyResource>,
  report: Report,
): void {
  for (const [resource, rivals] of claims) {
    if (!inputs.has(resource)) continue;
    const others = counted([...rivals].map(({ namespace, name }) => `${namespace}/${name}`));
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
