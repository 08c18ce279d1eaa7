import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { catalog } from '../../src/diagnostics/catalog.ts';
import { placeWith } from './run.ts';
import { faultyVirtualService, runHere, shopService, shopVirtualService, terminal } from './shop.ts';

const files = {
  'cart.yaml': `${shopVirtualService('cart')}---\n${shopService('cart')}`,
  'pay.yaml': `${faultyVirtualService('pay')}---\n${shopService('pay')}`,
};
const args = ['report', '--attach', 'service'];

const text = `error[fault-injection] ${catalog['fault-injection'].message.replace('{what}', 'delay')}
  --> pay.yaml:15:9
   |
15 |         fixedDelay: 5s
   |         ^^^^^^^^^^^^^^
  in  VirtualService shop/pay (not converted), spec.http[0].fault.delay
  why: ${catalog['fault-injection'].why}
`;

test('the report says what converts, what does not, and why', async () => {
  const { code, stdout, stderr } = await runHere(placeWith(files), args);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout.split('\n').slice(0, 6)).toEqual(text.split('\n').slice(0, 6));
  expect(
    stdout.slice(stdout.indexOf('    ')),
  ).toContain(`                no difference  only prefixes  differences  not converted  unchanged
VirtualService              1              0            0              1          0

not converted because of
  1  fault-injection

Checked 2 requests before and after: no difference.
`);
});

test('nothing is written, whatever is asked', async () => {
  const place = placeWith(files);
  for (const format of ['text', 'json', 'markdown', 'html', 'sarif'])
    await runHere(place, [...args, '--format', format]);
  expect(place.tree()).toEqual(files);
});

test.each([
  ['error', 1, 0],
  ['warning', 1, 0],
  ['info', 1, 1],
  ['never', 0, 0],
  ['differences', 1, 0],
])('--fail-on %s', async (level, withError, withInfo) => {
  const place = placeWith(files);
  expect((await runHere(place, [...args, '--fail-on', level, 'pay.yaml'])).code).toBe(withError);
  expect((await runHere(place, ['report', '--fail-on', level, 'cart.yaml'])).code).toBe(withInfo);
});

test('json keeps to its schema, and is the same on every run', async () => {
  const place = placeWith(files);
  const { stdout, stderr } = await runHere(place, [...args, '--format', 'json']);
  expect(stderr).toBe('');
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../schemas/report.schema.json'), 'utf8'),
  );
  const validate = new Ajv({ strict: false }).compile(schema);
  const report = JSON.parse(stdout);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(
    report.resources.map(({ name, status }: { name: string; status: string }) => [name, status]),
  ).toEqual([
    ['cart', 'converted'],
    ['pay', 'held-back'],
  ]);
  expect((await runHere(place, [...args, '--format', 'json'])).stdout).toBe(stdout);
});

test('--output writes a file, without colours, and says where', async () => {
  const place = placeWith(files);
  const result = await runHere(place, [...args, '--output', 'report.txt'], { stdout: terminal });
  expect(result).toEqual({ code: 1, stdout: '', stderr: 'The report is in report.txt.\n' });
  const plain = (await runHere(place, [...args, 'cart.yaml', 'pay.yaml'])).stdout;
  expect(place.tree()['report.txt']).toBe(plain);
});

test('a file that cannot be written is said to be so', async () => {
  expect(await runHere(placeWith(files), [...args, '--quiet', '--output', 'no/such/folder.txt'])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: no/such/folder.txt: the report cannot be written: no such file or folder
  fix: Name a file in a folder that exists and may be written to.
`,
  });
});

test('a file that cannot be read is in the report, and the exit code says so', async () => {
  const { code, stdout } = await runHere(placeWith(files), [
    ...args,
    '--format',
    'json',
    'cart.yaml',
    'gone.yaml',
  ]);
  expect({ code, unread: JSON.parse(stdout).unread }).toEqual({
    code: 2,
    unread: [{ path: 'gone.yaml', message: 'no such file or folder' }],
  });
});

test('colours on a terminal only', async () => {
  const place = placeWith(files);
  const colour = '\u001B[';
  expect((await runHere(place, args)).stdout.includes(colour)).toBe(false);
  expect((await runHere(place, args, { stdout: terminal })).stdout.includes(colour)).toBe(true);
  expect((await runHere(place, [...args, '--no-color'], { stdout: terminal })).stdout.includes(colour)).toBe(
    false,
  );
});
