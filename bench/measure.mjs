import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This version. */
export const program = fileURLToPath(new URL('../bin/vs2route.js', import.meta.url));
const resources = new URL('resources.mjs', import.meta.url).href;

/**
 * An older version to compare with: `--base FOLDER` or VS2ROUTE_BASE, a checkout in which `npm ci` has run.
 *
 * @returns undefined where none is named
 */
export function baseProgram(args = process.argv.slice(2), env = process.env) {
  const flag = args.indexOf('--base');
  const folder = flag === -1 ? env.VS2ROUTE_BASE : args[flag + 1];
  return folder === undefined || folder === '' ? undefined : resolve(folder, 'bin/vs2route.js');
}

/** Runs something with a folder of its own, which goes afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a command several times.
 *
 * @returns the fastest run: what else the machine does can only make one slower
 */
export function fastest(command, args, { runs = 3, cwd = undefined, codes = [0] } = {}) {
  return Math.min(...Array.from({ length: runs }, () => once(command, args, { cwd, codes }).seconds));
}

/**
 * Runs a command of vs2route.
 *
 * @returns wall and CPU time in seconds (all threads, user and system), peak memory in bytes
 */
export function vs2route(args, { cwd, codes = [0, 1], of = program, heap = 6000 }) {
  const file = join(cwd, '.resources');
  rmSync(file, { force: true });
  const env = { ...process.env, RESOURCES_FILE: file };
  const { seconds } = once(
    process.execPath,
    [`--max-old-space-size=${heap}`, '--import', resources, of, ...args],
    { cwd, codes, env },
  );
  const used = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { cpu: Number.NaN, memory: Number.NaN };
  return { seconds, ...used };
}

/**
 * Runs two versions in turns, so that what else the machine does slows both.
 *
 * @returns the runs of each that took the least CPU
 */
export function inTurns(args, programs, { cwd, runs = 2 }) {
  const best = programs.map(() => undefined);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, of] of programs.entries()) {
      if (of === undefined) continue;
      const measured = vs2route(args, { cwd, of });
      if (best[index] === undefined || measured.cpu < best[index].cpu) best[index] = measured;
    }
  }
  return best;
}

function once(command, args, { cwd, codes, env = process.env }) {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 2 ** 30,
  });
  const seconds = (performance.now() - start) / 1000;
  if (error !== undefined) throw error;
  if (!codes.includes(status))
    throw new Error(`${command} ${args.join(' ')} exited with ${status}:\n${stderr.toString().slice(-2000)}`);
  return { seconds };
}

export function inSeconds(seconds) {
  return `${seconds.toFixed(seconds < 1 ? 3 : 2)} s`;
}

export function inMegabytes(bytes) {
  return `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
}

/** What a run took, in one cell. */
export function inAll({ cpu, seconds, memory }) {
  return `${inSeconds(cpu)} CPU, ${inSeconds(seconds)} wall, ${inMegabytes(memory)}`;
}
