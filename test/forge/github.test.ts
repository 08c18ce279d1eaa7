import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { githubRequests } from '../../src/reporters/github-requests.ts';
import type { LineComment } from '../../src/suggest/comment.ts';
import { fakeGithub } from './fake-github.ts';
import {
  diffOf,
  type Files,
  faulty,
  folderWith,
  service,
  suggest,
  virtualService,
  writeFiles,
} from './run.ts';
import type { Seen } from './server.ts';
import { written } from './written.ts';

const services = { 'services.yaml': ['reviews', 'ratings', 'cart'].map(service).join('---\n') };
const withReviews = { ...services, 'reviews.yaml': virtualService('reviews') };
const post = ['--post', '--pull-request', '7'];

async function pullRequest(before: Files, after: Files, more: { readonly login?: string } = {}) {
  const github = await fakeGithub(diffOf(before, after), more);
  const folder = folderWith(after);
  return {
    github,
    folder,
    run: (...args: readonly string[]) => suggest(folder, [...post, ...args], github.env),
  };
}

test('all suggestions and remarks are one review: ranges have a start, single lines do not', async () => {
  const after = { ...withReviews, 'ratings.yaml': faulty('ratings') };
  const { github, run } = await pullRequest(services, after);
  await run();
  expect(github.writes().map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /repos/shop/manifests/pulls/7/reviews',
  ]);
  expect(github.writes()[0]?.body).toEqual({
    commit_id: 'a'.repeat(40),
    event: 'COMMENT',
    body: '',
    comments: [
      { path: 'ratings.yaml', side: 'RIGHT', line: 12, body: expect.any(String) },
      {
        path: 'reviews.yaml',
        side: 'RIGHT',
        start_line: 1,
        start_side: 'RIGHT',
        line: 18,
        body: expect.stringMatching(
          /^`VirtualService shop\/reviews` becomes `HTTPRoute shop\/reviews`: 4 requests checked, all the same\.\n/,
        ),
      },
    ],
  });
});

test('more than thirty comments are several reviews', () => {
  const create = Array.from({ length: 32 }, (_, index): LineComment => {
    const [line, id, path] = [index + 1, String(index), 'app.yaml'];
    const anchor = { start: line, end: line, line };
    return { where: 'line', path, oldPath: path, anchor, id, fp: id, of: [], body: 'Nice.' };
  });
  const requests = githubRequests({ repository: 'shop/manifests', number: 7, head: 'a'.repeat(40) });
  const reviews = requests.write({ create, edit: [], remove: [], keep: [] });
  expect(reviews.map(({ method, path, comments }) => [method, path, comments.length])).toEqual([
    ['POST', '/repos/shop/manifests/pulls/7/reviews', 30],
    ['POST', '/repos/shop/manifests/pulls/7/reviews', 2],
  ]);
});

test('a comment of another account with our marker is not ours', async () => {
  const person = { login: 'mallory', type: 'User' };
  const robot = { login: 'other[bot]', type: 'Bot' };
  for (const [login, strangers] of [
    [undefined, [person]],
    ['shop-robot', [person, robot]],
  ] as const) {
    const { github, folder, run } = await pullRequest(
      services,
      withReviews,
      login === undefined ? {} : { login },
    );
    await run();
    const [ours] = github.pull.onDiff;
    if (ours === undefined) throw new Error('nothing was posted');
    for (const [id, user] of strangers.entries()) github.pull.onDiff.push({ ...ours, id, user });
    const fixed = written(withReviews);
    writeFiles(folder, fixed);
    github.push(diffOf(services, fixed));
    expect((await run()).stderr).toContain('0 new comments, 0 edited, 1 removed');
    expect(github.pull.onDiff.map(({ user }) => user)).toEqual(strangers);
  }
});

test('a comment whose lines are gone from the diff is replaced', async () => {
  const { github, folder, run } = await pullRequest(services, withReviews);
  await run();
  const moved = { ...services, 'reviews.yaml': `${'# More.\n'.repeat(30)}${withReviews['reviews.yaml']}` };
  writeFiles(folder, moved);
  github.push(diffOf({ ...services, 'reviews.yaml': '# More.\n'.repeat(30) }, moved));
  expect(github.shown()).toMatchObject([{ where: 'line', path: 'reviews.yaml' }]);
  expect(github.shown()[0]?.lines).toBeUndefined();
  expect((await run()).stderr).toContain('1 new comments, 0 edited, 1 removed');
  expect(github.shown()).toMatchObject([{ lines: [31, 48] }]);
});

test('lines removed between those to replace: GitHub would not commit the suggestion', async () => {
  const text = withReviews['reviews.yaml'];
  const before = { ...services, 'reviews.yaml': text.replace('  http:\n', '  # Old.\n  http:\n') };
  // Changes all over, so that everything is in one hunk.
  const changed = text.replace('VirtualService', 'VirtualService # ours').replaceAll('route:', 'route: # x');
  const after = { ...services, 'reviews.yaml': changed };
  const { github, run } = await pullRequest(before, after);
  await run();
  expect(github.shown()).toMatchObject([{ where: 'file', path: 'reviews.yaml' }]);
  expect(github.shown()[0]?.body).toContain(
    'No button: lines were removed between those to replace, and GitHub commits no suggestion across them.',
  );
});

test('lines removed above those to replace are no hindrance', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const before = { ...services, 'reviews.yaml': 'a: 1\nb: 2\n' };
  const { github, run } = await pullRequest(before, after);
  await run();
  expect(github.shown()).toMatchObject([{ where: 'line', lines: [1, 18] }]);
  expect(github.applySuggestions('reviews.yaml', after['reviews.yaml'])).toBe(written(after)['reviews.yaml']);
});

test('more than 300 files: GitHub lists them, and leaves out what is too large', async () => {
  const names = Array.from({ length: 302 }, (_, index) => `app-${String(index).padStart(3, '0')}`);
  const base = { 'services.yaml': names.map(service).join('---\n') };
  const files = names.map((name, index): [string, string] => [
    `${name}.yaml`,
    index < 3 ? faulty(name) : service(`spare-${name}`),
  ]);
  const after = { ...base, ...Object.fromEntries(files) };
  const { github, run } = await pullRequest(base, after);
  github.intercept(
    ({ url }) => url.includes('/files?') && !url.includes('page=2'),
    (_, forge) => {
      const { body, ...reply } = forge();
      const [{ patch: _cut, ...first }, ...others] = body as [{ patch: string }, ...object[]];
      return { ...reply, body: [first, ...others] };
    },
  );
  expect((await run('--max-comments', '2', '--fail-on', 'never')).stderr).toContain(
    '3 that cannot be made yet',
  );
  expect(github.seen.filter(({ url }) => url.includes('/files?'))).toHaveLength(4);
  const [one, two, cut] = github.shown();
  expect([one, two]).toMatchObject([
    { where: 'line', path: 'app-001.yaml' },
    { where: 'line', path: 'app-002.yaml' },
  ]);
  expect(cut).toMatchObject({ where: 'file', path: 'app-000.yaml' });
  expect(cut?.body).toContain('`VirtualService shop/app-000` cannot be converted yet');
}, 60_000);

test('pages of comments', async () => {
  const { github, run } = await pullRequest(services, withReviews);
  const user = { login: 'ann', type: 'User' };
  for (let id = 1; id <= 250; id += 1)
    github.pull.onDiff.push({ id, body: 'Nice.', path: 'x', line: 1, subject_type: 'line', user });
  await run();
  github.forget();
  expect((await run()).stderr).toContain('1 already there');
  expect(github.seen.filter(({ url }) => url.includes('pulls/7/comments?'))).toHaveLength(3);
});

test('limits that GitHub says with 403', async () => {
  const { github, run } = await pullRequest(services, withReviews);
  const isPost = ({ method }: Seen): boolean => method === 'POST';
  const reset = String(Date.parse('2026-01-01T00:01:00Z') / 1000);
  github.intercept(isPost, () => ({
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    body: { message: 'API rate limit exceeded' },
  }));
  github.intercept(isPost, () => ({
    status: 403,
    body: { message: 'You have exceeded a secondary rate limit.' },
  }));
  const { slept, stderr } = await run();
  expect(slept).toEqual([60_000, 60_000]);
  expect(stderr).toContain('1 new comments');
});

test.each([
  ['no token', { GITHUB_TOKEN: '' }, [], 'there is no token'],
  [
    'a wrong token',
    { GITHUB_TOKEN: 'other' },
    [],
    'may not be commented on with this token (401): Bad credentials',
  ],
  ['a wrong repository', { GITHUB_REPOSITORY: 'shop/other' }, [], '(404): Not Found'],
  ['no name of a repository', { GITHUB_REPOSITORY: '../../user' }, [], '../../user is not a repository name'],
  ['no repository', { GITHUB_REPOSITORY: '' }, [], 'the repository is not known'],
  ['no address', { GITHUB_API_URL: 'file:///etc/passwd' }, [], 'file:///etc/passwd is not an address'],
  ['no such pull request', {}, ['--pull-request', '8'], '(404): Not Found'],
])('bad input: %s', async (_, env, args, message) => {
  const { github, folder } = await pullRequest(services, services);
  const { code, stderr } = await suggest(folder, [...post, ...args], { ...github.env, ...env });
  expect(code).toBe('refused');
  expect(stderr).toContain(message);
  expect(github.writes()).toEqual([]);
});

test('the event: a pull request with its head, something else, or nonsense', async () => {
  const { github, folder } = await pullRequest(services, withReviews);
  const run = async (event: string) => {
    writeFileSync(join(folder, 'event.txt'), event);
    return suggest(folder, ['--post', 'github'], {
      ...github.env,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: 'event.txt',
    });
  };
  const other = await run('{"ref":"refs/heads/main"}');
  expect(other.code).toBe('refused');
  expect(other.stderr).toContain('the event push is not of a pull request');
  expect((await run('{')).stderr).toContain('the event cannot be read');
  const older = await run(JSON.stringify({ pull_request: { number: 7, head: { sha: 'b'.repeat(40) } } }));
  expect(older.stderr).toContain('has newer commits');
  expect(github.writes()).toEqual([]);
  await run(JSON.stringify({ pull_request: { number: 7, head: { sha: 'a'.repeat(40) } } }));
  expect(github.pull.onDiff).toHaveLength(1);
});
