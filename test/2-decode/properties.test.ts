import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kinds } from '../../src/2-decode/kinds.ts';
import { decodeText } from './decoded.ts';

const words = [
  'hosts',
  'http',
  'match',
  'route',
  'uri',
  'exact',
  'regex',
  'destination',
  'host',
  'headers',
  'servers',
].concat([
  'port',
  'tls',
  'subsets',
  'name',
  'labels',
  'trafficPolicy',
  'ports',
  'number',
  'rules',
  'filters',
  'type',
]);
const key = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom('__proto__', 'constructor', ''),
  fc.string({ maxLength: 4 }),
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 80, 1.5, '', 'a', '*', '5s', '/a', '(', 'URLRewrite', `\${X}`),
  fc.double(),
  fc.string({ maxLength: 6 }),
);
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test.each(kinds.map(kind => [`${kind.group}/${kind.kind}`, kind] as const))(
  'decoding never throws, and every error names its object: %s',
  (_, { group, kind, versions }) => {
    fc.assert(
      fc.property(value, value, (spec, rest) => {
        const object = {
          ...(typeof rest === 'object' ? rest : { rest }),
          apiVersion: `${group === '' ? '' : `${group}/`}${versions[0]}`,
          kind,
          metadata: { name: 'a', namespace: 'b' },
          spec,
        };
        const text = JSON.stringify(object);
        const { diagnostics } = decodeText(text, 'a.json');
        for (const { code, resource } of diagnostics)
          if (code !== 'yaml-invalid') expect(resource).toEqual({ kind, namespace: 'b', name: 'a' });
        expect(decodeText(text, 'a.json').diagnostics).toEqual(diagnostics);
      }),
      { numRuns: 150 },
    );
  },
);
