import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
import { written } from './written.ts';

const services = { 'services.yaml': ['reviews', 'ratings', 'cart'].map(service).join('---\n') };
const post = ['--post', '--pull-request', '7'];

async function pullRequest(before: Files, after: Files, renames: Readonly<Record<string, string>> = {}) {
  const github = await fakeGithub(diffOf(before, after, renames));
  const folder = folderWith(after);
  return {
    github,
    folder,
    run: (...args: readonly string[]) => suggest(folder, [...post, ...args], github.env),
  };
}

test('a first run, a second with nothing to do, and one after the fix', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews'), 'ratings.yaml': faulty('ratings') };
  const { github, folder, run } = await pullRequest(services, after);

  const first = await run();
  expect(first.code).toBe(1);
  expect(first.stderr).toContain('2 new comments, 0 edited, 0 removed, 0 already there.');
  expect(github.writes().map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /repos/shop/manifests/pulls/7/reviews',
  ]);
  expect(github.pull.onDiff.map(({ path, start_line, line }) => ({ path, start_line, line }))).toEqual([
    { path: 'ratings.yaml', start_line: null, line: 12 },
    { path: 'reviews.yaml', start_line: 1, line: 18 },
  ]);
  expect(github.pull.onConversation).toEqual([]);

  github.forget();
  const second = await run();
  expect(second.stderr).toContain('0 new comments, 0 edited, 0 removed, 2 already there.');
  expect(github.writes()).toEqual([]);

  const fixed = github.applySuggestions('reviews.yaml', after['reviews.yaml']);
  expect(fixed).toBe(written(after)['reviews.yaml']);
  writeFileSync(join(folder, 'reviews.yaml'), fixed);
  github.pull.diff = diffOf(services, { ...after, 'reviews.yaml': fixed });
  github.forget();
  const third = await run();
  expect(third.stderr).toContain('0 new comments, 0 edited, 1 removed, 1 already there.');
  expect(github.pull.onDiff.map(({ path }) => path)).toEqual(['ratings.yaml']);
});

test('a comment that somebody answered stays, and so does what others wrote with our marker', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, folder, run } = await pullRequest(services, after);
  await run();
  const [ours] = github.pull.onDiff;
  if (ours === undefined) throw new Error('nothing was posted');
  const person = { login: 'mallory', type: 'User' };
  github.pull.onDiff.push(
    { id: 1, body: 'Why?', path: 'reviews.yaml', line: 18, in_reply_to_id: ours.id, user: person },
    { ...ours, id: 2, user: person },
  );
  const fixed = written(after);
  writeFiles(folder, fixed);
  github.pull.diff = diffOf(services, fixed);
  github.forget();
  await run();
  expect(github.writes()).toEqual([]);
  expect(github.pull.onDiff).toHaveLength(3);
});

test('what says something else at the same lines is edited; what is at other lines is written anew', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, folder, run } = await pullRequest(services, after);
  await run();
  const other = { ...services, 'reviews.yaml': virtualService('reviews', '/v2') };
  writeFiles(folder, other);
  github.pull.diff = diffOf(services, other);
  github.forget();
  expect((await run()).stderr).toContain('0 new comments, 1 edited, 0 removed, 0 already there.');
  expect(github.writes().map(({ method }) => method)).toEqual(['PATCH']);
  expect(github.pull.onDiff[0]?.body).toContain('value: /v2');

  const moved = { ...services, 'reviews.yaml': `# Ours.\n\n${virtualService('reviews', '/v2')}` };
  writeFiles(folder, moved);
  github.pull.diff = diffOf(services, moved);
  github.forget();
  expect((await run()).stderr).toContain('1 new comments, 0 edited, 1 removed, 0 already there.');
  expect(github.pull.onDiff).toHaveLength(1);
  github.forget();
  await run();
  expect(github.writes()).toEqual([]);
});

test('an edit that is not all in one hunk: a comment on the file, with the diff', async () => {
  const long = virtualService('reviews');
  const before = { ...services, 'reviews.yaml': long };
  const after = { ...services, 'reviews.yaml': long.replace('exact: /api', 'exact: /v2') };
  const { github, run } = await pullRequest(before, after);
  await run();
  expect(github.pull.onDiff).toHaveLength(1);
  expect(github.pull.onDiff[0]).toMatchObject({ path: 'reviews.yaml', subject_type: 'file' });
  expect(github.pull.onDiff[0]?.body).toContain('Not all of its lines are in one part of the diff.');
  expect(github.pull.onDiff[0]?.body).toContain('```diff\ndiff --git a/reviews.yaml b/reviews.yaml');
  github.forget();
  await run();
  expect(github.writes()).toEqual([]);
});

test('hunk edges: a document that just fits is a suggestion, one line more is none', async () => {
  for (const [lines, kind] of [
    [3, 'line'],
    [4, 'file'],
  ] as const) {
    // The document's first lines are unchanged, and three unchanged lines are shown above a change.
    const text = virtualService('reviews');
    const all = text.split('\n');
    const changed = [...all.slice(0, lines), ...all.slice(lines).map(line => line)].join('\n');
    const before = { ...services, 'reviews.yaml': all.slice(0, lines).join('\n').concat('\n') };
    const { github, run } = await pullRequest(before, { ...services, 'reviews.yaml': changed });
    await run();
    expect(github.pull.onDiff.map(({ subject_type }) => subject_type)).toEqual([kind]);
  }
});

test('a renamed file', async () => {
  const before = { ...services, 'old.yaml': virtualService('reviews') };
  const after = { ...services, 'new.yaml': virtualService('reviews').replace('exact: /api', 'exact: /v2') };
  const { github, run } = await pullRequest(before, after, { 'new.yaml': 'old.yaml' });
  await run();
  expect(github.pull.onDiff).toHaveLength(1);
  expect(github.pull.onDiff[0]).toMatchObject({ path: 'new.yaml', subject_type: 'file' });

  const only = await pullRequest(
    before,
    { ...services, 'new.yaml': virtualService('reviews') },
    { 'new.yaml': 'old.yaml' },
  );
  expect((await only.run()).stderr).toContain('nothing to convert');
  expect(only.github.writes()).toEqual([]);
});

test('carriage returns: no suggestion, since it would not keep them', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews').replaceAll('\n', '\r\n') };
  const { github, run } = await pullRequest(services, after);
  await run();
  expect(github.pull.onDiff[0]).toMatchObject({ path: 'reviews.yaml', subject_type: 'file' });
  expect(github.pull.onDiff[0]?.body).toContain('carriage returns');
});

test('300 files: thirty suggestions, ten files, and the others in a summary; twice the same', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `app-${String(index).padStart(3, '0')}`);
  const base = { 'services.yaml': names.map(service).join('---\n') };
  const after = { ...base, ...Object.fromEntries(names.map(name => [`${name}.yaml`, virtualService(name)])) };
  const { github, run } = await pullRequest(base, after);
  for (let id = 1; id <= 250; id += 1)
    github.pull.onDiff.push({ id, body: 'Nice.', path: 'x', line: 1, user: { login: 'ann', type: 'User' } });
  const first = await run();
  expect(first.stderr).toContain('41 new comments');
  expect(github.seen.filter(({ url }) => url.includes('pulls/7/comments?')).length).toBe(3);
  expect(github.pull.onDiff.filter(({ subject_type }) => subject_type === 'line')).toHaveLength(30);
  expect(github.pull.onDiff.filter(({ subject_type }) => subject_type === 'file')).toHaveLength(10);
  expect(github.pull.onConversation).toHaveLength(1);
  expect(github.pull.onConversation[0]?.body).toContain('260 conversions to make');
  expect(first.stdout.match(/^::notice /gm)).toHaveLength(10);
  github.forget();
  expect((await run()).stderr).toContain('0 new comments, 0 edited, 0 removed, 41 already there.');
  expect(github.writes()).toEqual([]);
}, 20_000);

test('one anchor that is refused does not lose the others, and goes to its file', async () => {
  const after = {
    ...services,
    'reviews.yaml': virtualService('reviews'),
    'cart.yaml': virtualService('cart'),
  };
  const { github, run } = await pullRequest(services, after);
  const isReview = ({ method, url, body }: { method: string; url: string; body: unknown }): boolean =>
    method === 'POST' &&
    url.includes('/pulls/7/') &&
    JSON.stringify(body).includes('"path":"cart.yaml","side"');
  github.intercept(isReview, () => ({ status: 422, body: { message: 'Unprocessable Entity' } }), 2);
  const first = await run();
  expect(first.stderr).toContain('2 new comments');
  expect(github.pull.onDiff.map(({ path, subject_type }) => ({ path, subject_type }))).toEqual([
    { path: 'reviews.yaml', subject_type: 'line' },
    { path: 'cart.yaml', subject_type: 'file' },
  ]);
});

test('no permission to write: annotations and a summary, and the exit code of the findings', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews'), 'ratings.yaml': faulty('ratings') };
  const { github, folder } = await pullRequest(services, after);
  const denied = { status: 403, body: { message: 'Resource not accessible by integration' } };
  github.intercept(
    ({ method }) => method === 'POST',
    () => denied,
    99,
  );
  const env = { ...github.env, GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
  const never = await suggest(folder, [...post, '--fail-on', 'never'], env);
  expect(never.code).toBe(0);
  expect(never.stderr).toContain('may not be commented on with this token (403)');
  expect(never.stdout).toBe(
    '::error file=ratings.yaml,line=12,title=vs2route%3A cannot be converted yet::VirtualService shop/ratings cannot be converted: a route cannot abort requests [fault-abort]\n' +
      '::notice file=reviews.yaml,line=1,endLine=18,title=vs2route%3A can be converted::VirtualService shop/reviews converts to HTTPRoute reviews\n',
  );
  expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('### Cannot be converted yet');
  expect((await suggest(folder, post, env)).code).toBe(1);
});

test('too many requests: waits as long as it is told to', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, run } = await pullRequest(services, after);
  const isPost = ({ method }: { method: string }): boolean => method === 'POST';
  github.intercept(isPost, () => ({ status: 429, headers: { 'retry-after': '17' }, body: {} }));
  github.intercept(isPost, () => ({
    status: 403,
    headers: {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-01-01T00:01:17Z') / 1000),
    },
    body: { message: 'API rate limit exceeded' },
  }));
  github.intercept(isPost, () => ({
    status: 403,
    body: { message: 'You have exceeded a secondary rate limit.' },
  }));
  const { slept, stderr } = await run();
  expect(slept).toEqual([17_000, 60_000, 60_000]);
  expect(stderr).toContain('1 new comments');
});

test('a wait of hours is not waited for', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, run } = await pullRequest(services, after);
  github.intercept(
    ({ method }) => method === 'POST',
    () => ({ status: 429, headers: { 'retry-after': '7200' } }),
  );
  const { slept, stdout, stderr } = await run();
  expect(slept).toEqual([]);
  expect(stderr).toContain('asks us to wait 7200 seconds');
  expect(stdout).toContain('::notice file=reviews.yaml');
});

test('a server in trouble: reads are repeated, and what was written in spite of it is not written twice', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, run } = await pullRequest(services, after);
  github.intercept(
    ({ method }) => method === 'GET',
    () => ({ status: 502, body: 'Bad gateway' }),
    2,
  );
  // The review arrives, and the answer is lost.
  github.intercept(
    ({ method }) => method === 'POST',
    ({ body }) => {
      const [comment] = (body?.comments ?? []) as {
        path: string;
        line: number;
        start_line: number;
        body: string;
      }[];
      if (comment !== undefined)
        github.pull.onDiff.push({
          ...comment,
          id: 5,
          subject_type: 'line',
          user: { login: 'github-actions[bot]', type: 'Bot' },
        });
      return { status: 500, body: 'Internal server error' };
    },
  );
  const { slept, stderr } = await run();
  expect(slept).toEqual([1000, 2000]);
  expect(github.pull.onDiff).toHaveLength(1);
  expect(stderr).toContain('1 already there.');
});

test('too long for a suggestion, and for a comment', async () => {
  const entries = Array.from(
    { length: 900 },
    (_, index) => `  - match:
    - uri:
        exact: /a-path-that-is-rather-long-so-that-it-takes-some-room/${index}
    route:
    - destination:
        host: reviews
`,
  ).join('');
  const text = virtualService('reviews').replace('  http:\n', `  http:\n${entries}`);
  const { github, run } = await pullRequest(services, { ...services, 'reviews.yaml': text });
  await run();
  expect(github.pull.onDiff).toHaveLength(1);
  expect(github.pull.onDiff[0]).toMatchObject({ subject_type: 'file' });
  expect(github.pull.onDiff[0]?.body).toContain('too long');
  expect(github.pull.onDiff[0]?.body.length).toBeLessThan(65_536);
}, 20_000);

test('a dry run prints what would be sent, and sends nothing', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, run } = await pullRequest(services, after);
  const { stdout } = await run('--dry-run');
  expect(github.writes()).toEqual([]);
  expect(JSON.parse(stdout)).toMatchObject([
    { method: 'POST', path: '/repos/shop/manifests/pulls/7/reviews', body: { event: 'COMMENT' } },
  ]);
});

test('runs with different tags leave each other alone', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, run } = await pullRequest(services, after);
  await run('--tag', 'one');
  await run('--tag', 'two-->');
  expect(github.pull.onDiff).toHaveLength(2);
  github.forget();
  await run('--tag', 'two-->');
  expect(github.writes()).toEqual([]);
});

test('credentials are not repeated', async () => {
  const secret = 'Basic dXNlcjpodW50ZXIyaHVudGVyMg==';
  const text = virtualService('reviews').replace(
    '    route:',
    `    headers:\n      request:\n        set:\n          authorization: ${secret}\n    route:`,
  );
  const { github, folder, run } = await pullRequest(services, { ...services, 'reviews.yaml': text });
  const env = { ...github.env, GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
  const { stdout } = await suggest(folder, post, env);
  const said =
    JSON.stringify(github.writes().map(({ body }) => body)) +
    stdout +
    readFileSync(join(folder, 'summary.md'), 'utf8');
  expect(said).not.toContain('dXNlcjpodW50ZXIyaHVudGVyMg');
  expect(said).toContain('looks like a credential');
  expect(said).toContain('[redacted]');
  await run();
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
  [
    'no name of a repository',
    { GITHUB_REPOSITORY: '../../user' },
    [],
    '../../user is no name of a repository',
  ],
  ['no address', { GITHUB_API_URL: 'file:///etc/passwd' }, [], 'file:///etc/passwd is no address'],
  ['no such pull request', {}, ['--pull-request', '8'], '(404): Not Found'],
])('bad input: %s', async (_, env, args, message) => {
  const { github, folder } = await pullRequest(services, services);
  const { code, stderr } = await suggest(folder, [...post, ...args], { ...github.env, ...env });
  expect(code).toBe('refused');
  expect(stderr).toContain(message);
  expect(github.writes()).toEqual([]);
});

test('the event: a pull request with its head, something else, or nonsense', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, folder } = await pullRequest(services, after);
  const run = async (event: string) => {
    writeFileSync(join(folder, 'event.txt'), event);
    return suggest(folder, ['--post', 'github'], {
      ...github.env,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: 'event.txt',
    });
  };
  expect((await run('{"ref":"refs/heads/main"}')).stderr).toContain(
    'the event push is not of a pull request',
  );
  expect((await run('{')).stderr).toContain('the event cannot be read');
  const older = await run(JSON.stringify({ pull_request: { number: 7, head: { sha: 'b'.repeat(40) } } }));
  expect(older.stderr).toContain('has newer commits');
  expect(github.writes()).toEqual([]);
  await run(JSON.stringify({ pull_request: { number: 7, head: { sha: 'a'.repeat(40) } } }));
  expect(github.pull.onDiff).toHaveLength(1);
});

test('a diff of another commit than the files: said, and no line is trusted', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { github, folder, run } = await pullRequest(services, after);
  writeFileSync(join(folder, 'reviews.yaml'), `# Added on the target.\n${after['reviews.yaml']}`);
  const { stderr } = await run();
  expect(stderr).toContain('the diff does not fit reviews.yaml');
  expect(github.pull.onDiff.map(({ subject_type }) => subject_type)).toEqual(['file']);
});

test('a closed pull request is left alone', async () => {
  const { github, run } = await pullRequest(services, {
    ...services,
    'reviews.yaml': virtualService('reviews'),
  });
  github.pull.state = 'closed';
  expect((await run()).stderr).toContain('is closed');
  expect(github.writes()).toEqual([]);
});
