import { relative, resolve, sep } from 'node:path';
import type { SourceFile } from '../1-read/source.ts';
import type { Conversion } from '../conversion.ts';
import { type ConversionFlags, toOptions } from './flags.ts';
import { repositoryRoot } from './git.ts';
import { isInside, realPath } from './paths.ts';
import { type Problem, Refusal } from './problem.ts';
import { type Inputs, readInputs } from './read.ts';
import type { World } from './world.ts';

/** A tree of manifests and its conversion, with the paths that a diff has. */
export interface PullInputs {
  readonly conversion: Conversion;
  /** By path, from the root of the repository. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** What could not be read. */
  readonly problems: readonly Problem[];
}

/**
 * Reads and converts, with paths from the root of the repository, or from the working folder where there is none.
 *
 * @throws Refusal for the standard input, which is no file of a pull request
 */
export async function readPullInputs(
  paths: readonly string[],
  flags: ConversionFlags,
  world: World,
): Promise<PullInputs> {
  if (paths.includes('-'))
    throw new Refusal({
      path: '-',
      message: 'the standard input is no file of a pull request',
      remedy: 'Name files or folders of the repository.',
    });
  const inputs = await readInputs(paths, world);
  const facts = await readInputs(flags.with ?? [], world);
  const root = repositoryRoot(world) ?? world.cwd;
  const own = sourcesOf(inputs, root, world.cwd);
  const known = new Set(own.map(({ path }) => path));
  const others = sourcesOf(facts, root, world.cwd).filter(({ path }) => !known.has(path));
  const convert = await world.loadConvert();
  return {
    conversion: convert(own, others, toOptions(flags)),
    files: new Map(own.map(file => [file.path, file])),
    problems: [...inputs.problems, ...facts.problems],
  };
}

function sourcesOf({ read }: Inputs, root: string, cwd: string): readonly SourceFile[] {
  return read.map(({ absolute, path, source }) => {
    const inRoot = [absolute, realPath(absolute), resolve(realPath(cwd), path)].find(way =>
      isInside(way, root),
    );
    return {
      path: inRoot === undefined ? path : relative(root, inRoot).split(sep).join('/'),
      text: source.text,
    };
  });
}
