import { dirname } from 'node:path';
import { vs2route } from './program.mjs';

/** A report of all repositories at once has fewer lines, so that people read it. */
const MOST = 600;

/**
 * Counts the lines that people read of `report` and `convert` over all repositories at once.
 *
 * @returns a line for each command that prints more than it should
 */
export async function lines(repositories, print) {
  const [first] = repositories;
  if (first === undefined) return [];
  print('## Lines of text for all repositories at once\n');
  const broken = [];
  for (const [title, flags, stream] of [
    ['report', ['report', '--fail-on', 'never'], 'stdout'],
    ['convert', ['convert'], 'stderr'],
  ]) {
    const result = await vs2route([...flags, '.'], dirname(first.path));
    const count = result[stream].split('\n').length - 1;
    print(`${title}: ${count}`);
    if (count >= MOST) broken.push(`${title} prints ${count} lines, ${MOST} or more`);
  }
  print('');
  return broken;
}
