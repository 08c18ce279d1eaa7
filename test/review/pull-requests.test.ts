import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
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
import { addCheck } from '../../src/cli/commands/check.ts';
import { addReview } from '../../src/cli/commands/review.ts';
import { addSuggest } from '../../src/cli/commands/suggest.ts';
import type { ExitCode } from '../../src/cli/exit-code.ts';
import { startGit } from '../../src/cli/files/git.ts';
import { Refusal } from '../../src/cli/problem.ts';
import type { RunGit } from '../../src/cli/world.ts';
import { convert } from '../../src/index.ts';
import { fakeGithub } from '../forge/fake-github.ts';
import { fakeGitlab } from '../forge/fake-gitlab.ts';
import type { FakeForge } from '../forge/server.ts';
import { furtherPullRequests } from './further-pull-requests.ts';
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

/** Both forges get the same routes, which are made once. */
function convertOnce(): typeof convert {
  const known = new Map<string, ReturnType<typeof convert>>();
  return (files, facts, options) => {
    const key = JSON.stringify([files, facts, options]);
    const found = known.get(key) ?? convert(files, facts, options);
    known.set(key, found);
    return found;
  };
}

/** All commands of one push ask git the same of the same commits: it is started once for each question. */
function gitOnce(): RunGit {
  const known = new Map<string, ReturnType<RunGit>>();
  return (args, options) => {
    const key = JSON.stringify([args, options.cwd, options.input]);
    if (!known.has(key)) known.set(key, startGit(args, options));
    return known.get(key);
  };
}

interface More {
  readonly env?: Readonly<Record<string, string>>;
  readonly converts?: typeof convert;
  readonly runGit?: RunGit;
}

/** Runs a command in this process, on a forge, with time that passes at once. */
async function run(folder: string, args: readonly string[], fake: FakeForge, more: More = {}): Promise<Ran> {
  const out = { stdout: '', stderr: '' };
  let code: ExitCode = 0;
  const git = { PATH: tools, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const world = {
    cwd: folder,
    env: { ...git, ...fake.env, ...more.env },
    stdin: (async function* () {})(),
    stdout: { write: (text: string) => (out.stdout += text) },
    stderr: { write: (text: string) => (out.stderr += text) },
    loadConvert: async () => more.converts ?? convert,
    runGit: more.runGit ?? startGit,
  } as never;
  const clock = { now: () => 0, sleep: async () => undefined };
  const program = new Command().exitOverride();
  const exit = (found: ExitCode): void => {
    code = found;
  };
  addReview(program, world, exit, clock);
  addSuggest(program, world, exit, clock);
  addCheck(program, world, exit);
  fake.forget();
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    out.stderr += error.message;
    code = 2;
  }
  const writes = fake.writes().length;
  return { ...out, code, reads: fake.seen.length - writes, writes };
}

const schemas = ['report', 'verification', 'review'].map(
  file =>
    JSON.parse(readFileSync(join(import.meta.dirname, `../../schemas/${file}.schema.json`), 'utf8')) as {
      readonly $id: string;
    },
);
const validator = new Ajv({ strict: false, allErrors: true, schemas });

/** A forge that a pull request is opened on, and what it was told so far. */
interface Host {
  readonly name: 'github' | 'gitlab';
  readonly fake: FakeForge;
  readonly post: readonly string[];
  /** What jobs of forks have instead of what jobs of the repository have. */
  readonly env: Readonly<Record<string, string>>;
  readonly texts: string[];
  said: ReadonlyMap<string, string>;
}

async function hosts(isFork: boolean): Promise<readonly Host[]> {
  const github = await fakeGithub('');
  // The token of a pull request from a fork may not write.
  if (isFork)
    github.intercept(
      ({ method }) => method !== 'GET',
      () => ({ status: 403, body: { message: 'Resource not accessible by integration' } }),
      1000,
    );
  const gitlab = await fakeGitlab('');
  // Variables that are masked and protected are not there in a merge request from a fork.
  const env = isFork ? { GITLAB_TOKEN: '', CI_JOB_TOKEN: 'of-the-job' } : {};
  const post = ['--post', 'github', '--pull-request', '7'];
  return [
    { name: 'github', fake: github, post, env: {}, texts: [], said: new Map() },
    { name: 'gitlab', fake: gitlab, post: ['--post', 'gitlab'], env, texts: [], said: new Map() },
  ];
}

/** The comments of a command, as people see them. */
function commentsOf(fake: FakeForge, isReview: boolean): string {
  return fake
    .shown()
    .filter(({ body }) => body.includes('"tag":"/review"') === isReview)
    .map(({ where, path, lines, body }) => {
      const there = lines ? `, lines ${lines.join(' to ')}` : where === 'line' ? ', outdated' : '';
      const at = where === 'summary' ? '' : `**At \`${path}\`${there}:**\n\n`;
      return at + body.replace(/\n\n<!-- vs2route:.* -->$/, '');
    })
    .join('\n\n---\n\n');
}

function calls({ reads, writes }: Ran): string {
  return `${reads} ${reads === 1 ? 'read' : 'reads'}, ${writes} ${writes === 1 ? 'write' : 'writes'}`;
}

/** What one push is told by each of the three; `check` speaks to no forge, and is asked once. */
async function told(
  { folder }: Repository,
  { name, fake, post, env, said: before }: Host,
  { converts, runGit, target }: Required<Pick<More, 'converts' | 'runGit'>> & { readonly target: string },
): Promise<{ readonly text: string; readonly said: ReadonlyMap<string, string>; readonly writes: number }> {
  const asked = (...args: readonly string[]) => run(folder, [...args, '.'], fake, { env, converts, runGit });
  const review = await asked('review', '--base', target, ...post);
  const suggest = await asked('suggest', ...post, '--fail-on', 'never');
  for (const one of [review, suggest]) {
    expect(one.reads).toBeLessThanOrEqual(4);
    expect(one.writes).toBeLessThanOrEqual(name === 'github' ? 2 : 5);
  }
  const parts: [string, Ran, string, string][] = [
    ['review', review, commentsOf(fake, true), calls(review)],
    ['suggest', suggest, commentsOf(fake, false), calls(suggest)],
  ];
  if (name === 'github') parts.push(['check', await asked('check', '--base', target), '', '']);
  const said = new Map<string, string>();
  const text = parts.map(([command, { stdout, stderr, code }, comments, cost]) => {
    const log = [stdout.trimEnd(), stderr.trimEnd()].filter(one => one !== '').join('\n\n');
    said.set(command, comments);
    const shown =
      comments === ''
        ? 'No comment.'
        : before.get(command) === comments
          ? 'The comments as before.'
          : comments;
    const whole = [command === 'check' ? '' : shown, log === '' ? '' : `Log:\n\n${log}`]
      .filter(one => one !== '')
      .join('\n\n');
    return `### ${command} (exit ${code}${cost === '' ? '' : `; ${cost}`})\n\n${whole}\n`;
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

/** @returns what each forge is told, push by push */
async function recordOf(
  kind: PullRequestKind,
  repository: Repository,
): Promise<ReadonlyMap<Host['name'], string>> {
  const { name, pushes, prepare, onto, meanwhile, isBrief } = kind;
  const { git, commit } = repository;
  let start = prepare === undefined ? base : prepare(base);
  let from = commit(start, 'main');
  const target = onto === undefined ? 'main' : 'first';
  if (onto !== undefined) {
    git('checkout', '--quiet', '-b', target);
    start = onto(start);
    from = commit(start, target);
  }
  git('checkout', '--quiet', '-b', 'work');
  const all = await hosts(name === 'fork');
  const forges = isBrief === true ? all.slice(0, 1) : all;
  const converts = convertOnce();
  let [files, newest] = [start, from];
  const tell = async (title: string, head: string, writes?: number): Promise<void> => {
    const diff = git('diff', '--find-renames', `${target}...HEAD`);
    const between = git('diff', '--find-renames', '--unified=0', newest, head);
    newest = head;
    const runGit = gitOnce();
    for (const host of forges) {
      host.fake.push(diff, { head, base: from, between });
      const found = await told(repository, host, { converts, runGit, target });
      host.said = found.said;
      host.texts.push(`## ${title}\n\n${found.text.replaceAll(from.slice(0, 7), 'COMMIT')}`);
      if (writes !== undefined) expect(found.writes).toBe(writes);
    }
  };
  const push = (title: string, now: Files, writes?: number): Promise<void> => {
    files = now;
    return tell(title, commit(files, title), writes);
  };
  for (const [index, change] of pushes.entries()) await push(`Push ${index + 1}`, change(files));
  const [github] = forges;
  if (github?.said.get('review')?.includes('Routing changes'))
    await validJson(repository, github.fake, target);
  if (meanwhile !== undefined) {
    git('checkout', '--quiet', target);
    start = meanwhile(start);
    from = commit(start, 'meanwhile');
    git('checkout', '--quiet', 'work');
    git('merge', '--quiet', '--no-edit', target);
    files = meanwhile(files);
    await tell('Another push, that merges the target', git('rev-parse', 'HEAD').trim());
  }
  if (isBrief !== true) {
    const readme = { ...files, 'README.md': `${files['README.md']}More.\n` };
    await push('Another push, of the README alone', readme, name === 'fork' ? undefined : 0);
    const hasLines = ({ fake }: Host): boolean => fake.shown().some(({ where }) => where === 'line');
    const answered = forges.filter(hasLines);
    for (const { fake } of answered) fake.answer('Not now.');
    await push(
      `Another push, of a line more in each file${answered.length > 0 ? ', after somebody answered “Not now.”' : ''}`,
      moved(files, start),
    );
  }
  return new Map(forges.map(({ name: forge, texts }) => [forge, `# ${name}\n\n${texts.join('\n')}`]));
}

async function validJson({ folder }: Repository, fake: FakeForge, target: string): Promise<void> {
  const args = ['review', '--base', target, '--format', 'json', '--quiet', '.'];
  const { stdout, code } = await run(folder, args, fake);
  if (code === 2) return;
  expect(validator.validate(schemas[2]?.$id ?? '', JSON.parse(stdout)), validator.errorsText()).toBe(true);
}

/** What GitLab is told, in the words of GitHub: most of it is the same. */
function inWordsOfGithub(text: string): string {
  return text
    .replaceAll('GitLab merge request shop/manifests!7', 'GitHub pull request shop/manifests#7')
    .replaceAll('merge request', 'pull request')
    .replaceAll('**Apply suggestion**', '**Commit suggestion**')
    .replaceAll(/^```suggestion:-\d+\+\d+$/gm, '```suggestion');
}

function withoutCheck(text: string): string {
  return text.replaceAll(/^### check [\s\S]*?(?=^## |$(?![\s\S]))/gm, '');
}

/** Holds a text against a file; an empty one is no file. */
function expectFile(path: string, text: string): void {
  if (update && text === '') rmSync(path, { force: true });
  else if (update) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
}

describe.each([...pullRequests, ...furtherPullRequests])('a pull request of the kind $name', kind => {
  test('is told what is expected, push by push, on GitHub and on GitLab', async () => {
    const repository = makeRepository();
    try {
      const texts = await recordOf(kind, repository);
      const [github = '', gitlab] = [texts.get('github'), texts.get('gitlab')];
      expectFile(join(recorded, `${kind.name}.md`), github);
      const isSame = gitlab === undefined || inWordsOfGithub(gitlab).trim() === withoutCheck(github).trim();
      expectFile(join(recorded, 'gitlab', `${kind.name}.md`), isSame ? '' : gitlab);
    } finally {
      repository.remove();
    }
  }, 120_000);
});

test('the differences of GitLab are known', () => {
  const folder = join(recorded, 'gitlab');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const known = [...pullRequests, ...furtherPullRequests].map(({ name }) => `${name}.md`);
  expect(names.filter(name => !known.includes(name))).toEqual([]);
});
