import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addReview } from '../../src/cli/commands/review.ts';
import type { ExitCode } from '../../src/cli/exit-code.ts';
import { fakeGithub } from '../forge/fake-github.ts';
import { fakeGitlab } from '../forge/fake-gitlab.ts';
import { makeRepository } from './repository.ts';
import { base, type Files } from './shop-repository.ts';

const forges = [
  { name: 'GitHub', fake: () => fakeGithub(''), args: ['--post', '--pull-request', '7'] },
  { name: 'GitLab', fake: () => fakeGitlab(''), args: ['--post=gitlab'] },
] as const;

const recommend = 'apps/shop/virtual-services/recommend.yaml';

function timeout(value: string): Files {
  return { ...base, [recommend]: (base[recommend] ?? '').replace('5s', value) };
}

describe.each(forges)('$name', forge => {
  async function pullRequest() {
    const fake = await forge.fake();
    const repository = makeRepository();
    onTestFinished(repository.remove);
    repository.commit(base, 'main');
    repository.git('checkout', '--quiet', '-b', 'work');
    return {
      fake,
      push: async (files: Files) => {
        repository.commit(files, 'push');
        fake.forget();
        const out = { stdout: '', stderr: '' };
        let code: ExitCode = 0;
        const world = {
          cwd: repository.folder,
          env: {
            PATH: process.env['PATH'] ?? '',
            ...fake.env,
            GITHUB_STEP_SUMMARY: join(repository.folder, '../summary'),
          },
          stdin: (async function* () {})(),
          stdout: { write: (text: string) => (out.stdout += text) },
          stderr: { write: (text: string) => (out.stderr += text) },
          loadConvert: async () => {
            throw new Error('nothing is converted');
          },
        };
        const program = new Command().exitOverride();
        const clock = { now: () => 0, sleep: async () => undefined };
        addReview(program, world as never, found => (code = found), clock);
        await program.parseAsync(['review', '--base', 'main', ...forge.args, '.'], { from: 'user' });
        return { ...out, code };
      },
    };
  }

  const bodies = (fake: Awaited<ReturnType<typeof forge.fake>>) => fake.shown().map(({ body }) => body);

  test('one comment, edited in place over three pushes, and gone when nothing changes', async () => {
    const { fake, push } = await pullRequest();
    await push(timeout('7s'));
    expect(bodies(fake)).toHaveLength(1);
    expect(bodies(fake)[0]).toContain('timeout 5000 ms | **timeout 7000 ms**');
    expect(fake.writes().map(({ method }) => method)).toEqual(['POST']);
    expect(fake.seen.length - fake.writes().length).toBeLessThanOrEqual(4);

    await push(timeout('8s'));
    expect(bodies(fake)).toHaveLength(1);
    expect(bodies(fake)[0]).toContain('**timeout 8000 ms**');
    expect(fake.writes().map(({ method }) => (method === 'PUT' ? 'PATCH' : method))).toEqual(['PATCH']);

    await push(timeout('8s'));
    expect(fake.writes()).toEqual([]);

    await push(base);
    expect(bodies(fake)).toEqual([]);
    await push(base);
    expect(fake.writes()).toEqual([]);
  }, 60_000);

  test('nothing is posted after somebody wrote /vs2route off', async () => {
    const { fake, push } = await pullRequest();
    await push(timeout('7s'));
    say(fake, '/vs2route off');
    await push(timeout('8s'));
    expect(fake.writes()).toEqual([]);
    expect(bodies(fake)[0]).toContain('**timeout 7000 ms**');
  }, 60_000);

  test('a comment that somebody answered stays, and says that nothing changes any more', async () => {
    const { fake, push } = await pullRequest();
    await push(timeout('7s'));
    say(fake, 'not now');
    await push(timeout('8s'));
    expect(bodies(fake).filter(body => body.includes('vs2route:'))).toHaveLength(1);
    await push(base);
    const [own] = bodies(fake).filter(body => body.includes('vs2route:'));
    expect(own).toContain('**Routing changes in this');
    expect(own).toContain('none');
  }, 60_000);

  test('without the permission to comment, the log has it, and nothing fails', async () => {
    const { fake, push } = await pullRequest();
    fake.intercept(
      ({ method }) => method === 'POST',
      () => ({ status: 403, body: { message: 'Resource not accessible by integration' } }),
      9,
    );
    const { code, stdout, stderr } = await push(timeout('7s'));
    expect(code).toBe(0);
    expect(stderr).toContain('may not be commented on with this token');
    expect(stdout).toMatch(/^::notice file=apps\/shop\/virtual-services\/recommend\.yaml,line=9,/);
  }, 60_000);
});

/** A person writes on the conversation. */
function say(fake: Awaited<ReturnType<(typeof forges)[number]['fake']>>, body: string): void {
  if ('pull' in fake)
    fake.pull.onConversation.push({
      id: 9000 + fake.pull.onConversation.length,
      body,
      user: { login: 'ann', type: 'User' },
      author_association: 'MEMBER',
    });
  else
    fake.threads.push({
      id: `p${fake.threads.length}`,
      individual_note: true,
      notes: [{ id: 9000 + fake.threads.length, body, author: { id: 7 }, system: false }],
    });
}

test('the action reviews where nobody says otherwise', () => {
  const text = readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8');
  expect(text).toMatch(/^ {4}default: review$/m);
});
