import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addReview } from '../../src/cli/commands/review.ts';
import { addSuggest } from '../../src/cli/commands/suggest.ts';
import type { ExitCode } from '../../src/cli/exit-code.ts';
import { Refusal } from '../../src/cli/problem.ts';
import { convert } from '../../src/index.ts';
import { fakeGithub } from '../forge/fake-github.ts';
import { service, virtualService } from '../forge/run.ts';
import { makeRepository } from './repository.ts';
import type { Files } from './shop-repository.ts';

/** A folder with git and, where a script is given, a kustomize: nothing else is on the path. */
function tools(kustomize?: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vs2route-tools-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['git', 'sh'])
    for (const at of (process.env['PATH'] ?? '').split(':'))
      if (existsSync(join(at, name)) && !existsSync(join(folder, name)))
        symlinkSync(join(at, name), join(folder, name));
  if (kustomize !== undefined) {
    writeFileSync(join(folder, 'kustomize'), `#!/bin/sh\n${kustomize}\n`);
    chmodSync(join(folder, 'kustomize'), 0o755);
  }
  return folder;
}

const before: Files = { 'services.yaml': service('reviews'), 'reviews.yaml': virtualService('reviews') };
const slower = virtualService('reviews').replaceAll('    route:', '    timeout: 5s\n    route:');
const after: Files = { ...before, 'reviews.yaml': slower };

/** A pull request on a forge. */
async function pullRequest(from: Files, to: Files, kustomize?: string) {
  const github = await fakeGithub('');
  const repository = makeRepository();
  onTestFinished(repository.remove);
  github.pull.base = repository.commit(from, 'main');
  repository.git('checkout', '--quiet', '-b', 'work');
  github.pull.head = repository.commit(to, 'work');
  github.push(repository.git('diff', 'main...HEAD'));
  const PATH = tools(kustomize);
  const run = async (
    command: 'review' | 'suggest',
    more: readonly string[] = [],
    folder = repository.folder,
  ) => {
    const out = { stdout: '', stderr: '' };
    let code: ExitCode | 'refused' = 0;
    const world = {
      cwd: folder,
      env: { PATH, ...github.env },
      stdin: (async function* () {})(),
      stdout: { write: (text: string) => (out.stdout += text) },
      stderr: { write: (text: string) => (out.stderr += text) },
      loadConvert: async () => convert,
    } as never;
    const clock = { now: () => 0, sleep: async () => undefined };
    const program = new Command().exitOverride();
    addReview(program, world, found => (code = found), clock);
    addSuggest(program, world, found => (code = found), clock);
    const own = command === 'review' ? ['--base', 'main'] : ['--filter', 'added'];
    const args = [command, '--post', 'github', '--pull-request', '7', ...own, ...more, '.'];
    try {
      await program.parseAsync(args, { from: 'user' });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      out.stderr += error.problems.map(({ path, message, remedy }) => `${path}: ${message} ${remedy}`).join();
      code = 'refused';
    }
    return { ...out, code };
  };
  return { github, repository, run };
}

test('a shallow clone without the merge base: refused, with what to fetch, and nothing is posted', async () => {
  const { github, repository, run } = await pullRequest(before, after);
  const clone = mkdtempSync(join(tmpdir(), 'vs2route-clone-'));
  onTestFinished(() => rmSync(clone, { recursive: true, force: true }));
  const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: clone, stdio: 'ignore' });
  repository.git('commit', '--quiet', '--allow-empty', '--message', 'more');
  repository.git('checkout', '--quiet', 'main');
  repository.git('commit', '--quiet', '--allow-empty', '--message', 'later');
  git('init', '--quiet');
  for (const branch of ['main', 'work'])
    git('fetch', '--quiet', '--depth', '1', `file://${repository.folder}`, `${branch}:${branch}`);
  git('checkout', '--quiet', 'work');
  const { code, stderr } = await run('review', [], clone);
  expect(code).toBe('refused');
  expect(stderr).toContain('it has no commit in common with what is checked out');
  expect(stderr).toContain('fetch-depth: 0');
  expect(github.seen).toEqual([]);
});

const broken = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: [\n';

test.each([
  ['base', { ...before, 'reviews.yaml': broken }, before],
  ['head', before, { ...before, 'reviews.yaml': broken }],
])('a file of the %s does not parse: said, exit 2, and nothing is posted', async (_, from, to) => {
  const { github, run } = await pullRequest(from, to);
  const { code, stderr } = await run('review', ['--fail-on', 'never']);
  expect(code).toBe(2);
  expect(stderr).toContain('reviews.yaml');
  expect(stderr).toContain('nothing is posted');
  expect(github.writes()).toEqual([]);
});

const overlay = (resources: string, rest = ''): Files => ({
  'base/kustomization.yaml': 'resources:\n- services.yaml\n- reviews.yaml\n',
  'base/services.yaml': service('reviews'),
  'base/reviews.yaml': virtualService('reviews'),
  'prod/kustomization.yaml': `resources:\n${resources}${rest}`,
});

test('kustomize is missing: our own reading, which is said; a kustomize that fails: exit 2, and nothing is posted', async () => {
  const from = overlay('- ../base\n');
  const to = { ...from, 'base/reviews.yaml': slower };
  const own = await pullRequest(from, to);
  const { code, stderr } = await own.run('review');
  expect(code).toBe(0);
  expect(stderr).toContain('Overlays built with vs2route.');
  expect(own.github.writes()).toHaveLength(1);
  const failing = await pullRequest(from, to, '[ "$1" = version ] || { echo no such plugin >&2; exit 1; }');
  const refused = await failing.run('review', ['--fail-on', 'never']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('prod: kustomize cannot build it: no such plugin');
  expect(failing.github.writes()).toEqual([]);
});

test('a remote base: not fetched, and named; what changes beside it is told', async () => {
  const remote = '- ../base\n- https://example.com/shop/base?ref=v1\n';
  const from = overlay(remote);
  const to = { ...from, 'base/reviews.yaml': slower };
  const kustomize = '[ "$1" = version ] || touch "$PWD/fetched"';
  const { github, repository, run } = await pullRequest(from, to, kustomize);
  const { code } = await run('review');
  expect(code).toBe(0);
  expect(existsSync(join(repository.folder, 'fetched'))).toBe(false);
  const [only] = github.shown();
  expect(only?.body).toContain('**timeout 5000 ms**');
  expect(only?.body).toContain('Not read: `prod/kustomization.yaml`');
  expect(only?.body).toContain('remote resource');
});

test('sources of a generator: one that changes is told of, and one that does not change is not', async () => {
  const jsonnet = { 'shop.jsonnet': "import 'p.libsonnet' // kind: 'VirtualService'", 'p.libsonnet': '1' };
  const { github, run } = await pullRequest(
    { ...before, ...jsonnet },
    { ...after, ...jsonnet, 'p.libsonnet': '2' },
  );
  await run('review');
  const [only] = github.shown();
  expect(only?.body).toContain('Not read: `p.libsonnet`');
  expect(only?.body).not.toContain('shop.jsonnet');
});

describe.each(['review', 'suggest'] as const)('answers of the forge that are not expected: %s', command => {
  test.each([
    ['a page of a proxy', '/pulls/7', { status: 200, body: '<html>Sign in</html>' }],
    ['null', '/pulls/7', { status: 200, body: null }],
    ['a pull request without commits', '/pulls/7', { status: 200, body: { state: 'open' } }],
    ['a list that is none', '/issues/7/comments', { status: 200, body: { message: 'ok' } }],
    ['an empty answer', '/issues/7/comments', { status: 200, body: '' }],
    ['a teapot', '/issues/7/comments', { status: 418, body: 'short and stout' }],
  ])('%s: said, and nothing is posted', async (_what, path, reply) => {
    const { github, run } = await pullRequest(before, after);
    github.intercept(
      ({ method, url }) => method === 'GET' && url.split('?')[0]?.endsWith(path) === true,
      () => reply,
      99,
    );
    const { code, stdout, stderr } = await run(command, ['--fail-on', 'never']);
    expect([0, 'refused']).toContain(code);
    expect(stderr).toContain('GitHub pull request shop/manifests#7');
    expect(github.writes()).toEqual([]);
    if (code === 0) expect(stdout + stderr).toContain('reviews');
  });

  test('comments without a text, without an author, and what is no comment at all', async () => {
    const { github, run } = await pullRequest(before, after);
    github.intercept(
      ({ method, url }) => method === 'GET' && url.includes('/comments'),
      () => ({ status: 200, body: [{ id: 1, body: null, user: null }, { id: 'x' }, null, 7, 'text'] }),
      99,
    );
    const { code } = await run(command, ['--fail-on', 'never']);
    expect(code).toBe(0);
    expect(github.writes()).toHaveLength(1);
  });
});

test('a folder without a repository, and a branch that is not there', async () => {
  const { github, run } = await pullRequest(before, after);
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-none-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'k8s'));
  expect((await run('review', [], folder)).stderr).toContain('this folder is in no git repository');
  expect((await run('review', ['--base', 'origin/gone'])).stderr).toContain(
    'git knows no such branch or commit',
  );
  expect(github.writes()).toEqual([]);
});
