import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError } from 'commander';
import { logText } from '../reporters/log-text.ts';
import { addCheck } from './commands/check.ts';
import { addCodes } from './commands/codes.ts';
import { addCompletion } from './commands/completion.ts';
import { addConvert } from './commands/convert.ts';
import { addDiff } from './commands/diff.ts';
import { addExplain } from './commands/explain.ts';
import { addFn } from './commands/fn.ts';
import { addReport } from './commands/report.ts';
import { addReview } from './commands/review.ts';
import { addStatus } from './commands/status.ts';
import { addSuggest } from './commands/suggest.ts';
import { addTrace } from './commands/trace.ts';
import { addVerify } from './commands/verify.ts';
import { type ExitCode, exitCodeHelp } from './exit-code.ts';
import { HELP_WIDTH, helpLayout } from './help.ts';
import { formatProblem, Refusal } from './problem.ts';
import { startSecondThread } from './second-thread/second-thread.ts';
import { paletteFor, type Stream, type World, wantsColor } from './world.ts';

/**
 * Runs the program, and sets the exit code of the process.
 *
 * @param args without the interpreter and the script
 * @param replaced parts of the world that a test replaces
 */
export async function main(args: readonly string[], replaced: Partial<World> = {}): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const world = { ...realWorld(), ...replaced };
  try {
    process.exitCode = await run(args, world);
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.stderr.write(`This is a bug of vs2route. Please report it, with the input if you may:\n${stack}\n`);
    process.exitCode = 2;
  }
}

/** @returns the exit code; nothing is thrown but bugs */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  let result: ExitCode = 0;
  const program = buildProgram(world, code => {
    result = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return result;
  } catch (error) {
    // Commander has written what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Refusal)) throw error;
    const palette = paletteFor(world.stderr, undefined, world.env);
    for (const problem of error.problems) world.stderr.write(formatProblem(problem, palette));
    return 2;
  }
}

function buildProgram(world: World, exit: (code: ExitCode) => void): Command {
  const program = new Command('vs2route')
    .description(
      'Converts Istio VirtualServices and DestinationRules to Gateway API routes. Every conversion is checked request by request; every difference is reported.',
    )
    .version(version(), '-V, --version')
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    .configureHelp(helpLayout)
    .configureOutput({
      writeOut: text => world.stdout.write(text),
      writeErr: text => world.stderr.write(text),
      getOutHelpWidth: () => Math.min(HELP_WIDTH, world.stdout.columns ?? HELP_WIDTH),
      getErrHelpWidth: () => Math.min(HELP_WIDTH, world.stderr.columns ?? HELP_WIDTH),
      getOutHasColors: () => wantsColor(world.stdout, undefined, world.env),
      getErrHasColors: () => wantsColor(world.stderr, undefined, world.env),
    });
  addConvert(program, world, exit);
  addDiff(program, world, exit);
  addReport(program, world, exit);
  addReview(program, world, exit);
  addSuggest(program, world, exit);
  addCheck(program, world, exit);
  addVerify(program, world, exit);
  addTrace(program, world, exit);
  addStatus(program, world, exit);
  addFn(program, world, exit);
  addExplain(program, world, exit);
  addCodes(program, world, exit);
  addCompletion(program, world, exit);
  return program;
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return String(JSON.parse(readFileSync(file, 'utf8')).version);
}

function realWorld(): World {
  const { GITHUB_ACTIONS } = process.env;
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: GITHUB_ACTIONS === 'true' ? toLog(process.stderr) : process.stderr,
    loadConvert: async () => (await import('../convert.ts')).convert,
    loadJobs: async () => (await import('./jobs/convert-in-jobs.ts')).convertInJobs,
    startSecondThread,
    waitLonger,
  };
}

/**
 * Half of a run of seconds is warm-up. Node 20 optimises functions that run a few times only, and does so again with each new
 * shape of object; a longer wait takes a sixth less CPU time (bench/base, "mixed"). Later versions were not measured.
 */
function waitLonger(): void {
  if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=600000');
}

/** Texts of manifests are quoted there, and the runner looks for commands in them. */
function toLog(stream: NodeJS.WriteStream): Stream {
  return { isTTY: stream.isTTY, columns: stream.columns, write: text => stream.write(logText(text)) };
}

/** Readers of our output may stop when they have seen enough, as `head` does. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
