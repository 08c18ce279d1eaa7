import { expect, test } from 'vitest';
import { admission } from '../../src/admission/admission.ts';

const bundle = { gatewayApi: '1.6', channel: 'standard' };

function routeOf(spec: Readonly<Record<string, unknown>>): unknown {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'mill', namespace: 'farm' },
    spec,
  };
}

const rules = [{ backendRefs: [{ name: 'mill', port: 5050 }] }];
const isPlaceholder = (text: string) => text.includes('${');

test('an object that is taken is stored with the defaults of the CRD', () => {
  const object = routeOf({ parentRefs: [{ name: 'edge' }], rules });
  expect(admission.admit(object, bundle)).toEqual({
    refusals: [],
    stored: routeOf({
      parentRefs: [{ name: 'edge', group: 'gateway.networking.k8s.io', kind: 'Gateway' }],
      rules: [
        {
          backendRefs: [{ name: 'mill', port: 5050, group: '', kind: 'Service', weight: 1 }],
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        },
      ],
    }),
  });
  expect(admission.takes(object, bundle)).toBe(true);
});

test('a field that is null gets its default', () => {
  const { refusals, stored } =
    admission.admit(
      routeOf({ rules: [{ backendRefs: [{ name: 'mill', port: 5050, weight: null }] }] }),
      bundle,
    ) ?? {};
  expect(refusals).toEqual([]);
  expect(stored).toMatchObject({ spec: { rules: [{ backendRefs: [{ weight: 1 }] }] } });
});

test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
  ['a field that the CRD lacks', { rules, color: 'blue' }, ['spec.color: Unknown field']],
  ['a text against its pattern', { rules, hostnames: ['Mill'] }, ['spec.hostnames.0: Invalid value']],
  [
    'a number beyond its range',
    { rules: [{ backendRefs: [{ name: 'mill', port: 70000 }] }] },
    ['spec.rules.0.backendRefs.0.port: Invalid value'],
  ],
  [
    'a list that is too long',
    { rules: Array.from({ length: 17 }, () => rules[0]) },
    ['spec.rules: Too many'],
  ],
  ['a value of another type', { rules, hostnames: 'mill' }, ['spec.hostnames: Wrong type']],
  [
    'a rule that does not hold',
    { rules: [{ matches: [{ path: { type: 'Exact', value: '/a//b' } }] }] },
    ['spec.rules.0.matches.0.path: Invalid value'],
  ],
])('%s is refused', (_, spec, expected) => {
  const refusals = admission.admit(routeOf(spec), bundle)?.refusals ?? [];
  expect(refusals.map(({ path, type }) => `${path.join('.')}: ${type}`)).toEqual(expected);
  expect(admission.takes(routeOf(spec), bundle)).toBe(false);
});

test('a text that is left out is held against nothing, and the rest is', () => {
  const open = routeOf({ rules, hostnames: ['${HOST}'] });
  expect(admission.admit(open, bundle, isPlaceholder)?.refusals).toEqual([]);
  expect(admission.admit(open, bundle)?.refusals).toHaveLength(1);
  const wrong = routeOf({ rules, hostnames: ['${HOST}', 'Mill'] });
  // Where anything is refused, all is told.
  expect(admission.admit(wrong, bundle, isPlaceholder)?.refusals.map(({ path }) => path.join('.'))).toEqual([
    'spec.hostnames.0',
    'spec.hostnames.1',
  ]);
});

test('the parts of the table that are parsed by line are those of the whole table', () => {
  const { rules: _, schemas: __, ...head } = admission.table;
  expect(admission.head).toEqual(head);
});
