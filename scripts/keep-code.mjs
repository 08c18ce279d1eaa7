// Runs the program on the examples, and writes beside its files what V8 has made of them by then (src/cli/kept-code.ts).
// Called with the name of the program's file in `dist/cli`, and with those of its threads.

import { fileURLToPath } from 'node:url';
import { loaderOf } from '../dist/cli/kept-code.js';

const [program, ...threads] = process.argv.slice(2);
const loader = loaderOf(fileURLToPath(new URL('../dist/cli/', import.meta.url)));
const { main } = loader.load(program);
const silent = { write: () => true };
const examples = fileURLToPath(new URL('../examples/', import.meta.url));
for (const command of ['convert', 'diff', 'report'])
  await main([command, '--no-config', examples], {
    stdout: silent,
    stderr: silent,
    env: {},
    waitLonger: undefined,
  });
process.exitCode = 0;
loader.keep(threads);
