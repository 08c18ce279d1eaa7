import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Conversion } from '../../conversion.ts';
import type { DiffFile } from '../../suggest/diff.ts';
import type { SourceFile } from '../../yaml/source.ts';
import { convertPaths } from '../commands/converting.ts';
import { baseSettings } from '../files/base-settings.ts';
import { repositoryRoot } from '../files/git.ts';
import { realPath } from '../files/paths.ts';
import { CONFIG_NAME, withConfig } from '../flags/config.ts';
import type { CommonFlags, ConversionFlags } from '../flags/flags.ts';
import { type Problem, Refusal } from '../problem.ts';
import type { World } from '../world.ts';
import type { DiffFlags } from './pull-diff.ts';

/** A tree of manifests and its conversion, with the paths that a diff has. */
export interface PullInputs {
  readonly conversion: Conversion;
  /** By path, from the root of the repository. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The paths of all files that were looked into, those without anything that matters included. */
  readonly seen: ReadonlySet<string>;
  /** Files that could not be read; the messages were printed already. */
  readonly problems: readonly Problem[];
  /** Files that are read for reference only. */
  readonly facts: readonly SourceFile[];
  /** With what the configuration of the target says. */
  readonly flags: ConversionFlags;
}

/**
 * Reads and converts, with paths from the root of the repository, or from the working folder where there is none.
 *
 * @returns undefined when there is nothing to convert because nothing could be read
 * @throws Refusal for the standard input, which is not a file of a pull request
 */
export async function readPullInputs(
  paths: readonly string[],
  given: ConversionFlags & CommonFlags & DiffFlags,
  asked: World,
  diff: readonly DiffFile[] | undefined,
): Promise<PullInputs | undefined> {
  if (paths.includes('-'))
    throw new Refusal({
      path: '-',
      message: 'the standard input is not a file of a pull request',
      remedy: 'Name files or folders of the repository.',
    });
  const { root, fromRoot } = rootOf(asked);
  const world = diff === undefined ? asked : withTrustedSettings(asked, diff, given);
  const flags = withConfig(given, world);
  const converted = await convertPaths(
    paths.map(fromRoot),
    { ...flags, config: false as const, ...(flags.with && { with: flags.with.map(fromRoot) }) },
    { ...world, cwd: root },
  );
  if (converted === undefined) return undefined;
  const { conversion, inputs, reference: facts, unread } = converted;
  const files = new Map(inputs.read.map(({ source }) => [source.path, source]));
  const seen = new Set([...inputs.read, ...inputs.passed].map(({ path }) => path));
  return { conversion, files, seen, problems: unread, facts, flags };
}

/**
 * A pull request does not choose how it is read: configuration and ignore files are those of its target, unless
 * `--trust-head` says otherwise.
 *
 * @param diff what the pull request changes, with paths from the root of the repository
 * @throws Refusal where the diff does not tell what such a file was
 */
export function withTrustedSettings(
  world: World,
  diff: readonly DiffFile[],
  { config, trustHead }: Pick<ConversionFlags, 'config'> & Pick<DiffFlags, 'trustHead'>,
): World {
  if (trustHead === true) return world;
  const { root } = rootOf(world);
  const named = typeof config === 'string' ? realPath(resolve(world.cwd, config)) : undefined;
  const isSetting = (path: string): boolean =>
    ['.gitignore', CONFIG_NAME].includes(basename(path)) || join(realPath(root), path) === named;
  const base = baseSettings(diff, root, isSetting);
  return base.size === 0 ? world : { ...world, baseSettings: base };
}

/** Where the paths of a pull request start, and how to say a path from there. */
export function rootOf(world: World): { readonly root: string; readonly fromRoot: (path: string) => string } {
  const root = repositoryRoot(world) ?? world.cwd;
  return { root, fromRoot: path => pathFrom(root, path, world.cwd) };
}

/** The same path for somebody who stands at the root; what leads elsewhere is left as it is. */
function pathFrom(root: string, path: string, cwd: string): string {
  if (path === '-' || path === '') return path;
  const way = relative(realPath(root), resolve(realPath(cwd), path));
  if (isAbsolute(path) && (way === '..' || way.startsWith(`..${sep}`))) return path;
  return way === '' ? '.' : way.split(sep).join('/');
}
