import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inAll, inFolder, vs2route } from './measure.mjs';
import { mixed } from './mixed.mjs';

/** The same input in one thread and in two. */
export async function jobs() {
  const rows = [];
  for (const count of [5000, 20_000]) {
    await inFolder(cwd => {
      for (const { path, text } of mixed(count)) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true });
        writeFileSync(join(cwd, path), text);
      }
      const [one, two] = [1, 2].map(number => vs2route(['convert', '--jobs', String(number), '.'], { cwd }));
      rows.push([`${count} mixed, one thread`, inAll(one), '']);
      const [wall, cpu] = [two.seconds / one.seconds, two.cpu / one.cpu];
      rows.push([
        `${count} mixed, two threads`,
        inAll(two),
        `wall ${wall.toFixed(2)}, CPU ${cpu.toFixed(2)}`,
      ]);
    });
  }
  return rows;
}
