import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlikeVirtualServices, virtualServices } from './manifests.mjs';
import { baseProgram, inAll, inFolder, inTurns, program } from './measure.mjs';
import { mixed } from './mixed.mjs';
import { writeShape } from './shapes.mjs';

/** Each of these inputs, with this version and the older one that `--base` names. */
const inputs = {
  'plain 5,000': folder => writeFileSync(join(folder, 'in.yaml'), virtualServices(5000)),
  '5,000 of one kind, each with a timeout of its own': folder =>
    writeFileSync(join(folder, 'in.yaml'), unlikeVirtualServices(5000)),
  'mixed 5,000': folder => {
    for (const { path, text } of mixed(5000)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  },
  'environments, 20 times the same 200': folder => writeShape('environments', 20, folder),
  'plain 50,000': folder => writeFileSync(join(folder, 'in.yaml'), virtualServices(50_000)),
  'one VirtualService, cold start': folder => writeFileSync(join(folder, 'in.yaml'), virtualServices(1)),
};

/** @param only the inputs whose names have this in them; all without it */
export async function* againstBase(only = process.env.VS2ROUTE_BENCH_INPUT) {
  const base = baseProgram();
  for (const [name, write] of Object.entries(inputs)) {
    if (only !== undefined && !name.includes(only)) continue;
    yield* await inFolder(folder => {
      const input = join(folder, 'input');
      mkdirSync(input);
      write(input);
      const args = ['convert', '--default-port', '8080', input];
      const runs = name.startsWith('one') ? 10 : name.includes('50,000') ? 1 : 2;
      const [own, older] = inTurns(args, [program, base], { cwd: folder, runs });
      const ratio = older === undefined ? '' : `${(own.cpu / older.cpu).toFixed(2)} times the CPU`;
      return [
        ...(older === undefined ? [] : [[`${name}, older version`, inAll(older), '']]),
        [name, inAll(own), ratio],
      ];
    });
  }
}
