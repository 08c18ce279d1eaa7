import { setFlagsFromString } from 'node:v8';
import { once } from '../../3-link/memoised.ts';
import type { ChooseLots } from '../../8-convert/kept.ts';
import type { Conversion } from '../../conversion.ts';
import type { Options } from '../../options.ts';
import { type ReadFile, readOne } from '../../read-resources.ts';
import type { TextOf } from '../../reporters/code-frame.ts';
import type { SourceFile } from '../../yaml/source.ts';
import { type ClusterFlags, clusterOf } from '../cluster/flags.ts';
import { asInputs } from '../cluster/read.ts';
import { type Inputs, readInputs } from '../files/read.ts';
import { withConfig } from '../flags/config.ts';
import { type CommonFlags, type ConversionFlags, colorFlag, toOptions } from '../flags/flags.ts';
import { formatProblem, type Problem } from '../problem.ts';
import { createProgress, type Progress } from '../progress.ts';
import { paletteFor, type World } from '../world.ts';

/** A conversion of the files behind the paths on a command line. */
export interface Converted<Flags> {
  /** Those of the command line, completed by the configuration file. */
  readonly flags: Flags;
  readonly inputs: Inputs;
  /** The texts of `--with` that are not among the inputs. */
  readonly reference: readonly SourceFile[];
  readonly conversion: Conversion;
  /** Inputs that could not be read; people were told. */
  readonly unread: readonly Problem[];
  readonly textOf: TextOf;
  readonly progress: Progress;
  /** Converts some of the same input with other options, as to try what they change. */
  readonly again: (options: Options, choose: ChooseLots) => Conversion;
}

/**
 * Reads and converts, and tells what cannot be read.
 *
 * @param paths none for the working folder
 * @param skip a folder that is written to, and so not read
 * @param examples how many of the requests that prove a VirtualService its proof keeps
 * @returns undefined when there is nothing to convert because nothing could be read
 * @throws Refusal when the configuration file is wrong
 */
export async function convertPaths<Flags extends ConversionFlags & CommonFlags & ClusterFlags>(
  paths: readonly string[],
  given: Flags,
  world: World,
  skip?: string,
  examples = 0,
): Promise<Converted<Flags> | undefined> {
  const flags = withConfig(given, world);
  const progress = await createProgress(world, flags);
  const reading = { skip, ignoreFiles: flags.ignore, exclude: flags.exclude };
  const cluster =
    flags.cluster === true || flags.withCluster === true
      ? asInputs(await clusterOf(flags, world))
      : undefined;
  const inputs =
    cluster !== undefined && flags.cluster === true
      ? cluster
      : await readInputs(paths, world, reading, progress);
  const shown = await readInputs(flags.with ?? [], world, {}, progress);
  const facts =
    cluster !== undefined && flags.withCluster === true
      ? { ...shown, read: [...shown.read, ...cluster.read] }
      : shown;
  const unread = [...inputs.problems, ...facts.problems];
  progress.stop();
  tell(unread, world, flags);
  if (inputs.read.length + inputs.passed.length === 0) return undefined;
  const convert = await world.loadConvert();
  world.waitLonger?.();
  const known = new Set(inputs.read.map(({ path }) => path));
  const sources = inputs.read.map(({ source }) => source);
  const reference = facts.read.filter(({ path }) => !known.has(path)).map(({ source }) => source);
  const options = toOptions(flags);
  const convertAll = (): Conversion =>
    convert(
      sources,
      reference,
      options,
      (done, total) => progress.at('Converting', done, total),
      inputs.beside,
      undefined,
      examples,
    );
  // The lots to choose from are the smallest ones.
  const kept = once(() => ({ read: readingOnce(), memory: new Map(), isComingAgain: true }));
  const again = (others: Options, choose: ChooseLots): Conversion =>
    convert(sources, reference, others, undefined, inputs.beside, kept(), 0, choose);
  const characters = sources.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > LARGE) collectOften();
  const convertInJobs = flags.jobs === 1 ? undefined : await world.loadJobs?.();
  const conversion =
    convertInJobs === undefined
      ? convertAll()
      : await convertInJobs(
          flags.jobs,
          { files: sources, facts: reference, options, beside: inputs.beside, examples },
          (done, total) => progress.at('Converting', done, total),
        );
  progress.stop();
  const texts = new Map([...inputs.read, ...facts.read].map(({ path, source }) => [path, source.text]));
  return { flags, inputs, reference, conversion, unread, textOf: path => texts.get(path), progress, again };
}

/** Reads each text once. */
function readingOnce(): (file: SourceFile) => ReadFile {
  const known = new Map<SourceFile, ReadFile>();
  return file => {
    const found = known.get(file) ?? readOne(file);
    known.set(file, found);
    return found;
  };
}

/** So many characters are read before memory counts more than the time to collect garbage. */
const LARGE = 16_000_000;

/**
 * V8 lets its heap grow to a multiple of what is in use before it collects garbage. With this flag it grows by less than a half,
 * which takes a fifth less memory and no more time, as measured for 50,000 VirtualServices on Node 20.
 */
function collectOften(): void {
  setFlagsFromString('--heap-growing-percent=40');
}

/** Tells people of problems. */
export function tell(problems: readonly Problem[], { stderr, env }: World, flags: CommonFlags): void {
  const palette = paletteFor(stderr, colorFlag(flags), env);
  for (const problem of problems) stderr.write(formatProblem(problem, palette));
}
