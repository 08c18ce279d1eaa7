#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';

const args = process.argv.slice(2);

// Scripts ask for the version before anything else, and should not have to wait for the rest.
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  // Later versions keep compiled code for the next run, where the build kept none for them.
  module.enableCompileCache?.();
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
