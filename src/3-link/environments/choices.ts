import type { AnyResource } from '../../2-decode/resource.ts';
import { canonicalJson } from '../canonical.ts';
import { folderOf } from '../gitops/kustomizations.ts';
import { resolveGateway, resolveHost, serviceNameOf } from '../host.ts';
import { httpDestinations } from '../subsets/destinations.ts';
import { compareText } from '../virtual-services.ts';
import type { Environment } from './environments.ts';
import { groupByIdentity, identityOf, pathOf } from './identity.ts';
import { fittest, subsetsNamedBy, subsetsOf } from './named-subsets.ts';
import { inEnvironment, nearestTo, positionsByFolder } from './nearest-documents.ts';

/** More ways to deploy a VirtualService than this are not tried out. */
export const MAX_CONTEXTS = 12;

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
export class Choices {
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
    const { subsets: wanted } = subsetsNamedBy(member);
    return [...this.#usedBy(member)].flatMap(group => {
      if (group === own) return [];
      const documents = this.#groups[group] ?? [];
      const inFile = this.#inThisFile(group, pathOf(member));
      const near = inFile.length > 0 ? inFile : (nearby.indices[group] ?? []);
      const present = near.filter(index => environment.has(pathOf(documents[index] ?? member)));
      const best = special.get(group) ?? near[0] ?? 0;
      const rank = (index: number): number => subsetsOf(documents[index], wanted);
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

function keyOfChoice(indices: readonly number[]): string {
  return indices.join();
}

function addTo<Key>(map: Map<Key, Set<number>>, key: Key, value: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}
