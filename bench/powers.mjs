import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder, inSeconds, vs2route } from './measure.mjs';
import { writeShape } from './shapes.mjs';

/** The size each shape begins with; it is doubled until a run takes ten seconds, or as often as this. */
const first = {
  environments: 5,
  'one-host': 500,
  overlays: 500,
  diamond: 100,
  patches: 250,
  operations: 500,
  'block-scalars': 10_000,
  entries: 500,
  paths: 500,
  'gateway-hosts': 30,
  expressions: 10,
  'without-headers': 8,
};
const doublings = 5;

/** The power of the size by which CPU time grows: 1 is linear, 2 is the square. */
export async function* powers() {
  for (const [shape, start] of Object.entries(first)) {
    const measured = [];
    for (let size = start; measured.length <= doublings; size *= 2) {
      const { cpu } = await inFolder(folder => {
        const input = join(folder, 'input');
        mkdirSync(input);
        writeShape(shape, size, input);
        return vs2route(['convert', '--quiet', input], { cwd: folder, codes: [0, 1, 2] });
      });
      measured.push({ size, cpu });
      if (cpu > 10) break;
    }
    const last = measured.at(-1);
    const sizes = measured.map(({ size }) => size).join(', ');
    const times = measured.map(({ cpu }) => inSeconds(cpu)).join(', ');
    yield [`${shape}: ${sizes}`, times, `power ${powerOf(measured).toFixed(2)} up to ${last.size}`];
  }
}

/** From the largest size and the one of a quarter, so that the start of the program counts for little. */
function powerOf(measured) {
  const largest = measured.at(-1);
  const before = measured.at(-3) ?? measured[0];
  return Math.log(largest.cpu / before.cpu) / Math.log(largest.size / before.size);
}
