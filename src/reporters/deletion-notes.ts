import type { AnyResource } from '../2-decode/resource.ts';
import { groupBy } from '../3-link/group-by.ts';
import { compareText } from '../3-link/virtual-services.ts';
import { shellWord } from '../diagnostics/shell-word.ts';
import type { Interval } from './tried-orders.ts';

/** A line for each two deletions between which some requests are treated otherwise, and how to go about it. */
export function changesBetween(changes: readonly Interval[]): readonly string[] {
  const nameOf = ({ namespace, name }: AnyResource) => shellWord(`${namespace}/${name}`);
  const advice = {
    'old pods': '# Delete them only when nobody asks the old pods for these hosts any more.',
    mesh: '# No order avoids that. Delete these two, and those between, right after one another.',
  };
  return [...groupBy(changes, ({ at }) => at)].flatMap(([at, own]) => [
    ...own.map(({ from, to, sorts }) => {
      const hosts = [...new Set(sorts.map(({ host }) => host))].sort(compareText);
      const [{ example = '' } = {}] = sorts;
      const proxies = at === 'mesh' ? 'proxies inside the mesh' : 'the old pods';
      return `# Between deleting ${nameOf(from)} and ${nameOf(to)}, ${proxies} treat some requests otherwise, such as ${shellWord(example)}. Hosts: ${hosts.map(shellWord).join(', ')}`;
    }),
    advice[at],
  ]);
}
