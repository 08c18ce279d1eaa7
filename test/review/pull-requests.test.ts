import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { addCheck } from '../../src/cli/check.ts';
import type { ExitCode } from '../../src/cli/exit-code.ts';
import { Refusal } from '../../src/cli/problem.ts';
import { addReview } from '../../src/cli/review.ts';
import { addSuggest } from '../../src/cli/suggest.ts';
import { convert } from '../../src/index.ts';
import { type FakeGithub, fakeGithub } from '../forge/fake-github.ts';
import { makeRepository, type Repository } from './repository.ts';
import { base, type Files, type PullRequestKind, pullRequests } from './shop-repository.ts';

const recorded = join(import.meta.dirname, '../../testdata/review');
const update = process.env['UPDATE'] !== undefined;

/** git alone, so that overlays are read by ourselves, wherever the test runs. */
const tools = realpathSync(mkdtempSync(join(tmpdir(), 'vs2route-tools-')));
for (const folder of (process.env['PATH'] ?? '').split(':'))
  if (existsSync(join(folder, 'git')) && !existsSync(join(tools, 'git')))
    symlinkSync(join(folder, 'git'), join(tools, 'git'));
afterAll(() => rmSync(tools, { recursive: true, force: true }));

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: ExitCode;
  readonly reads: number;
  readonly writes: number;
}

/** Runs a command in this process, on a forge, with time that passes at once. */
async function run(folder: string, args: readonly string[], github: FakeGithub): Promise<Ran> {
  const out = { stdout: '', stderr: '' };
  let code: ExitCode = 0;
  const world = {
    cwd: folder,
    env: { PATH: tools, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', ...github.env },
    stdin: (async function* () {})(),
    stdout: { write: (text: string) => (out.stdout += text) },
    stderr: { write: (text: string) => (out.stderr += text) },
    loadConvert: async () => convert,
  } as never;
  const clock = { now: () => 0, sleep: async () => undefined };
  const program = new Command().exitOverride();
  const exit = (found: ExitCode): void => {
    code = found;
  };
  addReview(program, world, exit, clock);
  addSuggest(program, world, exit, clock);
  addCheck(program, world, exit);
  github.forget();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    out.stderr += error.message;
    code = 2;
  }
  const writes = github.writes().length;
  return { ...out, code, reads: github.seen.length - writes, writes };
}

const schemas = ['report', 'verification', 'review'].map(
  file =>
    JSON.parse(readFileSync(join(import.meta.dirname, `../../schemas/${file}.schema.json`), 'utf8')) as {
      readonly $id: string;
    },
);
const validator = new Ajv({ strict: false, allErrors: true, schemas });

const post = ['--post', 'github', '--pull-request', '7'];

/** The comments of a command, as people see them. */
function commentsOf(github: FakeGithub, isReview: boolean): string {
  return github
    .shown()
    .filter(({ body }) => body.includes('"tag":"/review"') === isReview)
    .map(({ where, path, lines, body }) => {
      const at =
        where === 'summary' ? '' : `**At \`${path}\`${lines ? `, lines ${lines.join(' to ')}` : ''}:**\n\n`;
      return at + body.replace(/\n\n<!-- vs2route:.* -->$/, '');
    })
    .join('\n\n---\n\n');
}

function calls({ reads, writes }: Ran): string {
  return `${reads} ${reads === 1 ? 'read' : 'reads'}, ${writes} ${writes === 1 ? 'write' : 'writes'}`;
}

/** What one push is told by each of the three. */
async function told(
  repository: Repository,
  github: FakeGithub,
  before: ReadonlyMap<string, string>,
): Promise<{ readonly text: string; readonly said: ReadonlyMap<string, string>; readonly writes: number }> {
  const review = await run(repository.folder, ['review', '--base', 'main', ...post, '.'], github);
  const suggest = await run(repository.folder, ['suggest', ...post, '--fail-on', 'never', '.'], github);
  const check = await run(repository.folder, ['check', '--base', 'main', '.'], github);
  for (const one of [review, suggest]) {
    expect(one.reads).toBeLessThanOrEqual(4);
    expect(one.writes).toBeLessThanOrEqual(2);
  }
  const parts = [
    ['review', review, commentsOf(github, true), calls(review)],
    ['suggest', suggest, commentsOf(github, false), calls(suggest)],
    ['check', check, '', ''],
  ] as const;
  const said = new Map<string, string>();
  const text = parts.map(([name, { stdout, stderr, code }, comments, cost]) => {
    const log = [stdout.trimEnd(), stderr.trimEnd()].filter(one => one !== '').join('\n\n');
    said.set(name, comments);
    const shown =
      comments === '' ? 'No comment.' : before.get(name) === comments ? 'The comments as before.' : comments;
    const whole = [name === 'check' ? '' : shown, log === '' ? '' : `Log:\n\n${log}`]
      .filter(one => one !== '')
      .join('\n\n');
    return `### ${name} (exit ${code}${cost === '' ? '' : `; ${cost}`})\n\n${whole}\n`;
  });
  return { text: text.join('\n'), said, writes: review.writes + suggest.writes };
}

/** A line more in each file that the pull request changes, so that everything moves. */
function moved(files: Files, start: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) =>
      path.endsWith('.yaml') && text !== start[path] ? [path, `# Touched.\n${text}`] : [path, text],
    ),
  );
}

async function recordOf({ name, pushes, prepare }: PullRequestKind, repository: Repository): Promise<string> {
  const start = prepare === undefined ? base : prepare(base);
  const commit = repository.commit(start, 'main');
  repository.git('checkout', '--quiet', '-b', 'work');
  const github = await fakeGithub('');
  github.pull.base = commit;
  // The token of a pull request from a fork may not write.
  if (name === 'fork')
    github.intercept(
      ({ method }) => method !== 'GET',
      () => ({ status: 403, body: { message: 'Resource not accessible by integration' } }),
      1000,
    );
  const texts: string[] = [];
  let files = start;
  let said: ReadonlyMap<string, string> = new Map();
  const push = async (title: string, now: Files): Promise<number> => {
    files = now;
    github.pull.head = repository.commit(files, title);
    github.push(repository.git('diff', '--find-renames', 'main...HEAD'));
    const found = await told(repository, github, said);
    said = found.said;
    texts.push(`## ${title}\n\n${found.text.replaceAll(commit.slice(0, 7), 'COMMIT')}`);
    return found.writes;
  };
  for (const [index, change] of pushes.entries()) await push(`Push ${index + 1}`, change(files));
  if (said.get('review')?.includes('Routing changes')) await validJson(repository, github);
  const again = await push('Another push, of the README alone', {
    ...files,
    'README.md': `${files['README.md']}More.\n`,
  });
  if (name !== 'fork') expect(again).toBe(0);
  const shown = github.shown().filter(({ where }) => where === 'line');
  if (shown.length > 0) github.answer('Not now.');
  await push(
    `Another push, of a line more in each file${shown.length > 0 ? ', after somebody answered “Not now.”' : ''}`,
    moved(files, start),
  );
  return `# ${name}\n\n${texts.join('\n')}`;
}

async function validJson(repository: Repository, github: FakeGithub): Promise<void> {
  const args = ['review', '--base', 'main', '--format', 'json', '--quiet', '.'];
  const { stdout, code } = await run(repository.folder, args, github);
  if (code === 2) return;
  expect(validator.validate(schemas[2]?.$id ?? '', JSON.parse(stdout)), validator.errorsText()).toBe(true);
}

describe.each(pullRequests)('a pull request of the kind $name', kind => {
  test('is told what is expected, push by push', async () => {
    const repository = makeRepository();
    try {
      const path = join(recorded, `${kind.name}.md`);
      const text = await recordOf(kind, repository);
      if (update) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
    } finally {
      repository.remove();
    }
  }, 120_000);
});
