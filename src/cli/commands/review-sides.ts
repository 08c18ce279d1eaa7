import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type fastGlob from 'fast-glob';
import { type ChangedObject, changedObjects } from '../../review/changed-objects.ts';
import { type Review, reviewOf } from '../../review/review.ts';
import type { DiffFile } from '../../suggest/diff.ts';
import type { VerifyOptions } from '../../verify/verify.ts';
import { baseTree } from '../files/base-tree.ts';
import { readSources } from '../files/beside.ts';
import { mergeBase } from '../files/git.ts';
import { renderCharts } from '../files/helm-charts.ts';
import { pathFrom } from '../files/overlays.ts';
import { isInside, realPath } from '../files/paths.ts';
import { type Inputs, readInputs } from '../files/read.ts';
import { toOptions } from '../flags/flags.ts';
import { rootOf } from '../forge/pull-inputs.ts';
import type { Problem } from '../problem.ts';
import type { World } from '../world.ts';
import { buildSide, compareSides } from './built-side.ts';
import { tell } from './converting.ts';
import type { ReviewFlags } from './review.ts';

/** A review of more objects than these asks only the hosts that the pull request can reach. */
const MANY_OBJECTS = 1000;

const loadGlob = (): typeof fastGlob => createRequire(import.meta.url)('fast-glob');

/** The input of a review, or the reason why there is none. */
export type Reviewed =
  | { readonly kind: 'review'; readonly review: Review; readonly problems: readonly Problem[] }
  /** Something cannot be read or built; it was told. */
  | { readonly kind: 'broken' };

/**
 * Reads the tree at the merge base and as it is checked out, builds the overlays and charts of both, and compares them.
 *
 * @param base the branch or commit that the pull request goes to, and what has changed since
 * @param world with the configuration and ignore files that count
 * @throws Refusal where git does not know the way back
 */
export async function reviewSides(
  paths: readonly string[],
  { base, diff }: { readonly base: string; readonly diff: readonly DiffFile[] },
  flags: ReviewFlags,
  world: World,
): Promise<Reviewed> {
  const { root, fromRoot } = rootOf(world);
  const top = realPath(root);
  const commit = mergeBase(base, world);
  const tree = baseTree(commit, world);
  try {
    const wanted = paths.map(fromRoot);
    const old = await sideOf(wanted, tree.folder, flags, world);
    const now = await sideOf(wanted, top, flags, world);
    const facts = await readInputs((flags.with ?? []).map(fromRoot), { ...world, cwd: top }, {});
    // A folder that only one side has is a change and no mistake.
    const isMissing = (path: string, other: Inputs) => other.read.some(file => isUnder(file.path, path));
    const problems = [
      ...old.inputs.problems.filter(({ path }) => !isMissing(path, now.inputs) && !wanted.includes(path)),
      ...now.inputs.problems.filter(({ path }) => !isMissing(path, old.inputs)),
    ];
    tell([...problems, ...facts.problems], world, flags);
    const failures = [...old.failures, ...now.failures];
    tell(failures, world, flags);
    if (failures.length > 0) return { kind: 'broken' };
    const { from: _from, ...options } = toOptions(flags);
    const outlook: VerifyOptions = { ...options, ...(flags.from === undefined ? {} : { from: flags.from }) };
    const changed = new Set(
      diff.flatMap(({ path, oldPath }) => [path, ...(oldPath === undefined ? [] : [oldPath])]),
    );
    const textIn = ({ inputs }: Side) => {
      const texts = new Map(inputs.read.map(({ source }) => [source.path, source.text]));
      return (path: string) => texts.get(path);
    };
    const objects = changedObjects(diff, textIn(old), textIn(now));
    const compared = compareSides(
      old.side,
      now.side,
      facts.read.map(({ source }) => source),
      outlook,
      {
        preferred: changed,
        many: MANY_OBJECTS,
        looksForIdle: objects.some(addsRules) && flags.from !== 'ambient',
      },
    );
    const review = reviewOf({
      ...compared,
      base: { name: base, commit },
      diff,
      objects,
      unread: [
        ...[...new Set([...old.unread, ...now.unread])].map(path => ({ path, reason: 'template' })),
        ...compared.unread,
      ],
    });
    return { kind: 'review', review, problems };
  } finally {
    tree.remove();
  }
}

/** Whether an object may be for a host that something older has. */
function addsRules({ kind, change }: ChangedObject): boolean {
  return change === 'added' && (kind === 'VirtualService' || /^(?:HTTP|GRPC|TLS|TCP)Route$/.test(kind));
}

function isUnder(file: string, path: string): boolean {
  return path === '.' || file === path || file.startsWith(`${path}/`);
}

interface Side {
  readonly inputs: Inputs;
  readonly side: ReturnType<typeof buildSide>;
  readonly failures: readonly Problem[];
  /** Charts that nothing renders. */
  readonly unread: readonly string[];
}

/** Reads one tree; all paths are from its top. */
async function sideOf(
  paths: readonly string[],
  top: string,
  flags: ReviewFlags,
  world: World,
): Promise<Side> {
  const there = { ...world, cwd: top };
  const inputs = await readInputs(paths, there, { ignoreFiles: flags.ignore, exclude: flags.exclude });
  const shown = (path: string): string => pathFrom(top, path);
  const charts = renderCharts(inputs.read, there, shown);
  const isUnrendered = (file: string): boolean => !charts.folders.some(folder => isInside(file, folder));
  const roots = flags.root === undefined ? undefined : rootsNamed(flags.root, top);
  const side = buildSide(charts.files, {
    top,
    world: there,
    shown,
    beside: inputs.beside.filter(({ path }) => isUnrendered(join(top, path))),
    sources: readSources(inputs.sources.filter(({ absolute }) => isUnrendered(absolute))),
    ...(roots === undefined ? {} : { isRoot: folder => roots.has(folder) }),
  });
  return {
    inputs,
    side: { ...side, plain: [...side.plain, ...charts.rendered] },
    failures: [...side.failures, ...charts.failures],
    unread: charts.unread,
  };
}

function rootsNamed(patterns: readonly string[], top: string): ReadonlySet<string> {
  const found = patterns.flatMap(pattern =>
    loadGlob().isDynamicPattern(pattern)
      ? loadGlob().globSync(pattern, { cwd: top, onlyDirectories: true, followSymbolicLinks: false })
      : [pattern],
  );
  return new Set(found.map(path => pathFrom(top, resolve(join(top, path)))));
}
