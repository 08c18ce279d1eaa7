import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { convert } from '../../src/index.ts';
import { subsetsOf } from '../shop-objects.ts';
import { type Place, placeWith } from './run.ts';
import { runHere, shopRoute, shopService, shopVirtualService } from './shop.ts';

const port = ['--default-port', '8080'];
const write = ['convert', '--write', '--quiet', ...port];
const program = fileURLToPath(new URL('../../bin/vs2route.js', import.meta.url));
const preload = (name: string): string => new URL(`preload/${name}.mjs`, import.meta.url).href;

const threeFiles = {
  'a.yaml': shopVirtualService('a'),
  'b.yaml': shopVirtualService('b'),
  'c.yaml': shopVirtualService('c'),
};

test('a read-only file: nothing at all is written', async () => {
  const place = placeWith(threeFiles);
  chmodSync(join(place.path, 'b.yaml'), 0o444);
  expect(await runHere(place, write)).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: b.yaml: is read-only
  fix: Make it writable, for example with chmod u+w b.yaml
`,
  });
  expect(place.tree()).toEqual(threeFiles);
});

test('a full disk: files are whole, what is done is told, and a second run does the rest', async () => {
  const place = placeWith(threeFiles);
  const args = ['convert', '--write', ...port];
  const { code, stderr } = place.runReal(args, { preload: preload('full-disk'), env: { FULL_AT: '3' } });
  expect({ code, end: stderr.split('\n').slice(-5) }).toEqual({
    code: 2,
    end: [
      '1 file edited, 0 deleted, 2 left to do.',
      'Routes are written for Gateway API 1.6, standard channel, or for the CRDs of the input. For another cluster: --gateway-api VERSION.',
      'error: b.yaml: cannot be written: no space left on the disk',
      '  fix: The file is as it was. Mend this and run the command again: it will do the rest.',
      '',
    ],
  });
  expect(visible(place)).toEqual({ ...threeFiles, 'a.yaml': shopRoute('a') });
  expect((await runHere(place, ['diff', ...port])).stderr).toBe(
    'b.yaml: VirtualService shop/b converted, no difference\nc.yaml: VirtualService shop/c converted, no difference\n2 VirtualServices: 2 converted, no difference.\n2 files would be edited, 0 deleted.\nAn interrupted run left something to do: `vs2route convert --write` will finish it.\n',
  );
  const again = await runHere(place, args);
  expect({ ...again, stderr: again.stderr.split('\n')[0] }).toEqual({
    code: 0,
    stdout: '',
    stderr: 'An interrupted run was finished: 2 of its 3 changes were left to do.',
  });
  expect(place.tree()).toEqual({
    'a.yaml': shopRoute('a'),
    'b.yaml': shopRoute('b'),
    'c.yaml': shopRoute('c'),
  });
});

test('a full disk under --output and --report: said for each file, and nothing half written is left', () => {
  const place = placeWith({ 'in/a.yaml': shopVirtualService('a') });
  const options = { preload: preload('full-disk'), env: { FULL_AT: '1' } };
  expect(place.runReal(['convert', '--quiet', ...port, '--output', 'out', 'in'], options)).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${join(place.path, 'out/a.yaml')}: cannot be written: no space left on the disk
  fix: Run the command again when this is mended.
`,
  });
  expect(place.runReal(['convert', '--quiet', ...port, '--report', 'r.json', 'in'], options)).toEqual({
    code: 2,
    stdout: shopRoute('a'),
    stderr: `error: r.json: the report cannot be written: no space left on the disk
  fix: Name a file in a folder that exists and may be written to.
`,
  });
  expect(place.tree()).toEqual({ 'in/a.yaml': shopVirtualService('a') });
});

test('a file that somebody changes between reading and writing is refused, and no other is written', async () => {
  const place = placeWith(threeFiles);
  const theirs = `${shopVirtualService('b')}# theirs\n`;
  const loadConvert = async () => {
    writeFileSync(join(place.path, 'b.yaml'), theirs);
    return convert;
  };
  expect(await runHere(place, write, { loadConvert })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: b.yaml: was changed by somebody else meanwhile
  fix: Run the command again.
`,
  });
  expect(place.tree()).toEqual({ ...threeFiles, 'b.yaml': theirs });
});

test('a file that goes between reading and writing', async () => {
  const place = placeWith(threeFiles);
  const loadConvert = async () => {
    rmSync(join(place.path, 'b.yaml'));
    return convert;
  };
  expect(await runHere(place, write, { loadConvert })).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: b.yaml: cannot be edited: no such file or folder
  fix: Check the file, and run the command again.
`,
  });
  expect(place.tree()).toEqual({ 'a.yaml': threeFiles['a.yaml'], 'c.yaml': threeFiles['c.yaml'] });
});

test('two runs at once: each file is converted once, and nothing is lost', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `app-${index}`);
  const place = placeWith(
    Object.fromEntries(names.map(name => [`${name}.yaml`, `# about ${name}\n${shopVirtualService(name)}`])),
  );
  const runs = [0, 1].map(() =>
    spawn(process.execPath, [program, ...write], { cwd: place.path, stdio: 'ignore' }),
  );
  const codes = await Promise.all(runs.map(async run => (await once(run, 'exit'))[0] as number));
  for (const code of codes) expect([0, 2]).toContain(code);
  await runHere(place, write);
  expect(place.tree()).toEqual(
    Object.fromEntries(names.map(name => [`${name}.yaml`, `# about ${name}\n${shopRoute(name)}`])),
  );
}, 60_000);

/** A tree in which a file is edited, one renamed, one deleted and a kustomization mended. */
const shop = {
  'cart/kustomization.yaml': 'resources:\n- service.yaml\n- virtualservice.yaml\n- rule.yaml\n',
  'cart/rule.yaml': subsetsOf('cart', ['v1']),
  'cart/service.yaml': shopService('cart'),
  'cart/virtualservice.yaml': shopVirtualService('cart').replace(
    /host: cart\n$/,
    'host: cart\n        subset: v1\n',
  ),
  'other.yaml': shopVirtualService('other'),
};

function visible(place: Place): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(place.tree()).filter(([path]) => !/(?:^|\/)\./.test(path)));
}

test('killed at any moment: every file is the old one or the new one, and a second run does the rest', async () => {
  const args = ['convert', '--write', '--rename', '--quiet', ...port];
  const done = placeWith(shop);
  expect((await runHere(done, args)).code).toBe(0);
  const after = done.tree();
  expect(Object.keys(after)).toEqual([
    'cart/httproute.yaml',
    'cart/kustomization.yaml',
    'cart/service.yaml',
    'other.yaml',
  ]);
  const known = new Set([...Object.values(shop), ...Object.values(after)]);
  let kills = 0;
  for (let step = 1; ; step += 1) {
    const place = placeWith(shop);
    const options = { preload: preload('killed'), env: { KILLED_AT: String(step) } };
    const { code } = place.runReal(args, options);
    if (code === 0) break;
    kills += 1;
    const half = visible(place);
    for (const [path, text] of Object.entries(half))
      expect(known, `${path} after step ${step}`).toContain(text);
    const listed =
      readFileSync(join(place.path, 'cart/kustomization.yaml'), 'utf8').match(/\S+\.yaml/g) ?? [];
    // The names that are listed are those from before or those from afterwards; between two steps one can be missing.
    expect(listed.filter(name => half[`cart/${name}`] === undefined).length).toBeLessThanOrEqual(1);
    expect((await runHere(place, args)).code).toBe(0);
    expect(place.tree()).toEqual(after);
  }
  expect(kills).toBeGreaterThan(10);
}, 120_000);

test('links that lead in a circle, to themselves or nowhere are passed over in folders', async () => {
  const place = placeWith(threeFiles);
  mkdirSync(join(place.path, 'folder'));
  symlinkSync('..', join(place.path, 'folder/up'));
  symlinkSync('loop', join(place.path, 'loop'));
  symlinkSync('self.yaml', join(place.path, 'self.yaml'));
  symlinkSync('gone.yaml', join(place.path, 'dangling.yaml'));
  expect(await runHere(place, ['convert', '--quiet', ...port])).toEqual({
    code: 0,
    stdout: ['a', 'b', 'c'].map(name => shopRoute(name)).join('---\n'),
    stderr: '',
  });
  const args = ['convert', '--quiet', ...port, 'a.yaml', 'self.yaml'];
  const stderr = `error: self.yaml: the symbolic link leads nowhere
  fix: Mend the link, or leave the path out.
`;
  expect(await runHere(place, args)).toEqual({ code: 2, stdout: shopRoute('a'), stderr });
  expect(await runHere(place, [...args, '--write'])).toEqual({ code: 2, stdout: '', stderr });
  expect(place.shell('cat a.yaml').stdout).toBe(shopRoute('a'));
});

test('10,000 documents in one file', async () => {
  const documents = Array.from({ length: 10_000 }, (_, index) =>
    index === 5000 ? shopVirtualService('needle') : `kind: ConfigMap\ndata: {key: "${index}"}   # ${index}\n`,
  );
  const place = placeWith({ 'all.yaml': documents.join('---\n') });
  expect(await runHere(place, write)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(place.tree()).toEqual({ 'all.yaml': documents.with(5000, shopRoute('needle')).join('---\n') });
});

test('1,000 VirtualServices in one file', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `app-${index}`);
  const place = placeWith({ 'all.yaml': names.map(shopVirtualService).join('---\n') });
  expect(await runHere(place, write)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(place.tree()).toEqual({ 'all.yaml': names.map(name => shopRoute(name)).join('---\n') });
}, 60_000);

test.each([
  ['flow', `a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`],
  ['block', `a:\n${Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth + 1)}k:`).join('\n')}\n`],
])(
  'deep nesting in %s style is refused in words, and the next document is converted',
  async (_style, deep) => {
    const text = `apiVersion: networking.istio.io/v1\nkind: VirtualService\n${deep}---\n${shopVirtualService('cart')}`;
    const place = placeWith({ 'all.yaml': text });
    const { code, stdout, stderr } = await runHere(place, ['convert', ...port, '--quiet']);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({
      code: 2,
      stdout: shopRoute('cart'),
      first: 'error[nesting-too-deep] the document is nested more than 300 levels deep',
    });
  },
);

test('names that try to leave the tree, of objects and of folders', async () => {
  const name = '../../outside';
  const place = placeWith({
    'tree/all.yaml': shopVirtualService('cart').replaceAll('cart', name),
    'tree/kustomization.yaml': `resources:\n- all.yaml\n- ../../../${'../'.repeat(20)}etc/passwd\n`,
    'tree/list.yaml': `apiVersion: v1\nkind: List\nitems: []\n`,
  });
  const before = place.tree();
  const { code } = await runHere(place, ['convert', '--quiet', '--output', 'out', ...port, 'tree']);
  expect(code).toBe(1);
  expect(place.tree()).toEqual({
    ...before,
    ...Object.fromEntries(Object.entries(before).map(([path, text]) => [path.replace(/^tree/, 'out'), text])),
  });
});

test('files outside of the working folder land in the output folder, not beside it', async () => {
  const place = placeWith({
    'a/in.yaml': shopVirtualService('a'),
    'b/in.yaml': shopVirtualService('b'),
    'c/x': '',
  });
  const args = ['convert', '--quiet', ...port, '--output', 'out', '../a', '../b'];
  expect((await runHere(place, args, { folder: 'c' })).code).toBe(0);
  expect(Object.keys(place.tree())).toEqual([
    'a/in.yaml',
    'b/in.yaml',
    'c/out/a/in.yaml',
    'c/out/b/in.yaml',
    'c/x',
  ]);
});

test('an output folder inside of the input is not read, however often it is written', async () => {
  const place = placeWith(threeFiles);
  const args = ['convert', '--quiet', ...port, '--output', 'out'];
  const routes = Object.fromEntries(['a', 'b', 'c'].map(name => [`out/${name}.yaml`, shopRoute(name)]));
  for (const _ of [1, 2]) {
    expect(await runHere(place, args)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(place.tree()).toEqual({ ...threeFiles, ...routes });
  }
});

test('a run that was interrupted is not finished when somebody undid it, or went on with other work', async () => {
  const interrupted = (): Place => {
    const place = placeWith(threeFiles);
    expect(place.runReal(write, { preload: preload('full-disk'), env: { FULL_AT: '3' } }).code).toBe(2);
    return place;
  };
  const undone = interrupted();
  writeFileSync(join(undone.path, 'a.yaml'), threeFiles['a.yaml']);
  expect(await runHere(undone, [...write, '--namespace', 'x', 'c.yaml'])).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  });
  expect(undone.tree()).toEqual({ ...threeFiles, 'c.yaml': shopRoute('c') });
  const changed = interrupted();
  const theirs = `# theirs\n${shopVirtualService('b')}`;
  writeFileSync(join(changed.path, 'b.yaml'), theirs);
  const { code, stderr } = await runHere(changed, ['convert', '--write', ...port, 'c.yaml']);
  expect({ code, first: stderr.split('\n')[0] }).toEqual({
    code: 0,
    first: 'An interrupted run was not finished, since b.yaml was changed by somebody else.',
  });
  expect(changed.tree()).toEqual({ 'a.yaml': shopRoute('a'), 'b.yaml': theirs, 'c.yaml': shopRoute('c') });
});

test('while another run is writing, nothing is written', async () => {
  const place = placeWith(threeFiles);
  const journal = join(place.path, '.vs2route-journal.json');
  const entries: readonly unknown[] = [];
  const text = JSON.stringify({ version: 2, process: process.ppid, host: hostname(), entries });
  writeFileSync(journal, text, { mode: 0o600 });
  expect(await runHere(place, write)).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: ${journal}: another run is writing to these files
  fix: Wait until it is done. If there is none, delete this file.
`,
  });
  expect(place.tree()).toEqual({ '.vs2route-journal.json': text, ...threeFiles });
});
