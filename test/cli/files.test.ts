import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFiles } from '../../src/cli/files/files.ts';
import { isInside } from '../../src/cli/files/paths.ts';
import { type Place, placeWith } from './run.ts';

const pathsOf = (place: Place, ...paths: readonly string[]): readonly string[] =>
  findFiles(paths, place.path).files.map(({ path }) => path);

test('a folder is read whole and in order; what is hidden or installed is passed over', () => {
  const place = placeWith({
    'b.yaml': '',
    'a/z.yml': '',
    'a/B.JSON': '',
    'a/kustomization.yaml': '',
    'c/Kustomization': '',
    'c/readme.md': '',
    'c/values.yaml.gotmpl': '',
    '.github/workflow.yaml': '',
    '.hidden.yaml': '',
    'node_modules/x/a.yaml': '',
    'c/node_modules/a.yaml': '',
    'with space/[x]/ü.yaml': '',
  });
  const all = [
    'a/B.JSON',
    'a/kustomization.yaml',
    'a/z.yml',
    'b.yaml',
    'c/Kustomization',
    'with space/[x]/ü.yaml',
  ];
  expect(pathsOf(place, '.')).toEqual(all);
  expect(pathsOf(place, 'with space/[x]')).toEqual(['with space/[x]/ü.yaml']);
  expect(pathsOf(place, '.github')).toEqual(['.github/workflow.yaml']);
});

test('paths keep their order, and a file is read once however often it is named', () => {
  const place = placeWith({ 'a.yaml': '', 'b/c.yaml': '', 'b/d.yaml': '' });
  symlinkSync('a.yaml', join(place.path, 'link.yaml'));
  expect(
    pathsOf(place, 'b/d.yaml', './b/', 'a.yaml', '**/*.yaml', join(place.path, 'a.yaml'), 'link.yaml'),
  ).toEqual(['b/d.yaml', 'b/c.yaml', 'a.yaml']);
  expect(pathsOf(place, '-', '-')).toEqual(['-']);
});

test('a file that is named, or matched by a glob, may be called anything', () => {
  const place = placeWith({ 'route.txt': '', 'a[1].yaml': '', '.hidden.yaml': '', 'x/y.conf': '' });
  expect(pathsOf(place, 'route.txt', '.hidden.yaml', 'a[1].yaml', 'x/*.conf')).toEqual([
    'route.txt',
    '.hidden.yaml',
    'a[1].yaml',
    'x/y.conf',
  ]);
});

test('paths outside of the working folder are written as people would write them', () => {
  const place = placeWith({ 'in/a.yaml': '', 'out/b.yaml': '' });
  expect(findFiles(['../out'], join(place.path, 'in')).files.map(({ path }) => path)).toEqual([
    '../out/b.yaml',
  ]);
});

test('links in folders are not followed, so that loops and other trees do no harm', () => {
  const place = placeWith({ 'tree/a.yaml': '', 'other/secret.yaml': '' });
  symlinkSync('../other', join(place.path, 'tree/other'));
  symlinkSync('../other/secret.yaml', join(place.path, 'tree/link.yaml'));
  symlinkSync('.', join(place.path, 'tree/loop'));
  symlinkSync('tree', join(place.path, 'named'));
  expect(pathsOf(place, 'tree')).toEqual(['tree/a.yaml']);
  expect(pathsOf(place, 'named')).toEqual(['named/a.yaml']);
});

test('a path that does not exist is a problem, and the rest is found', () => {
  const place = placeWith({ 'a.yaml': '', 'docs/readme.md': '' });
  mkdirSync(join(place.path, 'empty'));
  symlinkSync('gone.yaml', join(place.path, 'dangling.yaml'));
  symlinkSync('circle.yaml', join(place.path, 'circle.yaml'));
  const { files, problems } = findFiles(
    ['missing.yaml', 'a.yaml', 'docs', 'empty', 'x/*.yaml', 'dangling.yaml', 'circle.yaml', ''],
    place.path,
  );
  expect(files.map(({ path }) => path)).toEqual(['a.yaml']);
  expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'missing.yaml: no such file or folder',
    'docs: no manifests in this folder',
    'empty: no manifests in this folder',
    'x/*.yaml: the pattern matches no file',
    'dangling.yaml: the symbolic link leads nowhere',
    'circle.yaml: the symbolic link leads nowhere',
    ': the path is empty',
  ]);
});

test('a folder that is written to is not read', () => {
  const place = placeWith({ 'a.yaml': '', 'out/a.yaml': '', 'out2/b.yaml': '' });
  const { files } = findFiles(['.'], place.path, { skip: join(place.path, 'out') });
  expect(files.map(({ path }) => path)).toEqual(['a.yaml', 'out2/b.yaml']);
});

test('inside is inside, whatever names begin with', () => {
  expect(isInside('/a/b', '/a')).toBe(true);
  expect(isInside('/a', '/a')).toBe(true);
  expect(isInside('/ab', '/a')).toBe(false);
  expect(isInside('/', '/a')).toBe(false);
  expect(isInside('/a/..b', '/a')).toBe(true);
});
