import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, normalize } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { verify } from '../../src/index.ts';
import { placeWith } from '../cli/run.ts';
import { runHere } from '../cli/shop.ts';
import { type Files, repositories } from './repositories.ts';

/** How many repositories are made up; `npm run overlays` asks for 200. */
const numRuns = Number(process.env['OVERLAYS'] ?? 12);
const seed = Number(process.env['SEED'] ?? 20_240_501);

const kustomize = ['kustomize', join(homedir(), 'go/bin/kustomize')].find(
  program => spawnSync(program, ['version']).status === 0,
);

const write = ['convert', '--write', '--quiet', '.'];

const normalized = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [normalize(path), text]));

test(`a second run changes nothing in ${numRuns} repositories with overlays`, async () => {
  await fc.assert(
    fc.asyncProperty(repositories, async files => {
      const place = placeWith(normalized(files));
      await runHere(place, write);
      const written = place.tree();
      await runHere(place, write);
      expect(place.tree()).toEqual(written);
      expect((await runHere(place, ['diff', '.'])).stdout).toBe('');
    }),
    { numRuns, seed },
  );
}, 1_200_000);

test.skipIf(kustomize === undefined)(
  `kustomize builds every overlay of ${numRuns} repositories, and verify finds no difference${kustomize === undefined ? ' (there is no kustomize)' : ''}`,
  async () => {
    let built = 0;
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(repositories, async files => {
        const place = placeWith(normalized(files));
        const before = buildAll(place.path);
        await runHere(place, write);
        const after = buildAll(place.path);
        expect([...after.keys()]).toEqual([...before.keys()]);
        for (const [overlay, text] of before) {
          const now = after.get(overlay) ?? '';
          built += 1;
          if (now === text) continue;
          changed += 1;
          const {
            causes,
            connectionCauses,
            faults,
            unread,
            addresses: _moved,
          } = verify([{ path: 'before.yaml', text }], [{ path: 'after.yaml', text: now }]);
          expect({
            overlay,
            causes: causes.map(({ summary }) => summary),
            connectionCauses,
            faults,
            unread,
          }).toEqual({
            overlay,
            causes: [],
            connectionCauses: [],
            faults: [],
            unread: [],
          });
        }
      }),
      { numRuns, seed },
    );
    process.stdout.write(`${built} overlays were built before and after; ${changed} of them changed.\n`);
    expect(changed).toBeGreaterThan(0);
  },
  1_200_000,
);

/** @throws what kustomize says of an overlay that it cannot build */
function buildAll(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'overlays');
  return new Map(
    readdirSync(folder)
      .toSorted()
      .flatMap(name => {
        const { status, stdout, stderr } = spawnSync(kustomize ?? '', ['build', join(folder, name)], {
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(`${name}: ${stderr}`);
        return [[name, stdout] as const];
      }),
  );
}
