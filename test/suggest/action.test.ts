import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addCheck } from '../../src/cli/commands/check.ts';
import { addSuggest } from '../../src/cli/commands/suggest.ts';
import { fakeGithub } from '../forge/fake-github.ts';
import { diffOf, folderWith, service, virtualService } from '../forge/run.ts';

const root = join(import.meta.dirname, '../..');
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const step = action.runs.steps.find(({ id }: { readonly id?: string }) => id === 'run');

/** Runs the step of the action as a runner would, with some inputs. */
function runAction(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const values = Object.fromEntries(
    Object.entries<{ default: string }>(action.inputs).map(([name, { default: value }]) => [
      name,
      inputs[name] ?? value,
    ]),
  );
  const filled = Object.fromEntries(
    Object.entries<string>(step.env).map(([name, value]) => [
      name,
      value
        .replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input) => values[input] ?? '')
        .replaceAll(/\$\{\{ github\.action_path \}\}/g, root),
    ]),
  );
  const { PATH = '' } = process.env;
  return new Promise(resolve => {
    execFile(
      'bash',
      ['--noprofile', '--norc', '-e', '-c', step.run],
      {
        cwd: folder,
        env: { PATH, RUNNER_TEMP: folder, GITHUB_OUTPUT: join(folder, 'out'), ...filled, ...env },
      },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const services = { 'services.yaml': service('reviews') };
const after = { ...services, 'reviews.yaml': virtualService('reviews') };

test('suggest: posts, and says what it found in its outputs', async () => {
  const github = await fakeGithub(diffOf(services, after));
  const event = JSON.stringify({ pull_request: { number: 7, head: { sha: github.pull.head } } });
  const folder = folderWith({ ...after, 'event.txt': event });
  const env = {
    ...github.env,
    GITHUB_EVENT_PATH: join(folder, 'event.txt'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  };
  const { code, stderr } = await runAction(folder, { mode: 'suggest', token: 'secret-token' }, env);
  expect(stderr).toContain('1 new comments');
  expect(code).toBe(0);
  expect(github.pull.onDiff).toHaveLength(1);
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(
    `converted=1\nheld-back=0\nreport=${join(folder, 'vs2route-report.json')}\n`,
  );
  expect(readFileSync(join(folder, 'summary'), 'utf8')).toContain('1 conversion to make');
}, 20_000);

test('check fails, report does not, and what an input holds is no flag and no command', async () => {
  const folder = folderWith(after);
  const check = await runAction(folder, { mode: 'check', sarif: 'out.sarif' }, {});
  expect(check.code).toBe(1);
  expect(check.stdout).toContain('::error file=reviews.yaml');
  expect(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')).version).toBe('2.1.0');
  const report = await runAction(
    folder,
    { mode: 'report' },
    { GITHUB_STEP_SUMMARY: join(folder, 'summary') },
  );
  expect(report.code).toBe(0);
  expect(readFileSync(join(folder, 'summary'), 'utf8')).toContain('reviews');
  const odd = await runAction(folder, { mode: 'check', paths: '--help\n$(touch owned)' }, {});
  expect(odd.code).toBe(2);
  expect(odd.stderr).toContain('--help: no such file or folder');
  expect((await runAction(folder, { mode: 'destroy' }, {})).stderr).toContain('There is no mode destroy');
}, 30_000);

test('a value with a line break sets no other output, and begins no line of the log', async () => {
  const folder = folderWith(after);
  mkdirSync(join(folder, 'reports\nheld-back=7'));
  const report = join(folder, 'reports\nheld-back=7/report.json');
  expect((await runAction(folder, { mode: 'report', report }, {})).code).toBe(0);
  const lines = readFileSync(join(folder, 'out'), 'utf8').split('\n');
  const mark = /^report<<(end-[-0-9a-f]{36})$/.exec(lines[2] ?? '')?.[1];
  expect(lines).toEqual(['converted=1', 'held-back=0', `report<<${mark}`, ...report.split('\n'), mark, '']);
  const { stderr } = await runAction(folder, { mode: 'none\n::notice::and ##[group]' }, {});
  expect(stderr).toBe(
    'There is no mode none ::notice::and ## [group]: choose review, suggest, check or report.\n',
  );
}, 30_000);

test('a runner without Node, or with one that is too old, gets one', async () => {
  const [look, setUp] = action.runs.steps;
  expect(setUp).toEqual({
    if: "steps.node.outputs.missing == 'true'",
    // A commit, which nobody can move.
    uses: expect.stringMatching(/^actions\/setup-node@[\da-f]{40}$/),
    with: { 'node-version': 22 },
  });
  const outputs: string[] = [];
  for (const node of [undefined, 'exit 1', 'exit 0']) {
    const folder = folderWith({ out: '', ...(node !== undefined && { node: `#!/bin/sh\n${node}\n` }) });
    if (node !== undefined) chmodSync(join(folder, 'node'), 0o755);
    const env = { PATH: folder, GITHUB_OUTPUT: join(folder, 'out') };
    execFileSync('/bin/bash', ['--noprofile', '--norc', '-e', '-c', look.run], { env });
    outputs.push(readFileSync(join(folder, 'out'), 'utf8'));
  }
  expect(outputs).toEqual(['missing=true\n', 'missing=true\n', '']);
});

test('a clean checkout is installed from the lock file and built, without scripts of libraries and without the token', async () => {
  const npm = '#!/bin/sh\necho "npm $* token=$GITHUB_TOKEN" >> "$LOG"\n[ "$1" = ci ] || ln -s "$DIST" dist\n';
  const home = folderWith({
    ...after,
    'tools/npm': npm,
    'package.json': '{"type":"module","version":"1.0.0"}',
  });
  chmodSync(join(home, 'tools/npm'), 0o755);
  for (const path of ['action', 'bin']) cpSync(join(root, path), join(home, path), { recursive: true });
  const log = join(home, 'log');
  const { code, stdout } = await runAction(
    home,
    { mode: 'check', token: 'secret-token', paths: 'reviews.yaml\nservices.yaml' },
    {
      PATH: `${join(home, 'tools')}:${process.env['PATH']}`,
      LOG: log,
      DIST: join(root, 'dist'),
      VS2ROUTE_ACTION: home,
    },
  );
  expect(code).toBe(1);
  expect(stdout).toContain('::error file=reviews.yaml');
  expect(readFileSync(log, 'utf8')).toBe(
    'npm ci --ignore-scripts --no-audit --no-fund token=\nnpm run --silent build token=\n',
  );
}, 30_000);

test('the script reads what the action hands over, and nothing is inlined', () => {
  const script = readFileSync(join(root, 'action/run.mjs'), 'utf8');
  expect(step.run).not.toContain('${{');
  for (const name of Object.keys(step.env)) {
    if (!name.startsWith('VS2ROUTE_') || name === 'VS2ROUTE_ACTION') continue;
    expect(script).toContain(`'${name.slice('VS2ROUTE_'.length)}'`);
  }
  const used = JSON.stringify(step);
  for (const name of Object.keys(action.inputs)) expect(used).toContain(`inputs.${name} `);
});

const example = (name: string) => parse(readFileSync(join(root, 'examples/ci', name), 'utf8'));
const page = readFileSync(join(root, 'docs/pull-request-bot.md'), 'utf8');
const shown = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => parse(text));

test.each([
  ['github-suggest.yml', { contents: 'read', 'pull-requests': 'write' }],
  ['github-check.yml', { contents: 'read' }],
  ['github-code-scanning.yml', { contents: 'read', 'security-events': 'write' }],
  ['reviewdog.yml', { contents: 'read', 'pull-requests': 'write' }],
])('the example %s gives away no more than it needs, and uses inputs that there are', (name, permissions) => {
  for (const workflow of name === 'github-suggest.yml' ? [example(name), shown[0]] : [example(name)]) {
    expect(workflow.permissions).toEqual(permissions);
    expect(JSON.stringify(workflow.on)).not.toContain('pull_request_target');
    const [job] = Object.values<{ permissions?: unknown; steps: { uses?: string; with?: object }[] }>(
      workflow.jobs,
    );
    expect(job?.permissions).toBeUndefined();
    const [checkout] = job?.steps ?? [];
    expect(checkout).toMatchObject({ uses: 'actions/checkout@v4', with: { 'persist-credentials': false } });
    const own = (job?.steps ?? []).filter(({ uses }) => uses?.startsWith('vs2route/vs2route@'));
    const used = own.flatMap(({ with: inputs }) => Object.keys(inputs ?? {}));
    expect(used.filter(input => !Object.hasOwn(action.inputs, input))).toEqual([]);
  }
});

test('the commands of the examples have the flags that they use', () => {
  const program = new Command();
  addSuggest(program, undefined as never, () => undefined);
  addCheck(program, undefined as never, () => undefined);
  const texts = ['gitlab-ci.yml', 'reviewdog.yml'].map(name =>
    readFileSync(join(root, 'examples/ci', name), 'utf8'),
  );
  const commands = [...texts, page].flatMap(text => [
    ...text.matchAll(/vs2route(?:\.js")? (suggest|check) ([^|>\n]*)/g),
  ]);
  expect(commands.length).toBeGreaterThan(8);
  for (const [, name, rest = ''] of commands) {
    const known = program.commands.find(one => one.name() === name)?.options.map(({ long }) => long);
    for (const flag of rest.match(/--[\w-]+/g) ?? []) expect(known).toContain(flag);
  }
});

test('GitLab: the example of the page is part of the one in examples/ci', () => {
  const [, gitlab] = shown;
  const { '.vs2route': base, 'vs2route suggest': job } = example('gitlab-ci.yml');
  expect(gitlab.vs2route).toEqual({
    image: base.image,
    variables: base.variables,
    rules: [{ if: base.rules[0].if }],
    before_script: base.before_script,
    script: [job.script[1]],
    resource_group: job.resource_group,
  });
});
