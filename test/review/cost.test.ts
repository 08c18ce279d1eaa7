import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { convert, verify } from '../../src/index.ts';
import { folderWith, service, virtualService } from '../forge/run.ts';
import { makeRepository } from './repository.ts';
import type { Files } from './shop-repository.ts';

/** A git that writes down each time it is asked. */
function countingGit(): { readonly path: string; readonly calls: () => number } {
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const folder = folderWith({ calls: '' });
  const log = join(folder, 'calls');
  writeFileSync(join(folder, 'git'), `#!/bin/sh\necho x >> '${log}'\nexec '${git}' "$@"\n`);
  chmodSync(join(folder, 'git'), 0o755);
  return { path: folder, calls: () => readFileSync(log, 'utf8').length / 2 };
}

function tree(count: number): Files {
  const names = Array.from({ length: count }, (_, index) => `app-${index}`);
  return {
    'services.yaml': names.map(service).join('---\n'),
    ...Object.fromEntries(names.map(name => [`${name}.yaml`, virtualService(name)])),
  };
}

/** What a review of one changed VirtualService among many costs. */
async function cost(count: number) {
  const repository = makeRepository();
  onTestFinished(repository.remove);
  const before = tree(count);
  const after: Files = {
    ...before,
    'app-0.yaml': virtualService('app-0').replace('    route:', '    timeout: 5s\n    route:'),
  };
  repository.commit(before, 'main');
  repository.git('checkout', '--quiet', '-b', 'work');
  repository.commit(after, 'one');
  const git = countingGit();
  const out = { stdout: '' };
  await run(['review', '--base', 'main', '--format', 'json', '--quiet', '.'], {
    cwd: repository.folder,
    env: { PATH: `${git.path}:/usr/bin:/bin` },
    stdin: (async function* () {})(),
    stdout: { write: (text: string) => (out.stdout += text) },
    stderr: { write: () => undefined },
    loadConvert: async () => convert,
  } as never);
  const sources = (files: Files) => Object.entries(files).map(([path, text]) => ({ path, text }));
  const alone = verify(sources(before), sources(after));
  return { calls: git.calls(), review: JSON.parse(out.stdout), alone };
}

test('a review sends the requests that verify sends, once, and asks git as often however large the tree is', async () => {
  const [small, large] = [await cost(3), await cost(60)];
  for (const { review, alone } of [small, large]) {
    expect(review.checked).toBe(alone.requests + alone.connections);
    expect(review.causes).toHaveLength(1);
  }
  expect(large.calls).toBe(small.calls);
  expect(large.calls).toBeLessThanOrEqual(12);
}, 60_000);
