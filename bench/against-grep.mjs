import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployment, virtualService } from './manifests.mjs';
import { fastest, inFolder, inSeconds, program } from './measure.mjs';

const FILES = 20_000;

/** A repository of which one file in a hundred matters: most of the work is not to read the others. */
export function againstGrep() {
  return inFolder(folder => {
    for (let number = 0; number < FILES; number += 1) {
      const parent = join(folder, `team-${number % 40}`, `app-${Math.floor(number / 40) % 250}`);
      mkdirSync(parent, { recursive: true });
      const text = number % 100 === 0 ? virtualService(number) : deployment(number);
      writeFileSync(join(parent, `manifest-${number}.yaml`), text);
    }
    const grep = fastest('grep', ['-rl', 'VirtualService', folder]);
    const report = fastest(process.execPath, [program, 'convert', '--default-port', '8080', folder]);
    return [
      ['20,000 files of which 1 % matter, grep -rl VirtualService', inSeconds(grep), ''],
      [
        '20,000 files of which 1 % matter, convert',
        inSeconds(report),
        `${(report / grep).toFixed(1)} times as long`,
      ],
    ];
  });
}
