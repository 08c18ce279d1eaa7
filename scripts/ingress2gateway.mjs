// `node scripts/ingress2gateway.mjs [BINARY]`: records the output of ingress2gateway for each input in
// testdata/ingress2gateway. Without BINARY it is built by Go from bench/ingress2gateway, which pins its version.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../testdata/ingress2gateway', import.meta.url));
const module = fileURLToPath(new URL('../bench/ingress2gateway', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'vs2route-ingress2gateway-'));
try {
  const binary = process.argv[2] ?? build(join(scratch, 'ingress2gateway'));
  const names = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  for (const { name } of names) {
    const input = join(folder, name, 'input.yaml');
    const { stdout, stderr, status } = run(binary, [
      'print',
      '--no-color',
      '--providers=istio',
      `--input-file=${input}`,
    ]);
    writeFileSync(join(folder, name, 'ingress2gateway.yaml'), withoutNoise(stdout));
    writeFileSync(
      join(folder, name, 'ingress2gateway.txt'),
      `${withoutNoise(stderr).trimEnd()}\nexit code ${status}\n`.trimStart(),
    );
  }
  const help = ['--help', 'print --help'].map(
    line => `$ ingress2gateway ${line}\n${run(binary, line.split(' ')).stdout}`,
  );
  writeFileSync(join(folder, 'help.txt'), withoutNoise(help.join('\n')));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function build(binary) {
  const args = ['build', '-o', binary, 'github.com/kubernetes-sigs/ingress2gateway'];
  const { status, stderr } = spawnSync('go', args, { cwd: module, encoding: 'utf8' });
  if (status !== 0) throw new Error(`go build failed: ${stderr}`);
  return binary;
}

function run(binary, args) {
  return spawnSync(binary, args, { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: scratch } });
}

/** Times, processes and folders differ in each run. */
function withoutNoise(text) {
  return text
    .replaceAll(`${folder}/`, '')
    .replaceAll(scratch, '~')
    .replaceAll(/\b\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g, 'TIME')
    .replaceAll(/^([IWE])\d{4} [\d:.]+ +\d+ /gm, '$1 ');
}
