// Runs the scripts of findings/ one after another: `npm run findings`, or `npm run findings -- NAME` for those whose name
// holds NAME. Needs bash, git, Node, Python 3 with venv, Go, and the package registries; therefore outside CI.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'findings');
const [part = ''] = process.argv.slice(2);
const scripts = readdirSync(folder)
  .filter(name => name.endsWith('.sh') && name.includes(part))
  .sort();
let failed = 0;
for (const name of scripts) {
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, name)], { encoding: 'utf8' });
  process.stdout.write(`${status === 0 ? 'pass' : 'fail'}  ${name}\n`);
  if (status === 0) continue;
  failed++;
  process.stderr.write(`${stdout}${stderr}`.replace(/^/gm, '      '));
}
process.stdout.write(`${scripts.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && scripts.length > 0 ? 0 : 1;
