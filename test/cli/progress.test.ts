import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';
import { convert } from '../../src/index.ts';
import { placeWith } from './run.ts';
import { runHere, shopRoute, shopVirtualService } from './shop.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A terminal that keeps what is written to it. */
function screen(isTTY = true) {
  const written: string[] = [];
  const stderr = {
    isTTY,
    columns: 80,
    write: (text: string) => {
      written.push(text);
      return true;
    },
  };
  return { stderr, written: () => written.join('') };
}

type World = Parameters<typeof createProgress>[0];

test('progress begins after a second, and its line is empty at the end', async () => {
  vi.useFakeTimers();
  const { stderr, written } = screen();
  const progress = await createProgress({ stderr } as unknown as World, {});
  progress.at('Reading', 1, 10);
  expect(written()).toBe('');
  vi.advanceTimersByTime(1500);
  progress.at('Reading', 5, 10);
  expect(stripVTControlCharacters(written())).toMatch(/^Reading [█░]{40} 50 %$/);
  vi.advanceTimersByTime(1000);
  progress.at('Reading', 9, 10);
  expect(stripVTControlCharacters(written())).toMatch(/ 90 %$/);
  progress.at('Converting', 0, 4);
  expect(stripVTControlCharacters(written())).toMatch(/Converting [█░]{40} 0 %$/);
  progress.stop();
  // To the first column, and the line goes.
  expect(written().endsWith('\u001B[1G\u001B[2K')).toBe(true);
  progress.stop();
});

test('whoever interrupts the program ends it at once, and the cursor is where it was', async () => {
  vi.useFakeTimers();
  const listeners = process.listenerCount('SIGINT');
  const { stderr, written } = screen();
  const progress = await createProgress({ stderr } as unknown as World, {});
  vi.advanceTimersByTime(1500);
  progress.at('Reading', 5, 10);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  expect(written()).not.toContain('\u001B[?');
  progress.stop();
});

test.each([
  ['no terminal', false, {}],
  ['--quiet', true, { quiet: true }],
  ['--no-progress', true, { progress: false }],
])('%s: nothing is shown', async (_why, isTTY, flags) => {
  vi.useFakeTimers();
  const { stderr, written } = screen(isTTY);
  const progress = await createProgress({ stderr } as unknown as World, flags);
  vi.advanceTimersByTime(1500);
  progress.at('Reading', 5, 10);
  progress.stop();
  expect(written()).toBe('');
});

test('a conversion tells how far it is, from nothing to everything, and never goes back', () => {
  const names = Array.from({ length: 20 }, (_, index) => `app-${index}`);
  const text = names.map(shopVirtualService).join('---\n');
  const steps: (readonly [number, number])[] = [];
  convert([{ path: 'a.yaml', text }], [], undefined, (done, total) => steps.push([done, total]));
  expect(new Set(steps.map(([, total]) => total))).toEqual(new Set([40]));
  expect(steps.map(([done]) => done)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test('progress is no part of any result', async () => {
  const place = placeWith({ 'a.yaml': shopVirtualService('a') });
  const args = ['convert', '--default-port', '8080', '--attach', 'service'];
  const { stderr } = screen();
  const shown = await runHere(place, [...args, '--no-color'], { stderr });
  expect(shown).toEqual(await runHere(place, args));
  expect(shown.stdout).toBe(shopRoute('a'));
});
