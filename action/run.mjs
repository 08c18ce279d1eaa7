// What action.yml runs: turns inputs into a command line, runs it, and hands over the outputs. A checkout of the action
// has neither libraries nor dist/, so that it first installs what package-lock.json says, and builds.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('..', import.meta.url));
const program = resolve(home, 'bin/vs2route.js');

/** @returns what an input says, undefined where it says nothing */
function input(name) {
  const value = process.env[`VS2ROUTE_${name}`]?.trim();
  return value === '' ? undefined : value;
}

/** @returns the lines of an input */
function lines(name) {
  return (input(name) ?? '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
}

/** @returns a flag with its value, in one word, so that no value is taken for a flag */
function flag(name, value) {
  return value === undefined ? [] : [`--${name}=${value}`];
}

function fail(message) {
  // A value with a line break must not begin a line that the runner takes for a command.
  process.stderr.write(`${message.replaceAll(/[\r\n]+/g, ' ').replaceAll('##[', '## [')}\n`);
  process.exit(2);
}

/**
 * An output as the runner reads it. A value with a line break stands between marks that nobody can guess, so that it sets
 * no other output.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
function outputLines([name, value]) {
  const text = String(value);
  if (!/[\r\n]/.test(text)) return `${name}=${text}\n`;
  const mark = `end-${randomUUID()}`;
  return `${name}<<${mark}\n${text}\n${mark}\n`;
}

function build() {
  if (existsSync(resolve(home, 'dist/cli/main.js'))) return;
  // The scripts of libraries are not run, and the token is none of the build's business.
  for (const command of [
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    ['run', '--silent', 'build'],
  ]) {
    const { status } = spawnSync('npm', command, {
      cwd: home,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, GITHUB_TOKEN: '' },
      shell: process.platform === 'win32',
    });
    if (status !== 0) fail(`vs2route could not be built: npm ${command[0]} failed.`);
  }
}

/** Settings of the Gateway API have no part in what runs today. */
const ofTarget = ['GATEWAY_API', 'CHANNEL'];

const mode = input('MODE') ?? 'review';
const conversion = [
  ...lines('WITH').flatMap(path => flag('with', path)),
  ...['FROM', 'PROFILE', ...(mode === 'review' ? [] : ofTarget), 'NAMESPACE', 'DEFAULT_PORT'].flatMap(name =>
    flag(name.toLowerCase().replaceAll('_', '-'), input(name)),
  ),
  ...lines('ARGS'),
];
const report = resolve(input('REPORT') ?? join(process.env.RUNNER_TEMP || tmpdir(), 'vs2route-report.json'));

const target = process.env.GITHUB_BASE_REF;
const base = input('BASE') ?? (target ? `origin/${target}` : undefined);
const trustHead = input('TRUST_HEAD') === 'true' ? ['--trust-head'] : [];

/** On a pull request, a report takes configuration and ignore files from the target; without a target there is nothing to ask. */
const ofReport = [...trustHead, ...(trustHead.length > 0 ? [] : flag('base', base))];

/** @returns the flags of each mode */
function argumentsOf(mode) {
  switch (mode) {
    case 'review':
      return [
        '--post=github',
        ...(input('DRY_RUN') === 'true' ? ['--dry-run'] : []),
        ...flag('fail-on', input('FAIL_ON') ?? 'never'),
        ...trustHead,
        ...flag('base', base),
        ...lines('ROOT').flatMap(root => flag('root', root)),
        ...flag('tag', input('TAG')),
      ];
    case 'suggest':
      return [
        '--post=github',
        ...trustHead,
        ...(input('DRY_RUN') === 'true' ? ['--dry-run'] : []),
        ...flag('fail-on', input('FAIL_ON') ?? 'never'),
        ...flag('filter', input('FILTER')),
        ...flag('tag', input('TAG')),
        ...flag('max-comments', input('MAX_COMMENTS')),
        ...flag('report', report),
      ];
    case 'check':
      return [
        '--format=annotations',
        ...trustHead,
        ...flag('fail-on', input('FAIL_ON')),
        ...flag('filter', input('FILTER')),
        ...flag('base', base),
        ...flag('baseline', input('BASELINE')),
        ...flag('report', report),
      ];
    case 'report':
      return [
        '--format=json',
        ...ofReport,
        ...flag('output', report),
        ...flag('fail-on', input('FAIL_ON') ?? 'never'),
      ];
    default:
      return fail(`There is no mode ${mode}: choose review, suggest, check or report.`);
  }
}

const paths = lines('PATHS');

function run(command, flags, more = {}) {
  const args = [program, command, ...flags, ...conversion, '--', ...(paths.length === 0 ? ['.'] : paths)];
  return spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], ...more });
}

const flags = argumentsOf(mode);
build();
const { status } = run(mode, flags);

const sarif = input('SARIF');
if (sarif !== undefined)
  run('report', [
    '--format=sarif',
    ...ofReport,
    '--quiet',
    '--fail-on=never',
    ...flag('output', resolve(sarif)),
  ]);
if (mode === 'report' && process.env.GITHUB_STEP_SUMMARY) {
  const { stdout } = run('report', ['--format=markdown', ...ofReport, '--quiet', '--fail-on=never'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  // GitHub refuses a summary of more than 1 MiB as a whole.
  if (Buffer.byteLength(stdout) < 1_000_000) appendFileSync(process.env.GITHUB_STEP_SUMMARY, stdout);
}
if (existsSync(report) && process.env.GITHUB_OUTPUT) {
  const counts = JSON.parse(readFileSync(report, 'utf8')).summary.kinds.VirtualService ?? {};
  const { converted = 0, approximate = 0, 'held-back': heldBack = 0 } = counts;
  const outputs = { converted: converted + approximate, 'held-back': heldBack, report };
  appendFileSync(process.env.GITHUB_OUTPUT, Object.entries(outputs).map(outputLines).join(''));
}
process.exitCode = status ?? 2;
