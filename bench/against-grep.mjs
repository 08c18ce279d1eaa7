import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployment, virtualService } from './manifests.mjs';
import { fastest, inFolder, inSeconds, program } from './measure.mjs';

const FILES = 20_000;
const TURNS = 5;
const bareReader = fileURLToPath(new URL('bare-reader.mjs', import.meta.url));

/**
 * A repository of which one file in a hundred matters: most of the work is not to read the others. Beside it stands what no program
 * for Node.js can do without, and what the files that matter take by themselves.
 */
export function againstGrep() {
  return inFolder(folder => {
    const [all, few] = [join(folder, 'all'), join(folder, 'few')];
    for (let number = 0; number < FILES; number += 1) {
      const isFew = number % 100 === 0;
      const text = isFew ? virtualService(number) : deployment(number);
      for (const root of isFew ? [all, few] : [all]) {
        const parent = join(root, `team-${number % 40}`, `app-${Math.floor(number / 40) % 250}`);
        mkdirSync(parent, { recursive: true });
        writeFileSync(join(parent, `manifest-${number}.yaml`), text);
      }
    }
    const convert = root => [process.execPath, [program, 'convert', '--default-port', '8080', root]];
    const commands = {
      'grep -rl VirtualService': ['grep', ['-rl', 'VirtualService', all]],
      'the same by a bare program for Node.js': [process.execPath, [bareReader, all]],
      'convert, of the 1 % alone': convert(few),
      convert: convert(all),
    };
    const best = new Map();
    // In turns, so that what else the machine does slows all of them.
    for (let turn = 0; turn < TURNS; turn += 1)
      for (const [name, [command, args]] of Object.entries(commands))
        best.set(name, Math.min(best.get(name) ?? Infinity, fastest(command, args, { runs: 1 })));
    const [grep] = best.values();
    return [...best].map(([name, seconds]) => [
      `20,000 files of which 1 % matter, ${name}`,
      inSeconds(seconds),
      seconds === grep ? '' : `${(seconds / grep).toFixed(1)} times as long`,
    ]);
  });
}
