import { expect, test } from 'vitest';
import { placeWith } from './run.ts';
import { faultyVirtualService, runHere, shopService, shopVirtualService } from './shop.ts';

const knowing = (text: string, annotation: string): string =>
  text.replace(
    '  namespace: shop\n',
    `  namespace: shop\n  annotations:\n    vs2route/ignore: ${annotation}\n`,
  );

const report = ['report', '--quiet'];

async function told(
  text: string,
): Promise<{ readonly code: number | null; readonly codes: readonly string[] }> {
  const place = placeWith({ 'a.yaml': `${text}---\n${shopService('a')}` });
  const { code, stdout } = await runHere(place, ['report', '--format', 'json']);
  const { resources } = JSON.parse(stdout);
  const codes = resources.flatMap(
    ({ diagnostics, status }: { diagnostics: { code: string }[]; status: string }) => [
      status,
      ...diagnostics.map(one => one.code),
    ],
  );
  return { code, codes };
}

test('a known refusal is not printed again', async () => {
  expect(await told(shopVirtualService('a'))).toEqual({ code: 0, codes: ['converted', 'no-waypoint'] });
  expect(await told(knowing(shopVirtualService('a'), '"no-waypoint: sidecars"'))).toEqual({
    code: 0,
    codes: ['converted'],
  });
  expect(await told(knowing(shopVirtualService('a'), 'no-waypoint'))).toEqual({
    code: 0,
    codes: ['converted', 'ignore-without-reason'],
  });
});

test('an error that is known of leaves the object alone on purpose: nothing fails', async () => {
  expect(await told(faultyVirtualService('a'))).toEqual({ code: 1, codes: ['held-back', 'fault-injection'] });
  expect(
    await told(knowing(faultyVirtualService('a'), '"fault-injection: for the drill of Mondays"')),
  ).toEqual({
    code: 0,
    codes: ['skipped'],
  });
});

test('several codes, one on each line', async () => {
  const annotation =
    '|\n      fault-injection: for the drill\n      # why not\n      header-twice: never seen';
  expect(await told(knowing(faultyVirtualService('a'), annotation))).toEqual({
    code: 0,
    codes: ['skipped', 'ignore-unused'],
  });
});

test('several codes on one line have one reason', async () => {
  const annotation = '"fault-injection, header-twice: for the drill"';
  expect(await told(knowing(faultyVirtualService('a'), annotation))).toEqual({
    code: 0,
    codes: ['skipped', 'ignore-unused'],
  });
  expect(await told(knowing(faultyVirtualService('a'), '"fault-injection, convertible"'))).toEqual({
    code: 0,
    codes: ['skipped', 'ignore-without-reason', 'ignore-without-reason'],
  });
});

test.each([
  ['fault-injection', 'it is not reported here'],
  ['no-such-code', 'there is no such code'],
  ['fault-injecton', 'there is no such code (did you mean fault-injection?)'],
])('one that is of no use is reported: %s', async (code, reason) => {
  const place = placeWith({ 'a.yaml': `${knowing(shopVirtualService('a'), code)}---\n${shopService('a')}` });
  const { stdout } = await runHere(place, ['report', '--no-color']);
  expect(stdout).toContain('info[ignore-unused] ');
  expect(stdout).toContain('warning[ignore-without-reason] ');
  expect(stdout).toContain(code);
  expect(stdout).toContain(reason);
  expect((await runHere(place, [...report, '--fail-on', 'info'])).code).toBe(1);
});

test('the annotation goes with the VirtualService', async () => {
  const place = placeWith({
    'a.yaml': `${knowing(shopVirtualService('a'), 'no-waypoint')}---\n${shopService('a')}`,
  });
  const { stdout } = await runHere(place, ['convert', '--quiet']);
  expect(stdout).not.toContain('vs2route/ignore');
});
