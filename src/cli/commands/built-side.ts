import { isKustomizationFile } from '../../1-read/manifests.ts';
import { isValuesFile } from '../../1-read/unread-text.ts';
import type { AnyResource } from '../../2-decode/resource.ts';
import { readResources } from '../../read-resources.ts';
import { type Attribution, attributionOf } from '../../review/attribute.ts';
import type { UnreadPart } from '../../review/build-kustomization.ts';
import { environmentsOf } from '../../review/environments.ts';
import { type IdleObject, idleObjects } from '../../review/idle-objects.ts';
import { mergeVerifications } from '../../review/merge-verifications.ts';
import { relocated } from '../../review/relocate.ts';
import { type RemovedUse, removedUses } from '../../suggest/removed-uses.ts';
import { generatorDifferences } from '../../verify/generators.ts';
import { isNamedTemplates, type UnreadDifference } from '../../verify/unread.ts';
import { type Verification, type VerifyOptions, verify } from '../../verify/verify.ts';
import type { SourceFile } from '../../yaml/source.ts';
import {
  type BuiltOverlay,
  buildOverlays,
  kustomizationFolders,
  overlayRoots,
  pathFrom,
} from '../files/overlays.ts';
import { isInside } from '../files/paths.ts';
import type { ReadFile } from '../files/read.ts';
import type { Problem } from '../problem.ts';
import type { World } from '../world.ts';

/** One side of a comparison: its overlays, built, and the manifests that no overlay uses. */
export interface BuiltSide {
  /** By the folder, relative to the tree that is compared. */
  readonly overlays: ReadonlyMap<string, BuiltOverlay>;
  readonly plain: readonly SourceFile[];
  /** Manifests beside a kustomization that none lists, so that nobody applies them. */
  readonly unlisted: readonly SourceFile[];
  /** Why an overlay could not be built. */
  readonly failures: readonly Problem[];
  /** Templates and sources of generators, which nobody runs. */
  readonly sources: readonly SourceFile[];
}

/** Where a side is. */
export interface SideSetting {
  /** The folder of the tree that is compared, absolute. */
  readonly top: string;
  readonly world: World;
  /** The name of an absolute path for people. */
  readonly shown: (path: string) => string;
  /** Whether an overlay, by its folder relative to the tree, is one to build; all roots where nobody says. */
  readonly isRoot?: (folder: string) => boolean;
  /** Texts that are no manifests; the values of charts among them decide what templates make. */
  readonly beside?: readonly SourceFile[];
  readonly sources?: readonly SourceFile[];
}

/** Builds the overlays among some files. */
export function buildSide(files: readonly ReadFile[], setting: SideSetting): BuiltSide {
  const { top, world, shown, isRoot, beside = [], sources = [] } = setting;
  const folders = kustomizationFolders(files);
  const roots =
    isRoot === undefined
      ? overlayRoots(folders, top, world)
      : folders.filter(folder => isRoot(pathFrom(top, folder)));
  const built = buildOverlays(roots, top, world, shown);
  const used = new Set(built.flatMap(({ reach }) => [...reach.files]));
  const rest = files.filter(({ absolute }) => !used.has(absolute));
  const isBeside = ({ absolute }: ReadFile): boolean => folders.some(folder => isInside(absolute, folder));
  const isKustomization = ({ absolute }: ReadFile): boolean => isKustomizationFile(absolute);
  return {
    overlays: new Map(built.map(overlay => [pathFrom(top, overlay.folder), overlay])),
    plain: [
      ...rest.filter(file => !isBeside(file)).map(({ source }) => source),
      ...[...beside, ...sources].filter(({ path }) => isOfChart(path)),
    ],
    unlisted: rest.filter(file => isBeside(file) && !isKustomization(file)).map(({ source }) => source),
    failures: built.flatMap(({ failure }) => failure ?? []),
    sources: sources.filter(({ path }) => !isOfChart(path)),
  };
}

/** Values and named templates, which decide what the templates of a chart make. */
function isOfChart(path: string): boolean {
  return isValuesFile(path) || isNamedTemplates(path);
}

/** The result of a comparison of two sides. */
export interface ComparedSides {
  readonly verification: Verification;
  /** The names of the environments; one, which is empty, where they cannot be told apart. */
  readonly environments: readonly string[];
  /** The tools that built the overlays. */
  readonly builders: readonly string[];
  /** Parts that are taken away from VirtualServices that stay; looked for where requests are lost. */
  readonly removals: readonly RemovedUse[];
  /** VirtualServices that are added beside an older one for their host; looked for where somebody asks. */
  readonly idle: readonly IdleObject[];
  /** Parts of overlays that were not read, such as remote resources, whether both sides have them or one. */
  readonly unread: readonly UnreadPart[];
}

/** Further inputs of a comparison for a pull request. */
export interface PullSetting {
  /** Files that a rule is more likely to come from. */
  readonly preferred: ReadonlySet<string>;
  /** From so many objects on, only the hosts are asked that a change can reach. */
  readonly many: number;
  /** Whether there may be objects beside an older VirtualService for their host. */
  readonly looksForIdle: boolean;
}

const plainSetting: PullSetting = {
  preferred: new Set(),
  many: Number.POSITIVE_INFINITY,
  looksForIdle: false,
};

/** Compares two sides, environment by environment. */
export function compareSides(
  before: BuiltSide,
  after: BuiltSide,
  facts: readonly SourceFile[],
  options: VerifyOptions,
  { preferred, many, looksForIdle }: PullSetting = plainSetting,
): ComparedSides {
  const folders = [...new Set([...before.overlays.keys(), ...after.overlays.keys()])].toSorted();
  const objectsOf = (files: readonly SourceFile[]): readonly AnyResource[] =>
    readResources(files, options.namespace, () => undefined);
  const sourceOf = (side: BuiltSide, folder: string): readonly SourceFile[] => {
    const overlay = side.overlays.get(folder);
    return overlay === undefined ? [] : [overlay.source];
  };
  const units = folders.map(folder => ({
    folder,
    resources: [before, after].flatMap(side => objectsOf(sourceOf(side, folder))),
  }));
  const environments = environmentsOf(units);
  const compared = environments.map(({ name, units: own }) => {
    const textsOf = (side: BuiltSide): readonly SourceFile[] => [
      ...own.flatMap(index => sourceOf(side, folders[index] ?? '')),
      ...side.plain,
    ];
    const sides = [textsOf(before), textsOf(after)] as const;
    const verification = verify(...sides, facts, options, many);
    const isLosing = losesRequests(verification);
    if (!isLosing && !looksForIdle) return { environment: name, verification, removals: [], idle: [] };
    const objects = [objectsOf([...sides[0], ...facts]), objectsOf([...sides[1], ...facts])] as const;
    return {
      environment: name,
      verification,
      removals: isLosing ? removedUses(...objects) : [],
      idle: looksForIdle ? idleObjects(...objects) : [],
    };
  });
  const merged = relocated(mergeVerifications(compared), relocation(before, after, preferred));
  const unread = [...unreadParts(before, after), ...generatorDifferences(before.sources, after.sources)];
  return {
    verification: {
      ...merged,
      same: merged.same && unread.length === 0,
      unread: [...merged.unread, ...unread],
    },
    environments: environments.map(({ name }) => name),
    idle: distinctIdle(compared.flatMap(({ idle }) => idle)),
    removals: distinctRemovals(compared.flatMap(({ removals }) => removals)),
    unread: distinctParts(
      [before, after].flatMap(side => [...side.overlays.values()].flatMap(overlay => overlay.unread)),
    ),
    builders: [
      ...new Set([before, after].flatMap(side => [...side.overlays.values()].map(({ builder }) => builder))),
    ],
  };
}

function losesRequests({ causes, connectionCauses }: Verification): boolean {
  return causes.some(({ effect }) => effect === 'lost') || connectionCauses.length > 0;
}

function distinctParts(parts: readonly UnreadPart[]): readonly UnreadPart[] {
  return [...new Map(parts.map(part => [JSON.stringify([part.path, part.reason]), part])).values()];
}

function distinctIdle(objects: readonly IdleObject[]): readonly IdleObject[] {
  return [...new Map(objects.map(one => [JSON.stringify([one.object, one.by]), one])).values()];
}

/** Several environments lose the same. */
function distinctRemovals(removals: readonly RemovedUse[]): readonly RemovedUse[] {
  return [...new Map(removals.map(one => [JSON.stringify([one.part, one.owner, one.users]), one])).values()];
}

/** Parts of overlays that were not read, where the other side does not have the same. */
function unreadParts(before: BuiltSide, after: BuiltSide): readonly UnreadDifference[] {
  const partsOf = (side: BuiltSide) =>
    new Map(
      [...side.overlays].flatMap(([folder, { unread, files }]) =>
        unread.map(({ path, reason }) => {
          const text = files.find(file => file.path === path)?.text ?? '';
          return [JSON.stringify([folder, reason, text]), path] as const;
        }),
      ),
    );
  const unlistedOf = ({ unlisted }: BuiltSide) =>
    new Map(unlisted.map(({ path, text }) => [text.trim(), path] as const));
  const [old, now] = [partsOf(before), partsOf(after)];
  const only = (mine: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>) => [
    ...new Set([...mine].flatMap(([key, path]) => (others.has(key) ? [] : [path]))),
  ];
  return [
    ...only(old, now).map(path => ({ path, side: 'before', reason: 'kustomization' }) as const),
    ...only(now, old).map(path => ({ path, side: 'after', reason: 'kustomization' }) as const),
    ...only(unlistedOf(before), unlistedOf(after)).map(
      path => ({ path, side: 'before', reason: 'unlisted' }) as const,
    ),
    ...only(unlistedOf(after), unlistedOf(before)).map(
      path => ({ path, side: 'after', reason: 'unlisted' }) as const,
    ),
  ];
}

function relocation(
  before: BuiltSide,
  after: BuiltSide,
  preferred: ReadonlySet<string>,
): Parameters<typeof relocated>[1] {
  const attributions = ([before, after] as const).map(
    side =>
      new Map<string, Attribution>(
        [...side.overlays.values()].map(({ source, files }) => [
          source.path,
          attributionOf(files, preferred),
        ]),
      ),
  );
  return (side, rule, location) => attributions[side === 'before' ? 0 : 1]?.get(location.file)?.(rule);
}
