import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Place, placeWith } from './run.ts';
import { shopRoute, shopVirtualService } from './shop.ts';

const args = ['convert', '--write', '--quiet', '--default-port', '8080'];
const threeFiles = {
  'a.yaml': shopVirtualService('a'),
  'b.yaml': shopVirtualService('b'),
  'c.yaml': shopVirtualService('c'),
};
const routes = { 'a.yaml': shopRoute('a'), 'b.yaml': shopRoute('b'), 'c.yaml': shopRoute('c') };
const preload = fileURLToPath(new URL('preload/killed.mjs', import.meta.url));

/** A run that is killed when it has changed the first of several files. */
function killRun(place: Place, folder = '.'): void {
  for (let step = 1; step < 40; step += 1) {
    const { code } = place.runReal(args, { preload, env: { KILLED_AT: String(step) }, folder });
    expect(code).not.toBe(0);
    if (place.tree(folder)['a.yaml'] === routes['a.yaml']) return;
    rmSync(journalIn(place, folder), { force: true });
  }
  throw new Error('no file was changed');
}

function journalIn(place: Place, folder: string): string {
  return join(place.path, folder, '.vs2route-journal.json');
}

function git(place: Place, folder: string, ...command: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...command], {
    cwd: join(place.path, folder),
    stdio: 'ignore',
  });
}

interface Written {
  readonly path: string;
  readonly text: string | null;
  readonly before: string;
  readonly target?: string;
}

/** A journal as a run would leave it that made the first of its changes. */
function writeJournal(place: Place, entries: readonly Written[], mode = 0o600): void {
  const root = realpathSync(place.path);
  const journal = {
    version: 2,
    process: 2 ** 22 + 1,
    host: hostname(),
    entries: entries.map(({ path, text, before, target = path }) => ({
      path,
      absolute: join(root, path),
      target: join(root, target),
      before: createHash('sha256').update(before).digest('base64'),
      text,
    })),
  };
  const path = journalIn(place, '.');
  writeFileSync(path, JSON.stringify(journal));
  chmodSync(path, mode);
}

const done = { path: 'a.yaml', text: threeFiles['a.yaml'], before: 'before' };

/** What a run with such a journal says first, and whether any file changed. */
function firstLineOf(place: Place, more: readonly string[] = []): string | undefined {
  const before = place.tree();
  const { code, stderr } = place.runReal([...args, ...more]);
  expect({ code, tree: place.tree() }).toEqual({ code: 2, tree: before });
  return stderr.split('\n')[0]?.replace(realpathSync(place.path), 'HERE');
}

test('outside of repositories, a run finishes what one that was killed left', () => {
  const place = placeWith(threeFiles);
  killRun(place);
  expect(existsSync(journalIn(place, '.'))).toBe(true);
  expect(place.runReal(args).code).toBe(0);
  expect(place.tree()).toEqual(routes);
});

test('in a worktree, the journal lies in the folder of git, and a run finishes what one that was killed left', () => {
  const place = placeWith(Object.fromEntries(Object.entries(threeFiles).map(([k, v]) => [`main/${k}`, v])));
  git(place, 'main', 'init', '--quiet');
  git(place, 'main', 'add', '.');
  git(place, 'main', 'commit', '--quiet', '--message', 'start');
  git(place, 'main', 'worktree', 'add', '--quiet', '../tree');
  killRun(place, 'tree');
  expect(readdirSync(join(place.path, 'tree')).filter(name => name.includes('journal'))).toEqual([]);
  expect(existsSync(join(place.path, 'main/.git/worktrees/tree/vs2route-journal.json'))).toBe(true);
  expect(place.runReal(args, { folder: 'tree' }).code).toBe(0);
  expect(place.tree('tree')).toEqual({ ...routes, '.git': expect.stringContaining('gitdir: ') });
  expect(
    readdirSync(join(place.path, 'main/.git/worktrees/tree')).filter(n => n.includes('vs2route')),
  ).toEqual([]);
});

test('a journal that git tracks is refused', () => {
  const place = placeWith(threeFiles);
  writeJournal(place, [done, { path: 'b.yaml', text: 'theirs', before: threeFiles['b.yaml'] }]);
  // As people keep the files of their home in a repository whose folder is elsewhere.
  const env = { GIT_DIR: join(place.path, 'home.git'), GIT_WORK_TREE: place.path };
  execFileSync('git', ['init', '--quiet', '--bare', env.GIT_DIR]);
  execFileSync('git', ['add', '--force', '.vs2route-journal.json'], {
    cwd: place.path,
    env: { ...process.env, ...env },
  });
  const { code, stderr } = place.runReal(args, { env });
  expect({ code, first: stderr.split('\n')[0] }).toEqual({
    code: 2,
    first: `error: ${join(place.path, '.vs2route-journal.json')}: is a journal that git tracks, and no run of this folder wrote it`,
  });
  expect(place.tree()).toMatchObject(threeFiles);
});

test('in a repository, a journal among the files is none', () => {
  const place = placeWith(threeFiles);
  git(place, '.', 'init', '--quiet');
  writeJournal(place, [done, { path: 'b.yaml', text: 'theirs', before: threeFiles['b.yaml'] }]);
  expect(place.runReal(args).code).toBe(0);
  expect(place.tree()).toMatchObject(routes);
});

test.each([
  [
    'of a file that holds nothing to convert',
    { path: 'package.json', text: 'theirs', before: '{}' },
    'lists package.json, which holds nothing that is converted',
  ],
  [
    'of a file in a folder that the paths do not lead to',
    { path: 'other/d.yaml', text: 'theirs', before: shopVirtualService('d') },
    'lists other/d.yaml, which the paths of this run do not lead to',
  ],
  [
    'of a file behind a link',
    { path: 'link/d.yaml', text: 'theirs', before: shopVirtualService('d') },
    'lists link/d.yaml, which a symbolic link leads to',
  ],
  [
    'that moves a file to another folder',
    { path: 'b.yaml', text: 'theirs', before: threeFiles['b.yaml'], target: 'other/b.yaml' },
    'lists b.yaml, and a path that no run writes',
  ],
])('a change %s is not made', (_what, entry, message) => {
  const place = placeWith({
    ...threeFiles,
    'package.json': '{}',
    'other/d.yaml': shopVirtualService('d'),
    'paths/x.yaml': '',
  });
  symlinkSync('other', join(place.path, 'link'));
  writeJournal(place, [done, entry]);
  expect(firstLineOf(place, ['a.yaml', 'b.yaml', 'package.json'])).toBe(
    `error: HERE/.vs2route-journal.json: ${message}`,
  );
});

test('the same change is made where the paths lead to it', () => {
  const place = placeWith({ 'a.yaml': threeFiles['a.yaml'], 'other/d.yaml': shopVirtualService('d') });
  writeJournal(place, [
    done,
    { path: 'other/d.yaml', text: shopRoute('d'), before: shopVirtualService('d') },
  ]);
  expect(place.runReal([...args, '.']).code).toBe(0);
  expect(place.tree()).toEqual({ 'a.yaml': shopRoute('a'), 'other/d.yaml': shopRoute('d') });
});

test('a journal replaces no file that is there under the new name', () => {
  const place = placeWith({ ...threeFiles, 'taken.yaml': 'theirs' });
  const b = threeFiles['b.yaml'];
  writeJournal(place, [done, { path: 'b.yaml', text: shopRoute('b'), before: b, target: 'taken.yaml' }]);
  expect(firstLineOf(place)).toBe('error: b.yaml: would be renamed to HERE/taken.yaml, which is there');
});

test('a journal that is a link, that others may write to, or that is none is refused', () => {
  const place = placeWith(threeFiles);
  writeJournal(place, [done], 0o666);
  expect(firstLineOf(place)).toBe(
    'error: HERE/.vs2route-journal.json: is a journal that other users may write to',
  );
  rmSync(journalIn(place, '.'));
  writeFileSync(join(place.path, 'elsewhere'), '');
  symlinkSync('elsewhere', journalIn(place, '.'));
  expect(firstLineOf(place)).toBe(
    'error: HERE/.vs2route-journal.json: is not a file, so it is not a journal of an interrupted run',
  );
  rmSync(journalIn(place, '.'));
  writeFileSync(journalIn(place, '.'), '{"version": 1}', { mode: 0o600 });
  expect(firstLineOf(place)).toBe(
    'error: HERE/.vs2route-journal.json: cannot be read as the journal of an interrupted run',
  );
});

test('a file with a hard link is refused, and so are all others of the run', () => {
  const place = placeWith(threeFiles);
  linkSync(join(place.path, 'b.yaml'), join(place.path, 'b.txt'));
  expect(firstLineOf(place)).toBe('error: b.yaml: has a hard link, which would keep the old text');
});

test('temporary files of killed runs go with the next run, those of running ones and those of others stay', () => {
  const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  const name = (host: string, id: number) => `.a.yaml.vs2route-${host}-${id}-0123456789ab`;
  const dead = 2 ** 22 + 1;
  const kept = [name(machine, process.pid), name('00000000', dead), '.a.yaml.vs2route-notes'];
  const place = placeWith({ 'a.yaml': threeFiles['a.yaml'], [name(machine, dead)]: 'half' });
  for (const one of kept) writeFileSync(join(place.path, one), '');
  mkdirSync(join(place.path, 'out'));
  writeFileSync(join(place.path, 'out', name(machine, dead)), 'half');
  const output = ['convert', '--quiet', '--default-port', '8080', '--output', 'out', 'a.yaml'];
  expect(place.runReal(output).code).toBe(0);
  expect(readdirSync(join(place.path, 'out'))).toEqual(['a.yaml']);
  expect(place.runReal(args).code).toBe(0);
  expect(readdirSync(place.path).toSorted()).toEqual([...kept, 'a.yaml', 'out'].toSorted());
  expect(readFileSync(join(place.path, 'a.yaml'), 'utf8')).toBe(routes['a.yaml']);
});
