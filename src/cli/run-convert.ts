import { resolve } from 'node:path';
import type { Conversion } from '../conversion.ts';
import { printJsonReport } from '../reporters/json.ts';
import { formatNumber } from '../reporters/summary.ts';
import { textReport } from '../reporters/text.ts';
import type { ConvertFlags } from './convert.ts';
import { type Delivery, printOutputs, writeElsewhere, writeInPlace } from './deliver.ts';
import { type ExitCode, exitCodeOf } from './exit-code.ts';
import { colorFlag, toOptions } from './flags.ts';
import { checkOutputFolder, commonFolder } from './output-tree.ts';
import { explainError, formatProblem, type Problem, Refusal } from './problem.ts';
import { type Inputs, readInputs } from './read.ts';
import { paletteFor, type World } from './world.ts';
import { replaceFile } from './write.ts';

/**
 * Reads, converts, delivers and reports.
 *
 * @throws Refusal when flags and paths do not go together; nothing was written then
 */
export async function runConvert(
  paths: readonly string[],
  flags: ConvertFlags,
  world: World,
): Promise<ExitCode> {
  const palette = paletteFor(world.stderr, colorFlag(flags), world.env);
  const tell = (problems: readonly Problem[]): void => {
    for (const problem of problems) world.stderr.write(formatProblem(problem, palette));
  };
  refuseStandardInput(paths, flags);
  const output = flags.output === undefined ? undefined : resolve(world.cwd, flags.output);
  const inputs = await readInputs(paths, world, output);
  const base = commonFolder(paths, [...inputs.read, ...inputs.unread], world.cwd);
  if (output !== undefined) checkOutputFolder(output, flags.output ?? '', base);
  const facts = await readInputs(flags.with ?? [], world);
  const unread = [...inputs.problems, ...facts.problems];
  tell(unread);
  if (inputs.read.length === 0) return 2;

  const conversion = await convertInputs(inputs, facts, flags, world);
  const delivery = deliver(conversion, inputs, base, flags, world);
  const texts = new Map([...inputs.read, ...facts.read].map(({ path, source }) => [path, source.text]));
  const quiet = flags.quiet === true;
  world.stderr.write(textReport(conversion, path => texts.get(path), { palette, quiet }));
  const notes = [...nothingFound(conversion, inputs), ...delivery.notes];
  if (!quiet) for (const line of notes) world.stderr.write(`${line}\n`);
  const failed = [...delivery.problems, ...writeReport(conversion, unread, flags, world)];
  tell(failed);
  return unread.length + failed.length > 0 ? 2 : exitCodeOf(conversion);
}

/** @throws Refusal when the result is to go where there is no file */
function refuseStandardInput(paths: readonly string[], { write, output }: ConvertFlags): void {
  if (!paths.includes('-') || (write !== true && output === undefined)) return;
  throw new Refusal({
    path: '-',
    message: `the standard input cannot be used with ${write === true ? '--write' : '--output'}`,
    remedy:
      'It is no file that could be edited. Leave the flag out, and the objects go to the standard output.',
  });
}

async function convertInputs(
  inputs: Inputs,
  facts: Inputs,
  flags: ConvertFlags,
  world: World,
): Promise<Conversion> {
  const convertTexts = await world.loadConvert();
  const known = new Set(inputs.read.map(({ path }) => path));
  return convertTexts(
    inputs.read.map(({ source }) => source),
    facts.read.filter(({ path }) => !known.has(path)).map(({ source }) => source),
    toOptions(flags),
  );
}

function deliver(
  conversion: Conversion,
  inputs: Inputs,
  base: string,
  { write, output }: ConvertFlags,
  world: World,
): Delivery {
  if (write === true) return writeInPlace(conversion, inputs);
  if (output !== undefined)
    return writeElsewhere(conversion, inputs, { absolute: resolve(world.cwd, output), shown: output, base });
  if (conversion.outputs.length > 0) world.stdout.write(printOutputs(conversion));
  return { problems: [], notes: [] };
}

function nothingFound({ resources }: Conversion, { read }: Inputs): readonly string[] {
  if (resources.length > 0) return [];
  const where = read.length === 1 ? (read[0]?.path ?? '') : `${formatNumber(read.length)} files`;
  return [
    `No VirtualService, DestinationRule or Istio Gateway in ${where === '-' ? 'the standard input' : where}.`,
  ];
}

function writeReport(
  conversion: Conversion,
  unread: readonly Problem[],
  { report }: ConvertFlags,
  { cwd }: World,
): readonly Problem[] {
  if (report === undefined) return [];
  try {
    const missing = unread.map(({ path, message }) => ({ path, message }));
    replaceFile(resolve(cwd, report), printJsonReport(conversion, missing));
    return [];
  } catch (error) {
    const message = `the report cannot be written: ${explainError(error)}`;
    return [{ path: report, message, remedy: 'Name a file in a folder that exists and may be written to.' }];
  }
}
