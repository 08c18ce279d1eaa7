import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../../src/cli/flags/settings.ts';
import { type Place, placeWith } from './run.ts';
import { isThere, runHere } from './shop.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

async function scriptFor(place: Place, shell: string): Promise<string> {
  const { code, stdout, stderr } = await runHere(place, ['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** What bash offers for the last word of a command line. */
async function completed(place: Place, ...words: readonly string[]): Promise<readonly string[]> {
  writeFileSync(join(place.path, '.completion'), await scriptFor(place, 'bash'));
  const script = `source .completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vs2route; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', 'vs2route', ...words], {
    cwd: place.path,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(line => line !== '');
}

test.skipIf(!isThere('bash'))('bash completes commands, flags, their words, codes and files', async () => {
  const place = placeWith({ 'apps/a.yaml': '', 'with space.yaml': '' });
  expect(await completed(place, 'co')).toEqual(['convert', 'codes', 'completion']);
  expect(await completed(place, 'convert', '--cha')).toEqual(['--channel']);
  expect(await completed(place, 'convert', '--channel', '')).toEqual(['standard', 'experimental']);
  expect(await completed(place, 'diff', '--na')).toEqual([
    '--name-only',
    '--namespace-in-cluster',
    '--namespace',
  ]);
  expect(await completed(place, 'convert', 'a')).toEqual(['apps']);
  expect(await completed(place, 'convert', 'with')).toEqual(['with space.yaml']);
  expect(await completed(place, 'convert', '--with', 'app')).toEqual(['apps']);
  expect(await completed(place, 'completion', 'z')).toEqual(['zsh']);
});

test.each(shells)('%s knows every command and every setting', async shell => {
  const script = await scriptFor(placeWith({}), shell);
  for (const command of [
    'convert',
    'diff',
    'report',
    'suggest',
    'check',
    'verify',
    'trace',
    'status',
    'fn',
    'explain',
    'codes',
  ])
    expect(script).toContain(command);
  for (const { flags } of settings) {
    const [flag = ''] = /--[\w-]+/.exec(flags) ?? [];
    expect(script).toContain(shell === 'fish' ? `-l ${flag.slice(2)}` : flag);
  }
  for (const { choices = [] } of settings)
    if (choices.length > 0) expect(script).toContain(choices.join(' '));
});

test.each(shells.filter(shell => isThere(shell)))('%s can read its script', async shell => {
  const place = placeWith({ script: await scriptFor(placeWith({}), shell) });
  const { status, stderr } = spawnSync(shell, ['-n', join(place.path, 'script')], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('another shell is refused', async () => {
  expect(await runHere(placeWith({}), ['completion', 'tcsh'])).toEqual({
    code: 2,
    stdout: '',
    stderr:
      "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish, powershell.\n",
  });
});
