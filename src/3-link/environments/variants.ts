import type { AnyResource } from '../../2-decode/resource.ts';
import { folderOf } from '../gitops/kustomizations.ts';
import { type AlternativeClaims, alternativeClaims } from './alternative-claims.ts';
import { Choices, MAX_CONTEXTS } from './choices.ts';
import { type Environment, environmentsOf } from './environments.ts';
import { appliers, pathOf } from './identity.ts';
import { landingIn } from './landing.ts';

/** Objects that can be in one cluster together, and those of them that are to be converted there. */
export interface Variant {
  readonly resources: readonly AnyResource[];
  /** The documents that were left out: others for the same objects. */
  readonly alternatives: readonly AnyResource[];
  readonly members: ReadonlySet<AnyResource>;
  /** As in the cluster of a context. */
  readonly readAs: ContextCluster['readAs'];
}

/** Objects that a VirtualService may be deployed with. */
export interface Context {
  /** Equal for VirtualServices with the same cluster. */
  readonly key: string;
  /** The difference from other contexts of the VirtualService: files, or the folder of an environment. */
  readonly name: string;
  /** In contexts of one environment, only the documents differ that stand beside each other. */
  readonly environment: string;
  readonly cluster: () => ContextCluster;
}

/** The objects of a context. */
export interface ContextCluster extends Pick<Variant, 'resources' | 'alternatives'> {
  /**
   * The object as it was read, for those that the environment deploys to another namespace than the one that a run goes by.
   * The first of the contexts of a VirtualService has itself as it was read.
   */
  readonly readAs: ReadonlyMap<AnyResource, AnyResource>;
}

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
  const landing = landingIn(resources);
  const position = new Map(resources.map((resource, index) => [resource, index]));
  const { rivals } = choices;
  const common = rivals.size === 0 ? resources : resources.filter(resource => !rivals.has(resource));
  // Without anything to choose, the files of a folder in the same environments have the same contexts.
  const plain = new Map<string, Map<readonly Environment[], readonly Context[]>>();
  return new Map(
    members.map(member => {
      const deployed = landing.firstAsRead(member, environments.of(pathOf(member)));
      const isPlain = rivals.size === 0 && !claims.has(member);
      const folder = folderOf(pathOf(member));
      const known = isPlain ? plain.get(folder)?.get(deployed) : undefined;
      if (known !== undefined) return [member, known] as const;
      const excluded = claims.get(member) ?? noClaims;
      const claimed = [...excluded].map(rival => position.get(rival)).join();
      const all = deployed.flatMap(environment =>
        choices.of(member, environment).map((choice): Context => {
          const cluster = (): ContextCluster => {
            const chosen = new Set(choice.chosen());
            // A patch of any environment is for the documents that all of them share.
            const has = (resource: AnyResource): boolean =>
              appliers.has(resource.type) || environment.has(pathOf(resource));
            const present = [...common.filter(has), ...chosen]
              .filter(resource => !excluded.has(resource))
              .toSorted((x, y) => (position.get(x) ?? 0) - (position.get(y) ?? 0));
            const isPresent = new Set(present);
            // DestinationRules are the only objects left out that anything asks for.
            const alternatives = resources.filter(
              resource => resource.type === 'istio.DestinationRule' && !isPresent.has(resource),
            );
            const readAs = new Map<AnyResource, AnyResource>();
            const landed = present.map(resource => {
              const moved = landing.movedIn(environment, resource);
              if (moved !== resource) readAs.set(moved, resource);
              return moved;
            });
            return { resources: landed, alternatives, readAs };
          };
          return {
            key: `${choice.key} ${claimed} ${environment.key}`,
            name: choice.name ?? environment.name,
            environment: environment.key,
            cluster,
          };
        }),
      );
      const contexts = distinct(all, landing.isTold);
      if (isPlain) plain.set(folder, (plain.get(folder) ?? new Map()).set(deployed, contexts));
      return [member, contexts] as const;
    }),
  );
}

const noClaims: ReadonlySet<AnyResource> = new Set();

/**
 * Environments that hold the same objects, but for what nothing here depends on, are one; so are those that only deploy them to
 * different namespaces, unless something names one of these.
 */
function distinct(
  contexts: readonly Context[],
  isTold: (resource: AnyResource) => boolean,
): readonly Context[] {
  if (contexts.length < 2) return contexts;
  const numbers = new Map<AnyResource, number>();
  const numberOf = (resource: AnyResource): number => {
    const known = numbers.get(resource) ?? numbers.size;
    numbers.set(resource, known);
    return known;
  };
  const seen = new Set<string>();
  return contexts.slice(0, MAX_CONTEXTS).filter(({ cluster }) => {
    const { resources, readAs } = cluster();
    const asRead = (resource: AnyResource): AnyResource => readAs.get(resource) ?? resource;
    const relevant = resources.filter(({ type }) => !appliers.has(type));
    const namespaces = relevant.some(resource => isTold(asRead(resource)))
      ? relevant.map(({ namespace }) => namespace)
      : [];
    const key = JSON.stringify([relevant.map(resource => numberOf(asRead(resource))), namespaces]);
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
  return variants.size === 0
    ? [{ resources, alternatives: [], members: new Set(), readAs: new Map() }]
    : [...variants.values()];
}
