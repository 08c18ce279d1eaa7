import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configMap, converted, destinationRule, placeWith, virtualService } from './run.ts';

const target =
  'Routes are written for Gateway API 1.6, standard channel, or for the CRDs of the input. For another cluster: --gateway-api VERSION.';

const summaryOf = (
  file: string,
  name: string,
): string => `${file}: VirtualService shop/${name} converted, no difference

                no difference  only prefixes  differences  not converted  unchanged
VirtualService              1              0            0              0          0
${target}
`;

test('prints the objects and nothing else', () => {
  const place = placeWith({ 'shop/a.yaml': virtualService('a'), 'shop/b.yaml': configMap });
  expect(place.run(['convert', 'shop'])).toEqual({
    code: 0,
    stdout: converted('a'),
    stderr: summaryOf('shop/a.yaml', 'a'),
  });
  expect(place.tree()).toEqual({ 'shop/a.yaml': virtualService('a'), 'shop/b.yaml': configMap });
});

test('reads this folder when no path is given, and the standard input for -', () => {
  const place = placeWith({ 'a.yaml': virtualService('a') });
  expect(place.run(['convert']).stdout).toBe(converted('a'));
  const piped = place.run(['convert', '-'], { input: virtualService('b') });
  expect(piped).toEqual({ code: 0, stdout: converted('b'), stderr: summaryOf('-', 'b') });
});

test('an object that is not converted: exit 1, the reason with its line, and the rest is converted', () => {
  const place = placeWith({ 'a.yaml': `${virtualService('a')}---\n${virtualService('held')}` });
  expect(place.run(['convert', 'a.yaml'])).toEqual({
    code: 1,
    stdout: converted('a'),
    stderr: `a.yaml: VirtualService shop/a converted, no difference; VirtualService shop/held not converted [fault-injection]

error[fault-injection] A fault
 --> a.yaml:8:1
  |
8 | apiVersion: networking.istio.io/v1
  | ^^^^
  in  spec
  why: It is so.
  fix: Change it.

                no difference  only prefixes  differences  not converted  unchanged
VirtualService              1              0            0              1          0

not converted because of
  1  fault-injection

\`vs2route explain CODE\` explains a code.
${target}
`,
  });
});

test('quietly: errors only', () => {
  const place = placeWith({ 'a.yaml': virtualService('a'), 'b.yaml': configMap });
  expect(place.run(['convert', '--quiet'])).toEqual({ code: 0, stdout: converted('a'), stderr: '' });
  expect(place.run(['convert', '--quiet', 'b.yaml'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('nothing to convert is said, and is no failure', () => {
  const place = placeWith({ 'a.yaml': configMap, 'b.yaml': '' });
  const stderr = 'No VirtualService, DestinationRule or Istio Gateway in 2 files.\n';
  expect(place.run(['convert'])).toEqual({ code: 0, stdout: '', stderr });
  const piped = 'No VirtualService, DestinationRule or Istio Gateway in the standard input.\n';
  expect(place.run(['convert', '-'])).toEqual({ code: 0, stdout: '', stderr: piped });
});

test('--write edits in place; a second run changes nothing', () => {
  const files = {
    'a.yaml': `# Ours.\n${virtualService('a')}---\n${configMap}`,
    'b/rule.yaml': destinationRule('a'),
    'b/other.yaml': configMap,
    'held.yaml': virtualService('held'),
  };
  const place = placeWith(files);
  chmodSync(join(place.path, 'a.yaml'), 0o600);
  const first = place.run(['convert', '--write', '--quiet']);
  expect(first).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('error[fault-injection]') });
  const after = {
    'a.yaml': `# Ours.\n${converted('a')}---\n${configMap}`,
    'b/other.yaml': configMap,
    'held.yaml': virtualService('held'),
  };
  expect(place.tree()).toEqual(after);
  expect(statSync(join(place.path, 'a.yaml')).mode & 0o777).toBe(0o600);
  const second = place.run(['convert', '--write']);
  expect(second.stderr).toContain('0 files edited, 0 deleted.\n');
  expect(second.code).toBe(1);
  expect(place.tree()).toEqual(after);
});

test('--write tells what it did', () => {
  const place = placeWith({ 'a.yaml': virtualService('a'), 'b.yaml': destinationRule('a') });
  expect(place.run(['convert', '--write'])).toEqual({
    code: 0,
    stdout: '',
    stderr: `a.yaml: VirtualService shop/a converted, no difference
b.yaml: DestinationRule shop/a converted, no difference

                 no difference  only prefixes  differences  not converted  unchanged
VirtualService               1              0            0              0          0
DestinationRule              1              0            0              0          0
1 file edited, 1 deleted.
${target}
`,
  });
});

test('--write writes nothing at all when one file cannot be edited', () => {
  const files = { 'a.yaml': virtualService('a'), 'b.yaml': virtualService('b') };
  const place = placeWith(files);
  chmodSync(join(place.path, 'b.yaml'), 0o444);
  const { code, stderr } = place.run(['convert', '--write']);
  expect(code).toBe(2);
  expect(stderr).toContain(
    'error: b.yaml: is read-only\n  fix: Make it writable, for example with chmod u+w b.yaml\n',
  );
  expect(stderr).toContain('No file was written.\n');
  expect(place.tree()).toEqual(files);
});

test('--write does not follow a link out of the tree', () => {
  const place = placeWith({ 'tree/a.yaml': virtualService('a'), 'other/b.yaml': virtualService('b') });
  symlinkSync('../other/b.yaml', join(place.path, 'tree/b.yaml'));
  expect(place.run(['convert', '--write', 'tree']).code).toBe(0);
  expect(place.tree('other')).toEqual({ 'b.yaml': virtualService('b') });
});

test('--output writes a tree that can replace the input', () => {
  const files = {
    'shop/a.yaml': virtualService('a'),
    'shop/rules/a.yaml': destinationRule('a'),
    'shop/b/kustomization.yaml': 'resources: [../a.yaml]\n',
    'shop/b/notes.md': '',
    'shop/held.yaml': virtualService('held'),
  };
  const place = placeWith(files);
  const { code, stdout, stderr } = place.run(['convert', 'shop', '--output', 'out/deep']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('3 files written to out/deep: 1 edited, 1 left out.\n');
  expect(place.tree('out/deep')).toEqual({
    'a.yaml': converted('a'),
    'b/kustomization.yaml': 'resources: [../a.yaml]\n',
    'held.yaml': virtualService('held'),
  });
  expect(place.tree('shop')).toEqual(
    Object.fromEntries(Object.entries(files).map(([k, v]) => [k.slice(5), v])),
  );
});

test('--output inside the input is not read; what it holds from before is told', () => {
  const place = placeWith({
    'a.yaml': virtualService('a'),
    'x/b.yaml': configMap,
    'out/old.yaml': configMap,
  });
  for (let turn = 0; turn < 2; turn++) {
    const { code, stderr } = place.run(['convert', '--output', 'out']);
    expect(code).toBe(0);
    expect(stderr).toContain('out/old.yaml was there before and stays; no input stands behind it.\n');
    expect(place.tree('out')).toEqual({
      'a.yaml': converted('a'),
      'old.yaml': configMap,
      'x/b.yaml': configMap,
    });
  }
});

test('--output of several paths keeps their folders', () => {
  const place = placeWith({ 'x/a.yaml': virtualService('a'), 'y/a.yaml': configMap });
  expect(place.run(['convert', 'x', 'y/a.yaml', '--output', 'out']).code).toBe(0);
  expect(Object.keys(place.tree('out'))).toEqual(['x/a.yaml', 'y/a.yaml']);
});

test.each([
  ['shop', 'shop: is, or holds, the folder that is read'],
  ['.', '.: is, or holds, the folder that is read'],
  ['file.txt', 'file.txt: is a file'],
])('--output %s is refused', (output, message) => {
  const files = { 'shop/a.yaml': virtualService('a'), 'file.txt': '' };
  const place = placeWith(files);
  const { code, stdout, stderr } = place.run(['convert', 'shop', '--output', output]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`error: ${message}\n`);
  expect(place.tree()).toEqual(files);
});

test('--output does not follow a link out of its folder', () => {
  const place = placeWith({
    'in/x/a.yaml': virtualService('a'),
    'out/keep.txt': '',
    'other/a.yaml': 'other',
  });
  symlinkSync('../other', join(place.path, 'out/x'));
  const { code, stderr } = place.run(['convert', 'in', '--output', 'out']);
  expect(code).toBe(2);
  expect(stderr).toContain('out/x/a.yaml: cannot be written: a symbolic link leads out of the folder\n');
  expect(place.tree('other')).toEqual({ 'a.yaml': 'other' });
});

test('--report writes JSON, also about what could not be read', () => {
  const place = placeWith({ 'a.yaml': virtualService('a'), 'held.yaml': virtualService('held') });
  expect(place.run(['convert', 'a.yaml', 'held.yaml', 'b.yaml', '--report', 'report.json']).code).toBe(2);
  const report = JSON.parse(readFileSync(join(place.path, 'report.json'), 'utf8'));
  expect(report.version).toBe(1);
  expect(report.unread).toEqual([{ path: 'b.yaml', message: 'no such file or folder' }]);
  expect(
    report.resources.map(({ name, file, line, status }: Record<string, unknown>) => [
      name,
      file,
      line,
      status,
    ]),
  ).toEqual([
    ['a', 'a.yaml', 1, 'converted'],
    ['held', 'held.yaml', 1, 'held-back'],
  ]);
  const { code, stderr } = place.run(['convert', 'a.yaml', '--report', 'no/where.json']);
  expect(code).toBe(2);
  expect(stderr).toContain('error: no/where.json: the report cannot be written: no such file or folder\n');
});

test('a path that does not exist: exit 2, and the rest is converted', () => {
  const place = placeWith({ 'a.yaml': virtualService('a') });
  expect(place.run(['convert', 'missing', 'a.yaml'])).toEqual({
    code: 2,
    stdout: converted('a'),
    stderr: `error: missing: no such file or folder
  fix: Check the path; it is relative to the working folder.
${summaryOf('a.yaml', 'a')}`,
  });
});

test('a folder without manifests: says so, exit 2', () => {
  const place = placeWith({ 'docs/readme.md': 'Hello' });
  expect(place.run(['convert', 'docs'])).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: docs: no manifests in this folder
  fix: Manifests are files that end in .yaml, .yml or .json.
`,
  });
});

test('an unreadable file, and an unreadable folder: exit 2, and the rest is converted', () => {
  const place = placeWith({
    'a.yaml': virtualService('a'),
    'b.yaml': virtualService('b'),
    'c/d.yaml': configMap,
  });
  chmodSync(join(place.path, 'b.yaml'), 0);
  chmodSync(join(place.path, 'c'), 0);
  const result = place.run(['convert', '.'], { unprivileged: true });
  chmodSync(join(place.path, 'c'), 0o700);
  expect(result).toEqual({
    code: 2,
    stdout: converted('a'),
    stderr: `error: c: permission denied
  fix: Make the folder readable, or leave it out.
error: b.yaml: cannot be read: permission denied
  fix: Make the file readable, or leave it out.
${summaryOf('a.yaml', 'a')}`,
  });
});

test('a file of more than 100 MB is not read', () => {
  const place = placeWith({ 'a.yaml': virtualService('a') });
  const huge = openSync(join(place.path, 'huge.yaml'), 'w');
  ftruncateSync(huge, 100_000_001);
  closeSync(huge);
  const { code, stdout, stderr } = place.run(['convert']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: converted('a') });
  expect(stderr).toContain('error: huge.yaml: is larger than 100 MB and was not read\n');
});

test('a document that does not parse: exit 2, and the others are converted', () => {
  const place = placeWith({ 'a.yaml': `a: [\n---\n${virtualService('a')}` });
  const { code, stdout, stderr } = place.run(['convert', 'a.yaml']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: converted('a') });
  expect(stderr).toContain('error[yaml-invalid] This is not YAML\n --> a.yaml:1:1\n');
});

test.each([['--write'], ['--output=out']])('the standard input does not go with %s', flag => {
  const place = placeWith({});
  const { code, stdout, stderr } = place.run(['convert', '-', flag], { input: virtualService('a') });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`error: -: the standard input cannot be used with ${flag.replace('=out', '')}
  fix: Leave the flag out: the objects go to the standard output.
`);
  expect(place.tree()).toEqual({});
});

test('a pipe that is named like a file is read to its end', () => {
  const place = placeWith({ 'a.txt': virtualService('a') });
  expect(place.shell('cat a.txt | $VS2ROUTE convert --quiet /dev/stdin')).toEqual({
    code: 0,
    stdout: converted('a'),
    stderr: '',
  });
  const edited = place.shell('cat a.txt | $VS2ROUTE convert --quiet --write /dev/stdin');
  expect(edited.code).toBe(2);
  expect(edited.stderr).toContain('is not a file that can be edited\n');
});

const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n';

test('facts come from --with, and a file that is converted is no fact', () => {
  const place = placeWith({
    'a.yaml': virtualService('a'),
    'facts/b.yaml': service,
    'facts/c.yaml': configMap,
  });
  mkdirSync(join(place.path, 'none'));
  const args = ['convert', 'a.yaml', '--with', 'facts', '--with', 'a.yaml', '--with', 'none'];
  const { code, stderr } = place.run(args, { env: { SHOW_OPTIONS: '1' } });
  expect(code).toBe(2);
  expect(stderr).toContain('"facts":["facts/b.yaml"]');
  expect(stderr).toContain('error: none: no manifests in this folder\n');
});
