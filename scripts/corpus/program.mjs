import { run } from '../../dist/cli/main.js';

let convert;

/**
 * Runs a command of vs2route in this process, which saves starting it some hundred times.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<{code: number, stdout: string, stderr: string}>}
 */
export async function vs2route(args, cwd) {
  const written = { stdout: [], stderr: [] };
  const world = {
    cwd,
    env: {},
    stdin: (async function* () {})(),
    stdout: { write: text => written.stdout.push(text) },
    stderr: { write: text => written.stderr.push(text) },
    loadConvert: async () => {
      convert ??= (await import('../../dist/index.js')).convert;
      return convert;
    },
  };
  const code = await run([...args, '--no-config'], world);
  return { code, stdout: written.stdout.join(''), stderr: written.stderr.join('') };
}
