import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64 } from '../../src/yaml/base64.ts';
import { byteLength } from '../../src/yaml/byte-length.ts';
import { sha256Hex } from '../../src/yaml/sha256.ts';

const texts = fc.string({ unit: 'binary' });

test('a text has as many bytes as Node.js counts', () => {
  fc.assert(fc.property(texts, text => byteLength(text) === Buffer.byteLength(text)));
  expect(byteLength('a\ud800')).toBe(Buffer.byteLength('a\ud800'));
});

test('base64 is decoded as by Node.js, whatever else stands in it', () => {
  const noise = fc
    .array(fc.constantFrom('A', 'z', '9', '+', '/', '-', '_', '=', '\n', ' ', '!'))
    .map(all => all.join(''));
  fc.assert(
    fc.property(fc.oneof(fc.base64String(), noise), text => {
      expect([...decodeBase64(text)]).toEqual([...Buffer.from(text, 'base64')]);
    }),
  );
});

test('hashes are those of Node.js', () => {
  fc.assert(fc.property(texts, text => sha256Hex(text) === createHash('sha256').update(text).digest('hex')));
});
