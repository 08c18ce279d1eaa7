#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';

const args = process.argv.slice(2);

// Scripts ask for the version before anything else, and should not have to wait for the rest.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  // Node 22 keeps what it made of the code for the next run; Node 20 makes it anew.
  module.enableCompileCache?.();
  // Half of a run of seconds is warm-up. Node 20 optimises functions that run a few times only, and does so again with each new shape
  // of object; a longer wait takes a sixth less CPU time (bench/base, "mixed"). Later versions were not measured.
  if (process.version.startsWith('v20.'))
    process.getBuiltinModule?.('node:v8').setFlagsFromString('--interrupt-budget=600000');
  import('../dist/cli/main.js').then(
    ({ main }) => main(args),
    error => {
      const isUnbuilt = error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes('dist/cli/main.js');
      process.stderr.write(
        isUnbuilt ? 'vs2route is not built yet: run `npm install` in its folder.\n' : `${error.stack}\n`,
      );
      process.exitCode = 2;
    },
  );
}
