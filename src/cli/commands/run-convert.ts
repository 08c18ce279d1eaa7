import { dirname, resolve } from 'node:path';
import type { Conversion } from '../../conversion.ts';
import { formatNumber } from '../../print/summary.ts';
import { fileLines } from '../../reporters/file-lines.ts';
import { printJsonReport } from '../../reporters/json.ts';
import { textReport } from '../../reporters/text.ts';
import { type ExitCode, exitCodeOf } from '../exit-code.ts';
import { changesOf } from '../files/changes.ts';
import { finishJournal } from '../files/journal.ts';
import { journalPlaceOf } from '../files/journal-place.ts';
import { checkOutputFolder, commonFolder } from '../files/output-tree.ts';
import type { Inputs } from '../files/read.ts';
import { removeLeftovers } from '../files/temporary-files.ts';
import { replaceFile } from '../files/write.ts';
import { colorFlag, toOptions } from '../flags/flags.ts';
import { explainError, type Problem, Refusal } from '../problem.ts';
import { columnsOf } from '../width.ts';
import { paletteFor, type World } from '../world.ts';
import type { ConvertFlags } from './convert.ts';
import { type Converted, convertPaths, tell } from './converting.ts';
import { type Delivery, printOutputs, writeElsewhere, writeInPlace } from './deliver.ts';
import { isKnown } from './known-refusals.ts';
import { tryNext } from './try-next.ts';

/**
 * Reads, converts, delivers and reports.
 *
 * @throws Refusal when flags and paths do not go together; nothing was written then
 */
export async function runConvert(
  paths: readonly string[],
  given: ConvertFlags,
  world: World,
): Promise<ExitCode> {
  refuseStandardInput(paths, given);
  const output = given.output === undefined ? undefined : resolve(world.cwd, given.output);
  const finished =
    given.write === true ? finishJournal(journalPlaceOf(paths, world.cwd), { ...world, paths }) : undefined;
  if (finished !== undefined && given.quiet !== true) world.stderr.write(`${finished}\n`);
  const converted = await convertPaths(paths, given, world, output);
  if (converted === undefined) return 2;
  const { conversion, inputs, unread, flags } = converted;
  const delivery = deliver(paths, converted, world);
  const palette = paletteFor(world.stderr, colorFlag(flags), world.env);
  const quiet = flags.quiet === true;
  const verbose = flags.verbose === true;
  const width = columnsOf(world.stderr, world.env);
  if (!quiet) for (const line of fileLines(conversion, palette)) world.stderr.write(`${line}\n`);
  if (!quiet && conversion.resources.length > 0) world.stderr.write('\n');
  world.stderr.write(textReport(conversion, converted.textOf, { palette, quiet, verbose, width }));
  const notes = [...nothingFound(conversion, inputs), ...delivery.notes, ...nextSteps(converted)];
  if (!quiet) for (const line of notes) world.stderr.write(`${line}\n`);
  const failed = [...delivery.problems, ...writeReport(conversion, unread, flags, world)];
  tell(failed, world, flags);
  if (unread.length + failed.length > 0) return 2;
  const code = exitCodeOf(conversion);
  return code === 1 && isKnown(conversion, flags, world) ? 0 : code;
}

/** Lines about the version that routes are written for, and about flags that convert more. */
function nextSteps({ conversion, flags, again }: Converted<ConvertFlags>): readonly string[] {
  const options = toOptions(flags);
  const isDefault = options.targetFromInput && conversion.outputs.length > 0;
  const target = `Routes are written for Gateway API ${options.gatewayApi}, ${options.channel} channel`;
  const version = `${target}, or for the CRDs of the input. For another cluster: --gateway-api VERSION.`;
  return [...(isDefault ? [version] : []), ...(flags.quiet ? [] : tryNext(conversion, options, again))];
}

/** @throws Refusal when the result is to go where there is no file */
function refuseStandardInput(paths: readonly string[], { write, output }: ConvertFlags): void {
  if (!paths.includes('-') || (write !== true && output === undefined)) return;
  throw new Refusal({
    path: '-',
    message: `the standard input cannot be used with ${write === true ? '--write' : '--output'}`,
    remedy: 'Leave the flag out: the objects go to the standard output.',
  });
}

function deliver(
  paths: readonly string[],
  { conversion, inputs, flags, progress }: Converted<ConvertFlags>,
  { cwd, stdout }: World,
): Delivery {
  const { write, output, rename } = flags;
  if (write === true) {
    const delivery = writeInPlace(
      changesOf(conversion, inputs, rename),
      journalPlaceOf(paths, cwd),
      progress,
    );
    removeLeftovers([...inputs.read, ...inputs.passed].map(({ absolute }) => dirname(absolute)));
    progress.stop();
    return delivery;
  }
  if (output !== undefined) {
    const base = commonFolder(paths, [...inputs.read, ...inputs.passed, ...inputs.unread], cwd);
    const folder = { absolute: resolve(cwd, output), shown: output, base };
    checkOutputFolder(folder.absolute, output, base);
    return writeElsewhere(changesOf(conversion, inputs, rename), inputs, folder);
  }
  for (const text of printOutputs(conversion)) stdout.write(text);
  return { problems: [], notes: [] };
}

/** @returns a line that says so where there was nothing to convert */
export function nothingFound({ resources }: Conversion, { read, passed }: Inputs): readonly string[] {
  if (resources.length > 0) return [];
  const [first, second] = [...read, ...passed];
  const where =
    second === undefined ? (first?.path ?? '') : `${formatNumber(read.length + passed.length)} files`;
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
    removeLeftovers([dirname(resolve(cwd, report))]);
    replaceFile(resolve(cwd, report), printJsonReport(conversion, missing));
    return [];
  } catch (error) {
    const message = `the report cannot be written: ${explainError(error)}`;
    return [{ path: report, message, remedy: 'Name a file in a folder that exists and may be written to.' }];
  }
}
