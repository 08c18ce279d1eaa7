// Puts `convert --write` and `--output` through what happens to programs: kills at random moments, a full disk, two runs at
// once, and files that somebody changes meanwhile. Nothing may be torn, lost or left behind. Prints a table; see CONTRIBUTING.md.
//
//   npm run kills -- [--kills 300] [--seed 1]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } },
});
const program = fileURLToPath(new URL('../bin/vs2route.js', import.meta.url));
const kills = Number(values.kills);
const port = ['--quiet', '--default-port', '80'];
const write = ['convert', '--write', '--rename', ...port];

let state = Number(values.seed);
/** A number from 0 to 1, the same for the same seed. */
function random() {
  state = (state * 1664525 + 1013904223) % 2 ** 32;
  return state / 2 ** 32;
}

const virtualService = name => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts:
  - ${name}
  http:
  - route:
    - destination: {host: ${name}, subset: v1}
`;
const destinationRule = name => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
  namespace: shop
spec:
  host: ${name}
  subsets:
  - name: v1
    labels: {version: v1}
`;
const service = name => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
spec:
  selector: {app: ${name}}
  ports:
  - port: 80
`;

/** Files to edit, to rename and to delete, and lists of them. */
function shop(size) {
  return Object.fromEntries(
    Array.from({ length: size }, (_, index) => `app-${index}`).flatMap(name => [
      [`${name}/virtualservice.yaml`, virtualService(name)],
      [`${name}/rule.yaml`, destinationRule(name)],
      [`${name}/service.yaml`, service(name)],
      [`${name}/kustomization.yaml`, 'resources:\n- virtualservice.yaml\n- rule.yaml\n- service.yaml\n'],
    ]),
  );
}

function put(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Every file below a folder with its text, hidden ones included, but for what git keeps. */
function treeOf(folder, prefix = '') {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
      if (entry.name === '.git') return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return Object.entries(treeOf(path, `${prefix}${entry.name}/`));
      return [[prefix + entry.name, readFileSync(path, 'utf8')]];
    }),
  );
}

const base = realpathSync(mkdtempSync(join(tmpdir(), 'vs2route-kills-')));
process.on('exit', () => rmSync(base, { recursive: true, force: true }));
let places = 0;

/** A folder of its own, and where its journal lies. */
function place(files, how) {
  const home = join(base, String(places++));
  const folder = join(home, 'tree');
  mkdirSync(folder, { recursive: true });
  put(folder, files);
  if (how === 'plain') return { home, folder, gits: undefined };
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  git('init', '--quiet');
  if (how === 'repository') return { home, folder, gits: join(folder, '.git') };
  git('add', '.');
  git('commit', '--quiet', '--message', 'start');
  git('worktree', 'add', '--quiet', '../worktree');
  return { home, folder: join(home, 'worktree'), gits: join(folder, '.git/worktrees/worktree') };
}

function run(folder, args) {
  return spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
}

function sleep(milliseconds) {
  return new Promise(done => setTimeout(done, milliseconds));
}

function start(folder, args) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise(done => child.on('exit', (code, signal) => done(signal ?? code)));
  return { child, ended };
}

const rows = [];
const faults = [];

function expect(isRight, fault) {
  if (!isRight) faults.push(fault);
}

function sameTree(a, b) {
  const keys = Object.keys(a).sort();
  return (
    JSON.stringify(keys) === JSON.stringify(Object.keys(b).sort()) && keys.every(key => a[key] === b[key])
  );
}

function leftIn(gits) {
  return gits === undefined ? [] : readdirSync(gits).filter(name => name.includes('vs2route'));
}

/**
 * Kills runs at random moments: a third of them at any moment, the others once the first file of theirs appears, when the
 * moments that matter are. Each is followed by a run that is left alone.
 */
async function killed(name, count, how, output) {
  const files = shop(12);
  const args = output ? ['convert', ...port, '--output', '../out', '.'] : write;
  const result = ({ home, folder }) => treeOf(output ? join(home, 'out') : folder);
  const whole = place(files, how);
  const begin = Date.now();
  expect(run(whole.folder, args).status === 0, `${name}: a run that nobody kills fails`);
  const length = Date.now() - begin;
  const after = result(whole);
  const known = new Set([...Object.values(files), ...Object.values(after)]);
  const counts = { kills: 0, 'while writing': 0, torn: 0, lost: 0, left: 0 };
  while (counts.kills < count) {
    const here = place(files, how);
    const { child, ended } = start(here.folder, args);
    const signs = output
      ? [join(here.home, 'out')]
      : [join(here.gits ?? here.folder, here.gits ? 'vs2route-journal.json' : '.vs2route-journal.json')];
    if (counts.kills % 3 === 0) await sleep(random() * length);
    else {
      let isOver = false;
      ended.then(() => {
        isOver = true;
      });
      while (!isOver && !signs.some(existsSync)) await new Promise(done => setImmediate(done));
      await sleep(random() * 25);
    }
    child.kill('SIGKILL');
    if ((await ended) !== 'SIGKILL') {
      rmSync(here.home, { recursive: true });
      continue;
    }
    counts.kills += 1;
    const half = output && !existsSync(join(here.home, 'out')) ? {} : result(here);
    const seen = Object.entries(half).filter(([path]) => !/(?:^|\/)\.[^/]*$/.test(path));
    const isWriting = output
      ? seen.length > 0 && seen.length < Object.keys(after).length
      : signs.some(existsSync);
    if (isWriting) counts['while writing'] += 1;
    if (seen.some(([, text]) => !known.has(text))) counts.torn += 1;
    expect(run(here.folder, args).status === 0, `${name}: the run after a kill fails`);
    const end = result(here);
    const shown = Object.fromEntries(Object.entries(end).filter(([path]) => after[path] !== undefined));
    if (!sameTree(shown, after)) counts.lost += 1;
    if (!sameTree(end, after) || leftIn(here.gits).length > 0) counts.left += 1;
    if (!output)
      expect(sameTree(treeOf(here.folder), after), `${name}: another tree after kill ${counts.kills}`);
    rmSync(here.home, { recursive: true });
  }
  rows.push([
    name,
    `${counts.kills} kills, ${counts['while writing']} while writing`,
    counts.torn,
    counts.lost,
    counts.left,
  ]);
}

/** Devices of random sizes, which fill up somewhere in the run; then room is made, and a second run does the rest. */
async function fullDisk(count) {
  const name = 'a full disk';
  const files = shop(12);
  const whole = place(files, 'plain');
  run(whole.folder, write);
  const after = treeOf(whole.folder);
  const known = new Set([...Object.values(files), ...Object.values(after)]);
  const counts = { runs: 0, failed: 0, torn: 0, lost: 0, left: 0 };
  for (; counts.runs < count; counts.runs += 1) {
    const folder = join(base, `disk-${counts.runs}`);
    mkdirSync(folder);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
    if (mount.status !== 0) {
      rows.push([name, 'skipped: this user may not mount a tmpfs', '-', '-', '-']);
      return;
    }
    try {
      put(folder, files);
      const filler = join(folder, 'filler');
      // A block is 4 KiB; what is left is between nothing and enough.
      const free = Math.floor(random() * 24);
      const left = Number(execFileSync('stat', ['-f', '-c', '%a', folder], { encoding: 'utf8' }));
      writeFileSync(filler, Buffer.alloc(Math.max(0, left - free) * 4096));
      if (run(folder, write).status === 2) counts.failed += 1;
      const { filler: _, ...half } = treeOf(folder);
      const seen = Object.entries(half).filter(([path]) => !path.startsWith('.'));
      if (seen.some(([, text]) => !known.has(text))) counts.torn += 1;
      rmSync(filler);
      expect(run(folder, write).status === 0, `${name}: the second run fails`);
      const end = treeOf(folder);
      if (Object.keys(after).some(path => end[path] !== after[path])) counts.lost += 1;
      if (!sameTree(end, after)) counts.left += 1;
    } finally {
      spawnSync('umount', [folder]);
    }
  }
  rows.push([
    name,
    `${counts.runs} runs, ${counts.failed} that met it`,
    counts.torn,
    counts.lost,
    counts.left,
  ]);
}

/** Two runs that start within half a second of each other, and one that does what they left. */
async function twoAtOnce(count) {
  const name = 'two runs at once';
  const files = shop(12);
  const whole = place(files, 'repository');
  run(whole.folder, write);
  const after = treeOf(whole.folder);
  const known = new Set([...Object.values(files), ...Object.values(after)]);
  const counts = { refused: 0, torn: 0, lost: 0, left: 0 };
  for (let index = 0; index < count; index += 1) {
    const here = place(files, 'repository');
    const first = start(here.folder, write);
    await sleep(random() * 100);
    const second = start(here.folder, write);
    const codes = [await first.ended, await second.ended];
    if (codes.includes(2)) counts.refused += 1;
    expect(codes.includes(0), `${name}: both were refused`);
    const seen = treeOf(here.folder);
    if (Object.values(seen).some(text => !known.has(text))) counts.torn += 1;
    run(here.folder, write);
    const end = treeOf(here.folder);
    if (Object.keys(after).some(path => end[path] !== after[path])) counts.lost += 1;
    if (!sameTree(end, after) || leftIn(here.gits).length > 0) counts.left += 1;
    rmSync(here.home, { recursive: true });
  }
  rows.push([
    name,
    `${count} pairs, ${counts.refused} with one refused`,
    counts.torn,
    counts.lost,
    counts.left,
  ]);
}

/** Somebody writes to files while a run does: what they wrote is never lost. */
async function changedUnderneath(count) {
  const name = 'files changed underneath';
  const files = shop(12);
  const counts = { met: 0, torn: 0, lost: 0, left: 0 };
  const whole = place(files, 'repository');
  run(whole.folder, write);
  const known = new Set([...Object.values(files), ...Object.values(treeOf(whole.folder))]);
  for (let index = 0; index < count; index += 1) {
    const here = place(files, 'repository');
    const { ended } = start(here.folder, write);
    const sign = join(here.gits, 'vs2route-journal.json');
    let isOver = false;
    ended.then(() => {
      isOver = true;
    });
    while (!isOver && !existsSync(sign)) await new Promise(done => setImmediate(done));
    await sleep(random() * 15);
    // A file that is there is changed as an editor does it, in place.
    const path = join(here.folder, `app-${Math.floor(random() * 12)}/rule.yaml`);
    const theirs = `# theirs ${index}\n`;
    const isThere = existsSync(path);
    if (isThere) writeFileSync(path, theirs);
    const code = await ended;
    if (code === 2) counts.met += 1;
    const seen = treeOf(here.folder);
    if (isThere && !Object.values(seen).includes(theirs)) counts.lost += 1;
    if (Object.values(seen).some(text => !known.has(text) && text !== theirs)) counts.torn += 1;
    run(here.folder, write);
    const end = treeOf(here.folder);
    if (isThere && !Object.values(end).includes(theirs)) counts.lost += 1;
    if (Object.keys(end).some(one => one.includes('.vs2route-')) || leftIn(here.gits).length > 0)
      counts.left += 1;
    rmSync(here.home, { recursive: true });
  }
  rows.push([name, `${count} runs, ${counts.met} that met it`, counts.torn, counts.lost, counts.left]);
}

await killed('`--write` in a repository', Math.ceil(kills * 0.4), 'repository', false);
await killed('`--write` in a worktree', Math.ceil(kills * 0.2), 'worktree', false);
await killed('`--write` in a plain folder', Math.ceil(kills * 0.2), 'plain', false);
await killed('`--output`', Math.ceil(kills * 0.2), 'plain', true);
await fullDisk(Math.ceil(kills / 10));
await twoAtOnce(Math.ceil(kills / 10));
await changedUnderneath(Math.ceil(kills / 6));

process.stdout.write(
  '| what happens | how often | torn | lost | left behind |\n| --- | --- | --: | --: | --: |\n',
);
for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`);
for (const fault of new Set(faults)) process.stderr.write(`${fault}\n`);
const isRight =
  faults.length === 0 && rows.every(row => row.slice(2).every(count => count === 0 || count === '-'));
process.exitCode = isRight ? 0 : 1;
