import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReadFile } from '../../src/cli/files/read.ts';
import { copyFile, makeChange, refusalOf, replaceFile } from '../../src/cli/files/write.ts';
import { type Place, placeWith } from './run.ts';

const fileIn = (place: Place, path: string, text: string, root = place.path): ReadFile => {
  return { path, absolute: join(place.path, path), root, source: { path, text } };
};

test('a file gets its new text, and keeps its mode; nothing else is left in the folder', () => {
  const place = placeWith({ 'a.yaml': 'old' });
  chmodSync(join(place.path, 'a.yaml'), 0o640);
  const change = { file: fileIn(place, 'a.yaml', 'old'), text: '\uFEFFnew ü\r\n' };
  expect(refusalOf(change)).toBeUndefined();
  makeChange(change);
  expect(place.tree()).toEqual({ 'a.yaml': '\uFEFFnew ü\r\n' });
  expect(statSync(join(place.path, 'a.yaml')).mode & 0o777).toBe(0o640);
});

test('a file that is to go goes', () => {
  const place = placeWith({ 'a.yaml': 'old', 'b.yaml': '' });
  makeChange({ file: fileIn(place, 'a.yaml', 'old'), text: undefined });
  expect(Object.keys(place.tree())).toEqual(['b.yaml']);
});

test('a file that somebody else changed, deleted or replaced meanwhile is left alone', () => {
  const place = placeWith({ 'a.yaml': 'theirs' });
  mkdirSync(join(place.path, 'folder'));
  const messageFor = (path: string): string | undefined =>
    refusalOf({ file: fileIn(place, path, 'old'), text: 'new' })?.message;
  expect(messageFor('a.yaml')).toBe('was changed by somebody else meanwhile');
  expect(messageFor('b.yaml')).toBe('cannot be edited: no such file or folder');
  expect(messageFor('folder')).toBe('is not a file that can be edited');
  expect(place.tree()).toEqual({ 'a.yaml': 'theirs' });
});

test('a read-only file is left alone', () => {
  const place = placeWith({ 'a.yaml': 'old' });
  chmodSync(join(place.path, 'a.yaml'), 0o444);
  expect(refusalOf({ file: fileIn(place, 'a.yaml', 'old'), text: 'new' })).toEqual({
    path: 'a.yaml',
    message: 'is read-only',
    remedy: 'Make it writable, for example with chmod u+w a.yaml',
  });
});

test('a link within the folder is followed and stays a link; one that leads out of it is refused', () => {
  const place = placeWith({ 'tree/a.yaml': 'old', 'other/b.yaml': 'old' });
  const root = join(place.path, 'tree');
  symlinkSync('a.yaml', join(root, 'in.yaml'));
  symlinkSync('../other/b.yaml', join(root, 'out.yaml'));
  const inside = { file: fileIn(place, 'tree/in.yaml', 'old', root), text: 'new' };
  expect(refusalOf(inside)).toBeUndefined();
  makeChange(inside);
  expect(readFileSync(join(root, 'a.yaml'), 'utf8')).toBe('new');
  expect(
    readdirSync(root, { withFileTypes: true })
      .find(({ name }) => name === 'in.yaml')
      ?.isSymbolicLink(),
  ).toBe(true);
  expect(
    refusalOf({ ...inside, file: fileIn(place, 'tree/in.yaml', 'new', root), text: undefined })?.message,
  ).toBe('would be deleted, but is a symbolic link');
  const outside = refusalOf({ file: fileIn(place, 'tree/out.yaml', 'old', root), text: 'new' });
  expect(outside?.message).toBe(
    `is a symbolic link to ${join(place.path, 'other/b.yaml')}, outside of the folder`,
  );
});

test('when writing fails, the file is as it was and nothing is left beside it', () => {
  const place = placeWith({ 'a.yaml': 'old' });
  mkdirSync(join(place.path, 'taken'));
  writeFileSync(join(place.path, 'taken/x'), '');
  expect(() => replaceFile(join(place.path, 'taken'), 'new')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(() => replaceFile(join(place.path, 'missing/a.yaml'), 'new')).toThrow('ENOENT');
  expect(place.tree()).toEqual({ 'a.yaml': 'old', 'taken/x': '' });
});

test('a copy does not follow a link that stands in its place', () => {
  const place = placeWith({ 'a.yaml': 'a', secret: 'secret' });
  symlinkSync('secret', join(place.path, 'b.yaml'));
  copyFile(join(place.path, 'a.yaml'), join(place.path, 'b.yaml'));
  expect(place.tree()).toEqual({ 'a.yaml': 'a', 'b.yaml': 'a', secret: 'secret' });
});
