import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../bin/vs2route.js', import.meta.url));
const peakMemory = new URL('peak-memory.mjs', import.meta.url).href;

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

/** Runs a command of vs2route, and tells its time in seconds and its peak memory in bytes. */
export function vs2route(args, { cwd, codes = [0] }) {
  const file = join(cwd, '.peak');
  const env = { ...process.env, PEAK_MEMORY_FILE: file };
  const { seconds } = once(process.execPath, ['--import', peakMemory, program, ...args], { cwd, codes, env });
  const memory = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.NaN;
  return { seconds, memory };
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
    throw new Error(`${command} ${args.join(' ')} exited with ${status}:\n${stderr}`);
  return { seconds };
}

export function inSeconds(seconds) {
  return `${seconds.toFixed(seconds < 1 ? 3 : 2)} s`;
}

export function inMegabytes(bytes) {
  return `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
}
