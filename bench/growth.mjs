import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtualServices } from './manifests.mjs';
import { inFolder, inMegabytes, inSeconds, vs2route } from './measure.mjs';

/** Ten times the VirtualServices are to take ten times the time, and bounded memory. */
export function growth() {
  return inFolder(folder => {
    const measured = [1000, 5000, 10_000, 50_000].map(count => {
      const file = join(folder, `${count}.yaml`);
      writeFileSync(file, virtualServices(count));
      return { count, ...vs2route(['convert', '--default-port', '8080', file], { cwd: folder }) };
    });
    const [first] = measured;
    return measured.map(({ count, seconds, memory }) => {
      const each = (seconds / count / (first.seconds / first.count)).toFixed(2);
      return [
        `${count.toLocaleString('en-US')} VirtualServices in one file`,
        `${inSeconds(seconds)}, ${inMegabytes(memory)}`,
        `${each} times as long for each`,
      ];
    });
  });
}
