import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { isKustomizationFile } from '../../1-read/manifests.ts';
import { MAX_FILE_SIZE } from '../../1-read/read-file.ts';
import { printYaml } from '../../6-emit/print.ts';
import { buildKustomization, type UnreadPart } from '../../review/build-kustomization.ts';
import { type Reach, reachOf, rootsAmong, type Tree } from '../../review/kustomization-tree.ts';
import type { SourceFile } from '../../yaml/source.ts';
import type { Problem } from '../problem.ts';
import type { World } from '../world.ts';
import { repositoryOf } from './ignore-files.ts';
import { isInside, realPath } from './paths.ts';

/** The tool that builds overlays. */
export type Builder = 'kustomize' | 'kubectl kustomize' | 'vs2route';

/** An overlay, as it is applied. */
export interface BuiltOverlay {
  /** Absolute. */
  readonly folder: string;
  /** The result, under the name of its folder. */
  readonly source: SourceFile;
  readonly builder: Builder;
  readonly reach: Reach;
  /** The files that it is made of, with the paths that people know. */
  readonly files: readonly SourceFile[];
  readonly unread: readonly UnreadPart[];
  /** Why there is no source; nothing stands in for it. */
  readonly failure: Problem | undefined;
}

/** How long a build may take, in milliseconds. */
const PATIENCE = 60_000;

/** Larger than any overlay. */
const MAX_OUTPUT = 2 ** 28;

/**
 * Builds overlays by the kustomize or kubectl of the path, else by our own reading. An overlay with a remote resource is always
 * read by ourselves, so that nothing is fetched on behalf of whoever wrote it; the resource is named as not read.
 *
 * @param folders absolute, each with a kustomization
 * @param top of the tree that they are in, absolute
 * @param shown what a path is called for people
 */
export function buildOverlays(
  folders: readonly string[],
  top: string,
  world: World,
  shown: (path: string) => string,
): readonly BuiltOverlay[] {
  const tools = toolFinder(world);
  return folders.map(folder => {
    const tree = treeOnDisk(boundaryOf(folder, top, world));
    const reach = reachOf(tree, folder);
    const tool = reach.remote.length > 0 ? undefined : tools();
    const built = tool === undefined ? byOurselves(tree, folder, shown) : byTool(tool, folder, world, shown);
    const files = [...reach.files].map(path => ({ path: shown(path), text: tree.read(path) ?? '' }));
    return { folder, reach, files, ...built };
  });
}

/** @returns of folders with a kustomization those that nothing else uses */
export function overlayRoots(folders: readonly string[], top: string, world: World): readonly string[] {
  const [first] = folders;
  if (first === undefined) return [];
  return rootsAmong(treeOnDisk(boundaryOf(first, top, world)), folders);
}

/** @returns the folders of the kustomizations among some files, absolute */
export function kustomizationFolders(files: readonly { readonly absolute: string }[]): readonly string[] {
  return [
    ...new Set(files.flatMap(({ absolute }) => (isKustomizationFile(absolute) ? [dirname(absolute)] : []))),
  ].toSorted();
}

/**
 * Where the bases of an overlay may be: in its repository, else in what its tree and the working directory have in common, as for
 * `verify ../before .`. Nothing is gained by the root of the file system, in which all is.
 */
function boundaryOf(folder: string, top: string, { cwd }: World): string {
  const common = commonAncestor(top, cwd);
  return repositoryOf(folder) ?? (dirname(common) === common ? top : common);
}

function commonAncestor(path: string, other: string): string {
  return isInside(other, path) ? path : commonAncestor(dirname(path), other);
}

/** Reads files by their absolute paths, none outside of a folder. */
function treeOnDisk(top: string): Tree {
  const known = new Map<string, string | undefined>();
  const boundary = realPath(top);
  return {
    read: path => {
      if (!known.has(path)) known.set(path, readInside(path, boundary));
      return known.get(path);
    },
  };
}

function readInside(path: string, boundary: string): string | undefined {
  try {
    const found = statSync(path);
    if (!found.isFile() || found.size > MAX_FILE_SIZE || !isInside(realPath(path), boundary))
      return undefined;
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

type Tool = Exclude<Builder, 'vs2route'>;
type Built = Pick<BuiltOverlay, 'source' | 'builder' | 'unread' | 'failure'>;

/** Looks for a tool once, when the first overlay asks. */
function toolFinder({ cwd, env }: World): () => Tool | undefined {
  let found: { readonly tool: Tool | undefined } | undefined;
  const works = (command: string, args: readonly string[]): boolean =>
    spawnSync(command, args, { cwd, env, timeout: PATIENCE, stdio: 'ignore' }).status === 0;
  return () => {
    found ??= {
      tool: works('kustomize', ['version'])
        ? 'kustomize'
        : works('kubectl', ['kustomize', '--help'])
          ? 'kubectl kustomize'
          : undefined,
    };
    return found.tool;
  };
}

function byTool(tool: Tool, folder: string, { cwd, env }: World, shown: (path: string) => string): Built {
  const [command, ...args] = tool === 'kustomize' ? ['kustomize', 'build'] : ['kubectl', 'kustomize'];
  const { status, stdout, stderr, error } = spawnSync(command ?? tool, [...args, folder], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: PATIENCE,
    maxBuffer: MAX_OUTPUT,
  });
  const path = shown(folder);
  const source = { path, text: status === 0 ? stdout : '' };
  if (status === 0) return { source, builder: tool, unread: [], failure: undefined };
  const why = error === undefined ? firstLine(stderr, folder, path) : error.message;
  return { source, builder: tool, unread: [], failure: failureOf(path, `${tool} cannot build it: ${why}`) };
}

/** The last line says what went wrong; those before are warnings. */
function firstLine(text: string, folder: string, path: string): string {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('# Warning'));
  return (lines.at(0) ?? 'it says nothing').replaceAll(folder, path).slice(0, 500);
}

function failureOf(path: string, message: string): Problem {
  return { path, message, remedy: 'Mend the kustomization. Nothing was compared in its place.' };
}

function byOurselves(tree: Tree, folder: string, shown: (path: string) => string): Built {
  const { objects, unread, failures } = buildKustomization(tree, folder);
  const path = shown(folder);
  const text = objects.map(object => printYaml(object)).join('---\n');
  const [first] = failures;
  return {
    source: { path, text: first === undefined ? text : '' },
    builder: 'vs2route',
    unread: unread.map(part => ({ ...part, path: shown(part.path) })),
    failure:
      first === undefined
        ? undefined
        : failureOf(path, `it cannot be built: ${shown(first.path)}: ${first.reason}`),
  };
}

/** @returns a path as people write it, relative to a folder */
export function pathFrom(top: string, path: string): string {
  const way = relative(top, resolve(path));
  return way === '' ? '.' : way.split(sep).join('/');
}
