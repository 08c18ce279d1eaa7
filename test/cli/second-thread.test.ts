import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FindOptions, findFiles } from '../../src/cli/files/files.ts';
import { type Inputs, readInputs } from '../../src/cli/files/read.ts';
import type { Sharing } from '../../src/cli/files/sharing.ts';
import { walkBelow } from '../../src/cli/files/walk.ts';
import { type SecondThread, startSecondThread } from '../../src/cli/second-thread/second-thread.ts';
import { placeWith } from './run.ts';
import { git, isThere, shopVirtualService } from './shop.ts';

const program = pathToFileURL(fileURLToPath(new URL('../../dist/cli/second-thread.cjs', import.meta.url)));
const paths = (root: string, options: FindOptions = {}): readonly (readonly string[])[] => {
  const { files, beside } = findFiles(['.'], root, options);
  return [files.map(({ path }) => path), beside.map(({ path }) => path)];
};

/** Another thread that has taken every folder but the first ones, and answers for those of which it knows all. */
function other(mine: number, knows: (folder: string) => boolean): Sharing {
  return {
    from: 0,
    ask: (root, folders, settings) => ({
      take: index => index < mine,
      results: () =>
        new Map(
          [...folders.entries()].slice(mine).flatMap(([index, folder]) => {
            const beside: string[] = [];
            const leave = (): never => {
              throw new Error('left');
            };
            const options = {
              settings,
              tracked: leave,
              onError: leave,
              onBeside: (path: string) => beside.push(path),
            };
            try {
              return knows(folder)
                ? [[index, { found: walkBelow(root, folder, options), beside }] as const]
                : [];
            } catch {
              return [];
            }
          }),
        ),
    }),
  };
}

test('a search that is shared finds what one thread finds, whatever is ignored, left out or left to the first thread', () => {
  const part = fc.constantFrom('a', 'b', 'build', '.hidden');
  const file = fc
    .tuple(fc.array(part, { maxLength: 4 }), fc.constantFrom('a.yaml', 'b.json', 'c.tpl', 'd.txt', 'e.yaml'))
    .map(([folders, name]) => [...folders, name].join('/'));
  const rules = fc.array(fc.constantFrom('a', '!a', 'build/', '/b', 'e.*', '!e.yaml', 'a/**/b'), {
    maxLength: 3,
  });
  const ruleFile = fc
    .array(fc.constantFrom('a', 'b', 'build'), { maxLength: 2 })
    .map(folders => [...folders, '.gitignore'].join('/'));
  fc.assert(
    fc.property(
      fc.uniqueArray(file, { minLength: 1, maxLength: 25 }),
      fc.dictionary(ruleFile, rules, { maxKeys: 2 }),
      fc.uniqueArray(fc.constantFrom('a', 'build', 'b/a'), { maxLength: 1 }),
      fc.nat({ max: 3 }),
      fc.constantFrom(/./, /a$/, /^$/),
      (files, ignored, exclude, mine, known) => {
        const place = placeWith({
          '.git/HEAD': '',
          ...Object.fromEntries(files.map(path => [path, ''])),
          ...Object.fromEntries(Object.entries(ignored).map(([path, lines]) => [path, lines.join('\n')])),
        });
        const options = {
          exclude,
          tracked: () => new Set([join(place.path, 'a'), join(place.path, 'a/a.yaml')]),
        };
        const shared = { ...options, share: other(mine, folder => known.test(folder)) };
        expect(paths(place.path, shared)).toEqual(paths(place.path, options));
      },
    ),
    { numRuns: 150 },
  );
});

/** Folders of which some hold what the second thread leaves alone: ignored files that git tracks, and rules of their own. */
function bigTree(folders: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = { '.gitignore': 'ignored.yaml\n' };
  for (let number = 0; number < folders; number += 1) {
    const folder = `team-${number % 9}/app-${number}`;
    files[`${folder}/a.yaml`] = number % 20 === 0 ? shopVirtualService(`a-${number}`) : 'kind: Deployment\n';
    files[`${folder}/b.yaml`] = 'kind: Deployment\n';
    files[`${folder}/values.tpl`] = number % 30 === 0 ? 'subset: v1\n' : '';
    if (number % 10 === 0) files[`${folder}/ignored.yaml`] = shopVirtualService(`i-${number}`);
    if (number % 50 === 0) files[`${folder}/.gitignore`] = '!ignored.yaml\nb.yaml\n';
  }
  return files;
}

async function inputsOf(root: string, thread?: SecondThread): Promise<Inputs> {
  const none = (async function* () {})();
  const stream = { write: () => true };
  return readInputs(['.'], {
    cwd: root,
    env: process.env,
    stdin: none,
    stdout: stream,
    stderr: stream,
    loadConvert: () => Promise.reject(new Error('nothing is converted')),
    ...(thread !== undefined && { startSecondThread: () => thread }),
  });
}

test.skipIf(!isThere('git'))('a real thread changes nothing in what is read of a large tree', async () => {
  const place = placeWith(bigTree(1_900));
  git(place, 'init', '--quiet');
  git(place, 'add', '--force', 'team-0');
  const alone = await inputsOf(place.path);
  expect(alone.read).toHaveLength(150);
  const thread = startSecondThread(program);
  const asked: string[] = [];
  const together = await inputsOf(
    place.path,
    thread && {
      ...thread,
      walk: (root, folders, settings) => {
        asked.push('walk');
        return thread.walk(root, folders, settings);
      },
      readAhead: files => {
        asked.push('readAhead');
        return thread.readAhead(files);
      },
    },
  );
  expect(together).toEqual(alone);
  expect(asked).toEqual(thread === undefined ? [] : ['walk', 'readAhead']);
});

test('a thread says of a file that nothing in it matters, and nothing of what it cannot read', async () => {
  const place = placeWith({
    'a.yaml': 'kind: Deployment\n',
    'b.yaml': shopVirtualService('b'),
    'c.yaml': 'kind: Job\n',
  });
  const thread = startSecondThread(program);
  if (thread === undefined) return;
  const names = ['none', 'a.yaml', 'missing.yaml', 'b.yaml', 'c.yaml'];
  const said = async (): Promise<readonly boolean[]> => {
    const knowsNothingIn = thread.readAhead(names.map(name => join(place.path, name)));
    await setTimeout(50);
    return names.map((_, index) => knowsNothingIn(index));
  };
  await expect.poll(said).toEqual([false, true, false, false, true]);
  thread.end();
});

test('a thread that never starts, or dies with folders that it took, loses nothing', async () => {
  const place = placeWith({
    ...bigTree(1_600),
    '.dying/program.cjs': `require('node:worker_threads').workerData.port.on('message', ({ taken }) => {
      taken?.fill(1, -5);
      process.exit();
    });`,
  });
  const alone = await inputsOf(place.path);
  for (const name of ['none.cjs', 'program.cjs']) {
    const thread = startSecondThread(pathToFileURL(join(place.path, '.dying', name)));
    expect(await inputsOf(place.path, thread)).toEqual(alone);
  }
});
