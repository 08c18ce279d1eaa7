import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeGitlab, gitlabDiffs } from './fake-gitlab.ts';
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

async function mergeRequest(before: Files, after: Files, renames: Readonly<Record<string, string>> = {}) {
  const gitlab = await fakeGitlab(diffOf(before, after, renames));
  const folder = folderWith(after);
  const run = (...args: readonly string[]) => suggest(folder, ['--post', ...args], gitlab.env);
  return { gitlab, folder, run };
}

test('a first run, a second with nothing to do, and one after the fix', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews'), 'ratings.yaml': faulty('ratings') };
  const { gitlab, folder, run } = await mergeRequest(services, after);
  const first = await run();
  expect(first.code).toBe(1);
  expect(first.stderr).toContain('2 new comments, 0 edited, 0 removed, 0 already there.');
  expect(gitlab.threads.map(({ notes: [note] }) => note?.position)).toMatchObject([
    { position_type: 'text', new_path: 'ratings.yaml', new_line: 12 },
    { position_type: 'text', new_path: 'reviews.yaml', new_line: 1 },
  ]);
  expect(gitlab.threads[1]?.notes[0]?.body).toContain('```suggestion:-0+17\n');

  gitlab.forget();
  expect((await run()).stderr).toContain('2 already there');
  expect(gitlab.writes()).toEqual([]);

  const fixed = gitlab.applySuggestions('reviews.yaml', after['reviews.yaml']);
  expect(fixed).toBe(written(after)['reviews.yaml']);
  writeFileSync(join(folder, 'reviews.yaml'), fixed);
  gitlab.request.diffs = gitlabDiffs(diffOf(services, { ...after, 'reviews.yaml': fixed }));
  expect((await run()).stderr).toContain('0 new comments, 0 edited, 1 removed, 1 already there.');
  expect(gitlab.threads).toHaveLength(1);
});

test('a changed line is enough for a suggestion of the whole document', async () => {
  const before = { ...services, 'reviews.yaml': virtualService('reviews') };
  const after = { ...services, 'reviews.yaml': virtualService('reviews', '/v2') };
  const { gitlab, run } = await mergeRequest(before, after);
  await run();
  expect(gitlab.threads).toHaveLength(1);
  // An unchanged line has two numbers, and GitLab wants both.
  expect(gitlab.threads[0]?.notes[0]?.position).toMatchObject({ new_line: 9, old_line: 9 });
  expect(gitlab.threads[0]?.notes[0]?.body).toContain('```suggestion:-8+9\n');
  expect(gitlab.applySuggestions('reviews.yaml', after['reviews.yaml'])).toBe(written(after)['reviews.yaml']);
});

test('further than GitLab reaches: a comment on the file', async () => {
  const entries = Array.from(
    { length: 40 },
    (_, index) => `  - match:
    - uri:
        exact: /${index}
    route:
    - destination:
        host: reviews
`,
  ).join('');
  const text = virtualService('reviews').replace('  http:\n', `  http:\n${entries}`);
  const { gitlab, run } = await mergeRequest(services, { ...services, 'reviews.yaml': text });
  await run();
  expect(gitlab.threads.map(({ notes: [note] }) => note?.position?.position_type)).toEqual(['file']);
});

test('what says something else is edited; what somebody answered stays', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { gitlab, folder, run } = await mergeRequest(services, after);
  await run();
  const other = { ...services, 'reviews.yaml': virtualService('reviews', '/v2') };
  writeFiles(folder, other);
  gitlab.request.diffs = gitlabDiffs(diffOf(services, other));
  expect((await run()).stderr).toContain('0 new comments, 1 edited, 0 removed');
  gitlab.threads[0]?.notes.push({ id: 1, body: 'Why?', author: { id: 7 }, system: false });
  const fixed = written(other);
  writeFiles(folder, fixed);
  gitlab.request.diffs = gitlabDiffs(diffOf(services, fixed));
  gitlab.forget();
  expect((await run()).stderr).toContain('0 removed');
  expect(gitlab.writes()).toEqual([]);
});

test('a renamed file, and 300 of them in pages', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `app-${index}`);
  const base = { 'services.yaml': names.map(service).join('---\n') };
  const before = {
    ...base,
    ...Object.fromEntries(names.map(name => [`old/${name}.yaml`, virtualService(name)])),
  };
  const after = {
    ...base,
    ...Object.fromEntries(names.map(name => [`new/${name}.yaml`, virtualService(name, '/v2')])),
  };
  const renames = Object.fromEntries(names.map(name => [`new/${name}.yaml`, `old/${name}.yaml`]));
  const { gitlab, run } = await mergeRequest(before, after, renames);
  expect((await run()).stderr).toContain('41 new comments');
  expect(gitlab.seen.filter(({ url }) => url.includes('/diffs?'))).toHaveLength(3);
  expect(gitlab.threads[0]?.notes[0]?.position).toMatchObject({ old_path: expect.stringMatching(/^old\//) });
  gitlab.forget();
  expect((await run()).stderr).toContain('0 new comments, 0 edited, 0 removed, 41 already there.');
  expect(gitlab.writes()).toEqual([]);
}, 20_000);

test('one anchor that is refused goes to its file; a job token may not write', async () => {
  const after = {
    ...services,
    'reviews.yaml': virtualService('reviews'),
    'cart.yaml': virtualService('cart'),
  };
  const { gitlab, folder, run } = await mergeRequest(services, after);
  gitlab.intercept(
    ({ method, body }) => method === 'POST' && JSON.stringify(body).includes('"new_path":"cart.yaml"'),
    () => ({ status: 400, body: { message: '400 Bad request - Note {:line_code=>["can\'t be blank"]}' } }),
  );
  expect((await run()).stderr).toContain('2 new comments');
  expect(gitlab.threads.map(({ notes: [note] }) => note?.position?.position_type).toSorted()).toEqual([
    'file',
    'text',
  ]);

  const { GITLAB_TOKEN: _, ...env } = gitlab.env;
  const { stdout, stderr, code } = await suggest(folder, ['--post', '--fail-on', 'never'], {
    ...env,
    CI_JOB_TOKEN: 'job',
  });
  expect(code).toBe('refused');
  expect(stderr).toContain('(401)');
  expect(stdout).toBe('');
});

test('waits when told to, and tries again after 500', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews') };
  const { gitlab, run } = await mergeRequest(services, after);
  gitlab.intercept(
    ({ method }) => method === 'GET',
    () => ({ status: 500 }),
  );
  gitlab.intercept(
    ({ method }) => method === 'POST',
    () => ({ status: 429, headers: { 'retry-after': '9' } }),
  );
  const { slept, stderr } = await run();
  expect(slept).toEqual([1000, 9000]);
  expect(stderr).toContain('1 new comments');
});

test.each([
  ['no token', { GITLAB_TOKEN: '' }, 'there is no token'],
  ['no merge request', { CI_MERGE_REQUEST_IID: '' }, 'this pipeline is not of a merge request'],
  ['no project', { CI_PROJECT_ID: '' }, 'the project is not known'],
  ['another project', { CI_PROJECT_ID: 'shop/other' }, '(404)'],
])('bad input: %s', async (_, env, message) => {
  const { gitlab, folder } = await mergeRequest(services, services);
  const { code, stderr } = await suggest(folder, ['--post'], { ...gitlab.env, ...env });
  expect(code).toBe('refused');
  expect(stderr).toContain(message);
});
