#!/usr/bin/env node
import('../dist/cli/main.js').then(
  ({ main }) => main(process.argv.slice(2)),
  error => {
    const isUnbuilt = error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes('dist/cli/main.js');
    process.stderr.write(
      isUnbuilt ? 'vs2route is not built yet: run `npm install` in its folder.\n' : `${error.stack}\n`,
    );
    process.exitCode = 2;
  },
);
