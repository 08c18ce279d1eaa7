import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fakeGitlab } from './fake-gitlab.ts';
import { diffOf, type Files, faulty, folderWith, service, suggest, virtualService } from './run.ts';
import { written } from './written.ts';

const services = { 'services.yaml': ['reviews', 'ratings', 'cart'].map(service).join('---\n') };
const withReviews = { ...services, 'reviews.yaml': virtualService('reviews') };

async function mergeRequest(before: Files, after: Files, renames: Readonly<Record<string, string>> = {}) {
  const gitlab = await fakeGitlab(diffOf(before, after, renames));
  const folder = folderWith(after);
  const run = (...args: readonly string[]) => suggest(folder, ['--post', ...args], gitlab.env);
  return { gitlab, folder, run };
}

test('a thread with all the commits, at the first line; what is elsewhere is a note', async () => {
  const { gitlab, run } = await mergeRequest(services, { ...withReviews, 'ratings.yaml': faulty('ratings') });
  await run();
  const position = {
    base_sha: 'a'.repeat(40),
    start_sha: 'b'.repeat(40),
    head_sha: 'c'.repeat(40),
    position_type: 'text',
  };
  expect(gitlab.writes().map(({ body }) => body)).toEqual([
    {
      body: expect.stringMatching(
        /^`VirtualService shop\/ratings` cannot be converted yet and stays as it is\./,
      ),
      position: { ...position, old_path: 'ratings.yaml', new_path: 'ratings.yaml', new_line: 12 },
    },
    {
      body: expect.stringContaining('```suggestion:-0+17\n'),
      position: { ...position, old_path: 'reviews.yaml', new_path: 'reviews.yaml', new_line: 1 },
    },
  ]);
});

test('a changed line is enough for a suggestion of the whole document', async () => {
  const after = { ...services, 'reviews.yaml': virtualService('reviews', '/v2') };
  const { gitlab, run } = await mergeRequest(withReviews, after);
  await run();
  expect(gitlab.threads).toHaveLength(1);
  // An unchanged line has two numbers, and GitLab wants both.
  expect(gitlab.threads[0]?.notes[0]?.position).toMatchObject({ new_line: 9, old_line: 9 });
  expect(gitlab.threads[0]?.notes[0]?.body).toContain('```suggestion:-8+9\n');
  expect(gitlab.applySuggestions('reviews.yaml', after['reviews.yaml'])).toBe(written(after)['reviews.yaml']);
});

test('further than GitLab reaches: a comment on the file', async () => {
  const entry = (index: number): string =>
    `  - match:\n    - uri:\n        exact: /${index}\n    route:\n    - destination:\n        host: reviews\n`;
  const entries = Array.from({ length: 40 }, (_, index) => entry(index)).join('');
  const text = virtualService('reviews').replace('  http:\n', `  http:\n${entries}`);
  const { gitlab, run } = await mergeRequest(services, { ...services, 'reviews.yaml': text });
  await run();
  expect(gitlab.shown()).toMatchObject([{ where: 'file', path: 'reviews.yaml' }]);
  expect(gitlab.shown()[0]?.body).toContain(
    'No button: there are more lines to replace than a suggestion reaches, 100 on either side.',
  );
});

test('300 renamed files in pages, where GitLab has no raw diff; those that it leaves out; a comment that moves from a line to the file', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `app-${index}`);
  const base = { 'services.yaml': names.map(service).join('---\n') };
  const folderOf = (folder: string, status: number): Files =>
    Object.fromEntries(
      names.map((name, index) => [
        `${folder}/${name}.yaml`,
        index < 5
          ? faulty(name).replace('httpStatus: 500', `httpStatus: ${status}`)
          : `${service(`spare-${name}`)}# ${status}\n`,
      ]),
    );
  const renames = Object.fromEntries(names.map(name => [`new/${name}.yaml`, `old/${name}.yaml`]));
  const { gitlab, run } = await mergeRequest(
    { ...base, ...folderOf('old', 500) },
    { ...base, ...folderOf('new', 503) },
    renames,
  );
  gitlab.request.diffs = gitlab.request.diffs.map(file =>
    file.new_path === 'new/app-0.yaml' ? { ...file, diff: '', collapsed: true } : file,
  );
  gitlab.intercept(
    ({ url }) => url.includes('/raw_diffs'),
    () => ({ status: 404, body: { error: '404 Not Found' } }),
    2,
  );
  expect((await run()).stderr).toContain('5 new comments');
  expect(gitlab.seen.filter(({ url }) => url.includes('/diffs?'))).toHaveLength(3);
  expect(gitlab.threads[0]?.notes[0]?.position).toMatchObject({ old_path: expect.stringMatching(/^old\//) });
  const cut = gitlab.shown().find(({ path }) => path === 'new/app-0.yaml');
  expect(cut?.body).toContain('`VirtualService shop/app-0` cannot be converted yet');
  gitlab.forget();
  await run('--max-comments', '3');
  const base7 = '/api/v4/projects/shop%2Fmanifests/merge_requests/7';
  expect(
    gitlab.writes().map(({ method, url }) => `${method} ${url.slice(base7.length).replaceAll(/\d+/g, 'N')}`),
  ).toEqual(['POST /discussions', 'DELETE /discussions/dN/notes/N']);
}, 60_000);

test('the token of a job may not comment: said in the log, with the exit code of the findings', async () => {
  const { gitlab, folder } = await mergeRequest(services, withReviews);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  git('init', '-q');
  git('add', 'services.yaml');
  git('commit', '-qm', 'one');
  const base = git('rev-parse', 'HEAD').trim();
  git('add', '.');
  git('commit', '-qm', 'two');
  const { GITLAB_TOKEN: _, ...others } = gitlab.env;
  const env = { ...others, CI_JOB_TOKEN: 'job' };
  expect(
    await suggest(folder, ['--post', '--fail-on', 'info'], { ...env, CI_MERGE_REQUEST_DIFF_BASE_SHA: base }),
  ).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'warning: the token of a job may not comment: set GITLAB_TOKEN for that.\n' +
      'vs2route: 1 conversion to make.\n' +
      'reviews.yaml:1: VirtualService shop/reviews becomes HTTPRoute shop/reviews\n',
    slept: [],
  });
  expect((await suggest(folder, ['--post'], env)).stderr).toContain(
    'the token of a job may not comment, and nobody says what the merge request changes',
  );
  expect(gitlab.seen).toEqual([]);
});

test('a suggestion of an older commit, whose lines are gone, is replaced', async () => {
  const { gitlab, run } = await mergeRequest(services, withReviews);
  await run();
  const [thread] = gitlab.threads;
  const [note] = thread?.notes ?? [];
  if (thread === undefined || note?.position === undefined) throw new Error('nothing was posted');
  // GitLab leaves such a note where it was.
  thread.notes[0] = { ...note, position: { ...note.position, head_sha: 'e'.repeat(40) } };
  expect((await run()).stderr).toContain('1 new comments, 0 edited, 1 removed, 0 already there.');
  expect(gitlab.threads.map(({ notes }) => notes[0]?.position?.head_sha)).toEqual(['c'.repeat(40)]);
});

test.each([
  ['no token', { GITLAB_TOKEN: '' }, 'there is no token'],
  ['a wrong token', { GITLAB_TOKEN: 'other' }, 'may not be commented on with this token (401)'],
  ['no merge request', { CI_MERGE_REQUEST_IID: '' }, 'this pipeline is not of a merge request'],
  ['no project', { CI_PROJECT_ID: '' }, 'the project is not known'],
  ['another project', { CI_PROJECT_ID: 'shop/other' }, '(404)'],
  ['no address', { CI_API_V4_URL: 'nowhere' }, 'nowhere is not an address'],
])('bad input: %s', async (_, env, message) => {
  const { gitlab, folder } = await mergeRequest(services, services);
  const { code, stderr } = await suggest(folder, ['--post'], { ...gitlab.env, ...env });
  expect(code).toBe('refused');
  expect(stderr).toContain(message);
  expect(gitlab.writes()).toEqual([]);
});

test('a job for an older commit leaves it to the newer', async () => {
  const { gitlab, folder } = await mergeRequest(services, withReviews);
  const env = { ...gitlab.env, CI_COMMIT_SHA: 'd'.repeat(40) };
  expect((await suggest(folder, ['--post'], env)).stderr).toContain('has newer commits');
  expect(gitlab.writes()).toEqual([]);
  // In a pipeline of merged results, the commit of the job is another one.
  const merged = { ...env, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: 'c'.repeat(40) };
  expect((await suggest(folder, ['--post'], merged)).stderr).toContain('1 new comments');
});
