import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { defaultOptions } from '../../src/index.ts';
import { effort } from './effort.ts';
import { brokenPromises } from './promises.ts';
import { convertibleKinds } from './shapes.ts';

const path = fc.constantFrom('random.yaml', 'random.json', '-');

const options = [
  defaultOptions,
  { ...defaultOptions, defaultPort: 80 },
  { ...defaultOptions, profile: 'portable', from: 'ambient', prefix: 'string' },
  { ...defaultOptions, partial: true, createWaypoints: true, policies: 'convert' },
  { ...defaultOptions, keepVirtualServices: true, gateways: 'keep', grpc: 'grpc', channel: 'experimental' },
] as const;

test('no manifest by chance breaks a promise', { timeout: 0 }, () => {
  const property = fc.property(
    fc.array(convertibleKinds, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...options),
    (manifests, chosen) => {
      const file = {
        path: 'random.yaml',
        text: manifests.map(manifest => stringify(manifest)).join('---\n'),
      };
      expect(brokenPromises({ file, facts: [], options: chosen })).toEqual([]);
    },
  );
  fc.assert(property, effort(300));
});

test('no text by chance breaks a promise', { timeout: 0 }, () => {
  const pieces = fc.constantFrom(
    'apiVersion: networking.istio.io/v1\n',
    'kind: VirtualService\n',
    'metadata:\n  name: x\n',
    'spec:\n  hosts: [x]\n',
    '  http:\n  - route:\n    - destination: {host: x}\n',
    '---\n',
    '...\n',
    '- ',
    '{',
    '}',
    '"',
    '\t',
    '\r\n',
    '\uFEFF',
    '&a ',
    '*a ',
    '# c\n',
    ': |\n',
  );
  const text = fc
    .array(fc.oneof({ weight: 3, arbitrary: pieces }, fc.string({ unit: 'binary', maxLength: 8 })), {
      maxLength: 40,
    })
    .map(parts => parts.join(''));
  const property = fc.property(text, path, (content, name) => {
    expect(
      brokenPromises({ file: { path: name, text: content }, facts: [], options: defaultOptions }),
    ).toEqual([]);
  });
  fc.assert(property, effort(500));
});
