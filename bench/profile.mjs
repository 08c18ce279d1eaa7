import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs something that writes a CPU profile, and reads it.
 *
 * @param {(flags: readonly string[]) => void} run starts Node with these flags
 * @returns the samples of the profile in order: the names of the functions on the stack, and the seconds that each stands for
 */
export function profiled(run) {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-profile-'));
  try {
    run(['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    const [name = ''] = readdirSync(folder);
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const parents = new Map();
    const byId = new Map(nodes.map(node => [node.id, node]));
    for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
    const stacks = new Map();
    const stackOf = id => {
      const known = stacks.get(id);
      if (known !== undefined) return known;
      const parent = parents.get(id);
      const name = byId.get(id).callFrame.functionName;
      const stack = parent === undefined ? new Set([name]) : new Set([...stackOf(parent), name]);
      stacks.set(id, stack);
      return stack;
    };
    return samples.map((id, index) => ({ stack: stackOf(id), seconds: timeDeltas[index] / 1e6 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The part of all work that happens in one function, without that in another; what the collector of garbage takes counts to
 * what ran before it.
 *
 * @param {ReturnType<typeof profiled>} samples
 */
export function shareOf(samples, inside, without) {
  let [sum, all] = [0, 0];
  let counts = false;
  for (const { stack, seconds } of samples) {
    if (stack.has('(idle)')) continue;
    all += seconds;
    const isPause = stack.has('(garbage collector)') || stack.has('(program)');
    if (!isPause) counts = stack.has(inside) && !stack.has(without);
    if (counts) sum += seconds;
  }
  return sum / all;
}
