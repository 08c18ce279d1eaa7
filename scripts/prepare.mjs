// Builds what is installed from a clone. For `npm install --global` of a git address, as pre-commit runs it, npm prepares
// the clone as a global package, which comes without what is needed to build it: then that is fetched first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const outer = /^npm_config_(?:global|prefix|location|install_links|package)$/i;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));

function npm(...args) {
  const { status, error } = spawnSync('npm', args, {
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync('node_modules/typescript')) npm('ci', '--ignore-scripts', '--include=dev', '--no-audit');
npm('run', 'build');
