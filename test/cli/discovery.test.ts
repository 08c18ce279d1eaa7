import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FindOptions, findFiles } from '../../src/cli/files/files.ts';
import { type Place, placeWith } from './run.ts';
import { git, isThere, runHere, shopRoute, shopService, shopVirtualService } from './shop.ts';

const port = ['--default-port', '8080'];
const withoutGit = !isThere('git');

function namesIn(place: Place, options: FindOptions = {}, folder = '.'): readonly string[] {
  return findFiles([folder], place.path, options).files.map(({ path }) => path);
}

const ignoring = {
  '.git/info/exclude': 'local.yaml\n',
  '.gitignore': '# built\n/build/\n*.gen.yaml\n!keep.gen.yaml\ndeep/**/tmp\n',
  'a.yaml': '',
  'a.gen.yaml': '',
  'build/a.yaml': '',
  'keep.gen.yaml': '',
  'local.yaml': '',
  'apps/.gitignore': 'build\n!b.gen.yaml\n',
  'apps/b.gen.yaml': '',
  'apps/build/a.yaml': '',
  'apps/c.gen.yaml': '',
  'deep/x/y/tmp/a.yaml': '',
  'deep/x/y/a.yaml': '',
};

test('files that git ignores are not read in folders, from the top of the repository on', () => {
  const place = placeWith(ignoring);
  const found = ['a.yaml', 'apps/b.gen.yaml', 'deep/x/y/a.yaml', 'keep.gen.yaml'];
  expect(namesIn(place)).toEqual(found);
  expect(namesIn(place, {}, 'apps')).toEqual(['apps/b.gen.yaml']);
  expect(namesIn(place, { ignoreFiles: false })).toEqual(
    Object.keys(ignoring)
      .filter(name => name.endsWith('.yaml'))
      .toSorted(),
  );
});

test('a file or folder that is named is read, whoever ignores it; globs ask nobody', () => {
  const place = placeWith(ignoring);
  const paths = ['build', 'local.yaml', 'apps/*.gen.yaml'];
  expect(findFiles(paths, place.path).files.map(({ path }) => path)).toEqual([
    'build/a.yaml',
    'local.yaml',
    'apps/b.gen.yaml',
    'apps/c.gen.yaml',
  ]);
});

test('a folder that a file further in lets in again is read, whatever a file further out says of its name', () => {
  const place = placeWith({
    '.git/HEAD': '',
    '.gitignore': 'a\n',
    'a/c.yaml': '',
    'build/.gitignore': '!/a/\n',
    'build/a/b.yaml': '',
    'build/a/a/b.yaml': '',
    'build/c/a/b.yaml': '',
    'd.yaml': '',
  });
  expect(namesIn(place)).toEqual(['build/a/b.yaml', 'd.yaml']);
  expect(namesIn(place, {}, 'build')).toEqual(['build/a/b.yaml']);
  expect(namesIn(place, {}, 'build/a')).toEqual(['build/a/b.yaml']);
  // What is named in an ignored folder is read, as all below it.
  expect(namesIn(place, {}, 'build/c/a')).toEqual(['build/c/a/b.yaml']);
  expect(namesIn(place, {}, 'a')).toEqual(['a/c.yaml']);
});

test('outside of a repository nothing is ignored but by a file in the folder itself or below', () => {
  const { '.git/info/exclude': _, ...files } = ignoring;
  const place = placeWith(files);
  expect(namesIn(place, {}, 'apps')).toEqual(['apps/b.gen.yaml', 'apps/c.gen.yaml']);
});

test('--exclude is read as .gitignore is, and counts for globs too', () => {
  const place = placeWith({
    'a.yaml': '',
    'test/a.yaml': '',
    'x/test/a.yaml': '',
    'x/b.yaml': '',
    'x/keep.yaml': '',
  });
  expect(namesIn(place, { exclude: ['test/', 'x/*.yaml', '!x/keep.yaml'] })).toEqual([
    'a.yaml',
    'x/keep.yaml',
  ]);
  expect(namesIn(place, { exclude: ['/test'] })).toEqual([
    'a.yaml',
    'x/b.yaml',
    'x/keep.yaml',
    'x/test/a.yaml',
  ]);
  expect(namesIn(place, { exclude: ['b.yaml'] }, 'x/**')).toEqual(['x/keep.yaml', 'x/test/a.yaml']);
});

test.skipIf(withoutGit)(
  'it is git that decides what is ignored',
  async () => {
    const part = fc.constantFrom('a', 'b', 'build', 'Build', 'x y', 'ü');
    const file = fc
      .tuple(fc.array(part, { maxLength: 3 }), fc.constantFrom('a.yaml', 'b.yaml', 'b.json', 'c d.yml'))
      .map(([folders, name]) => [...folders, name].join('/'));
    const glob = fc.constantFrom(
      'a',
      'b',
      'build',
      '*',
      '**',
      'a*',
      '?',
      '??',
      'Build',
      '[ab]',
      'x y',
      'ü',
      '*.yaml',
      'b.*',
      '[!a].yaml',
    );
    const pattern = fc
      .tuple(
        fc.constantFrom('', '', '!', '/', '!/'),
        fc.array(glob, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '/', ' '),
      )
      .map(([start, parts, end]) => start + parts.join('/') + end);
    const rules = fc.array(fc.oneof(pattern, fc.constantFrom('', '# a')), { minLength: 1, maxLength: 4 });
    const ruleFile = fc.array(part, { maxLength: 2 }).map(folders => [...folders, '.gitignore'].join('/'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(file, { minLength: 1, maxLength: 8 }),
        fc.dictionary(ruleFile, rules, { minKeys: 1, maxKeys: 2 }),
        async (files, ignored) => {
          const place = placeWith({
            ...Object.fromEntries(files.map(path => [path, ''])),
            ...Object.fromEntries(
              Object.entries(ignored).map(([path, lines]) => [path, `${lines.join('\n')}\n`]),
            ),
          });
          git(place, 'init', '--quiet');
          const listed = git(place, 'ls-files', '-z', '--others', '--exclude-standard').split('\0');
          expect(namesIn(place)).toEqual(listed.filter(path => /\.(?:ya?ml|json)$/.test(path)).toSorted());
        },
      ),
      { numRuns: 60 },
    );
  },
  60_000,
);

test('--no-ignore and --exclude on the command line, for every command', async () => {
  const files = {
    '.git/HEAD': '',
    '.gitignore': 'ignored/\n',
    'a.yaml': shopVirtualService('a'),
    'ignored/b.yaml': shopVirtualService('b'),
    'tests/c.yaml': shopVirtualService('c'),
  };
  const place = placeWith(files);
  const convert = async (...flags: readonly string[]): Promise<string> =>
    (await runHere(place, ['convert', '--quiet', ...port, ...flags])).stdout;
  expect(await convert()).toBe(`${shopRoute('a')}---\n${shopRoute('c')}`);
  expect(await convert('--exclude', 'tests')).toBe(shopRoute('a'));
  expect(await convert('--exclude', 'tests', '--exclude', 'a.yaml', '--no-ignore')).toBe(shopRoute('b'));
  const diff = await runHere(place, ['diff', ...port, '--quiet', '--name-only', '--no-ignore']);
  expect(diff.stdout).toBe('a.yaml\nignored/b.yaml\ntests/c.yaml\n');
  const report = await runHere(place, ['report', ...port, '--format', 'json', '--exclude', 'tests']);
  expect(JSON.parse(report.stdout).resources.map(({ file }: { file: string }) => file)).toEqual(['a.yaml']);
});

test('--with is for facts: files, folders, globs; nothing of them is converted or edited', async () => {
  const files = {
    'apps/a.yaml': shopVirtualService('a'),
    'facts/services.yaml': shopService('a', 9000),
    'facts/b.yaml': shopVirtualService('b'),
  };
  const place = placeWith(files);
  for (const facts of ['facts', 'facts/*.yaml', 'facts/services.yaml']) {
    const result = await runHere(place, ['convert', '--quiet', 'apps', '--with', facts]);
    expect(result).toEqual({ code: 0, stdout: shopRoute('a', 9000), stderr: '' });
  }
  const args = ['convert', '--quiet', '--with', '../facts/services.yaml'];
  expect((await runHere(place, args, { folder: 'apps' })).stdout).toBe(shopRoute('a', 9000));
  await runHere(place, ['convert', '--quiet', '--write', 'apps', '--with', 'facts']);
  expect(place.tree()).toEqual({ ...files, 'apps/a.yaml': shopRoute('a', 9000) });
});

test('hidden folders are read when they are named, node_modules too', () => {
  const place = placeWith({ '.argo/a.yaml': '', 'node_modules/x/a.yaml': '', 'b.yaml': '' });
  symlinkSync('.argo', join(place.path, 'argo'));
  expect(namesIn(place)).toEqual(['b.yaml']);
  expect(namesIn(place, {}, '.argo')).toEqual(['.argo/a.yaml']);
  expect(namesIn(place, {}, 'argo')).toEqual(['argo/a.yaml']);
  expect(namesIn(place, {}, 'node_modules/x')).toEqual(['node_modules/x/a.yaml']);
});

test('files that are not YAML or not manifests are left alone, without a message', async () => {
  const files = {
    'values.yaml': 'istio:\n  host: networking.istio.io\n',
    'notes.yaml': 'This is text about VirtualServices: not YAML\n\t- at all: [\n',
    'config.json': '{"kind": "tsconfig", // with comments\n}\n',
    'binary.yaml': 'kind: ConfigMap\u0000\u0001\n',
    'playbook.yaml': '- hosts: all\n  tasks: []\n',
    'tabs.yaml': 'a:\n\tb: 1\n',
    'broken.yaml': 'kind: Deployment\nspec: {\n',
    'empty.yaml': '',
    'template.yaml': 'kind: Deployment\nname: {{ .Values.name }}\n',
  };
  const place = placeWith(files);
  expect(await runHere(place, ['convert', '--write'])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'No VirtualService, DestinationRule or Istio Gateway in 9 files.\n0 files edited, 0 deleted.\n',
  });
  expect(place.tree()).toEqual(files);
});

test('a file that would matter and is not UTF-8 is said to be so', async () => {
  const utf16 = [...`\uFEFF${shopVirtualService('a')}`].map(character => `${character}\u0000`).join('');
  const place = placeWith({ 'a.yaml': utf16 });
  const { code, stderr } = await runHere(place, ['convert']);
  expect({ code, first: stderr.split('\n')[0] }).toEqual({
    code: 2,
    first: 'error[not-text] the file is not read: it is not UTF-8 text',
  });
});
