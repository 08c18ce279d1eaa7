import { describe, expect, test } from 'vitest';
import { fakeGithub } from './fake-github.ts';
import { fakeGitlab } from './fake-gitlab.ts';
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

/** People say no, and push again: three pushes on each forge. */
const forges = [
  { name: 'GitHub', fake: (diff: string) => fakeGithub(diff), args: ['--post', '--pull-request', '7'] },
  { name: 'GitLab', fake: (diff: string) => fakeGitlab(diff), args: ['--post'] },
] as const;

const base: Files = { 'services.yaml': ['reviews', 'ratings', 'cart'].map(service).join('---\n') };
const first = { ...base, 'reviews.yaml': virtualService('reviews') };
const second = { ...base, 'reviews.yaml': `# Ours.\n${virtualService('reviews', '/v2')}` };
const third = { ...second, 'ratings.yaml': virtualService('ratings') };

describe.each(forges)('$name', forge => {
  async function pullRequest(files: Files) {
    const fake = await forge.fake(diffOf(base, files));
    const folder = folderWith(files);
    const run = async (more: readonly string[] = ['--filter', 'new']) => {
      fake.forget();
      return suggest(folder, [...forge.args, '--fail-on', 'never', ...more], fake.env);
    };
    return {
      fake,
      run,
      push: async (now: Files) => {
        writeFiles(folder, now);
        fake.push(diffOf(base, now));
        return run();
      },
    };
  }

  test('a usual pull request: at most four reads and one write; the next push reads as much and writes nothing', async () => {
    const { fake, run } = await pullRequest(first);
    await run();
    const reads = () => fake.seen.length - fake.writes().length;
    expect(fake.writes()).toHaveLength(1);
    expect(reads()).toBeLessThanOrEqual(4);
    await run();
    expect(fake.writes()).toEqual([]);
    expect(reads()).toBeLessThanOrEqual(4);
  });

  test('a reply: nothing more of that object, whatever it becomes; other objects are told', async () => {
    const { fake, run, push } = await pullRequest(first);
    await run();
    const [said] = fake.shown();
    fake.answer('Not now.');
    await push(second);
    expect(fake.writes()).toEqual([]);
    await push(third);
    expect(fake.writes()).toHaveLength(1);
    const bodies = fake.shown().map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(said?.body);
    expect(bodies[1]).toContain('`VirtualService shop/ratings` becomes');
    // It cannot be converted any more: that is no news to whoever said no.
    await push({ ...third, 'reviews.yaml': faulty('reviews') });
    expect(fake.writes()).toEqual([]);
  });

  test('/vs2route off: nothing more at all, until somebody writes on', async () => {
    const { fake, run, push } = await pullRequest(first);
    await run();
    fake.say('Thanks.\n/vs2route off');
    const { stderr } = await push(second);
    expect(stderr).toContain('somebody wrote /vs2route off');
    expect(fake.writes()).toEqual([]);
    await push(third);
    expect(fake.writes()).toEqual([]);
    fake.say('/vs2route on');
    await push(third);
    expect(fake.writes().length).toBeGreaterThan(0);
  });

  test('/vs2route off as a reply in a thread', async () => {
    const { fake, run, push } = await pullRequest(first);
    await run();
    fake.answer('/vs2route off');
    await push(third);
    expect(fake.writes()).toEqual([]);
  });

  test('the label', async () => {
    const { fake, run, push } = await pullRequest(first);
    fake.label('vs2route/off');
    await run();
    await push(second);
    await push(third);
    expect(fake.shown()).toEqual([]);
  });

  test('more than five conversions are one comment, edited in place; one whose lines somebody quoted is not', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `app-${index}`);
    const many: Files = {
      'services.yaml': [...names, 'more'].map(service).join('---\n'),
      ...Object.fromEntries(names.map(name => [`${name}.yaml`, virtualService(name)])),
    };
    const { fake, run, push } = await pullRequest(many);
    await run();
    expect(fake.writes()).toHaveLength(1);
    expect(fake.shown().map(({ where }) => where)).toEqual(['summary']);
    await push({ ...many, 'more.yaml': virtualService('more') });
    expect(fake.writes().map(({ method }) => method)).toEqual([forge.name === 'GitHub' ? 'PATCH' : 'PUT']);
    expect(fake.shown()[0]?.body).toContain('7 conversions to make');
    fake.answerSummary('not now');
    await push({ ...many, 'app-0.yaml': virtualService('app-0', '/v3') });
    expect(fake.writes()).toEqual([]);
  });
});

test('GitHub: a stranger does not silence it; another program is no answer', async () => {
  const github = await fakeGithub(diffOf(base, first));
  const folder = folderWith(first);
  const run = () => suggest(folder, ['--post', '--pull-request', '7'], github.env);
  github.say('/vs2route off', 'NONE');
  await run();
  expect(github.shown()).toHaveLength(1);
  const [own] = github.pull.onDiff;
  if (own === undefined) throw new Error('nothing was posted');
  github.pull.onDiff.push({
    ...own,
    id: 9000,
    body: 'LGTM',
    in_reply_to_id: own.id,
    user: { login: 'x[bot]', type: 'Bot' },
  });
  writeFiles(folder, second);
  github.push(diffOf(base, second));
  github.forget();
  await run();
  expect(github.writes().length).toBeGreaterThan(0);
});
