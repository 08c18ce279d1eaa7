import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editFiles } from '../../src/6-emit/edit-files.ts';
import { convert, verify } from '../../src/index.ts';
import { plainPalette } from '../../src/print/palette.ts';
import { verificationText } from '../../src/reporters/verify-text.ts';
import { changesOf } from '../../src/suggest/changes.ts';
import type { SourceFile } from '../../src/yaml/source.ts';
import { faulty, service } from '../forge/run.ts';
import { istioGateway, subsetsOf, tightPool } from '../shop-objects.ts';

const names = ['a', 'b', 'c', 'd'];
/** In another namespace, so that routes to it from a Gateway need a grant. */
const elsewhere = 'e.other.svc.cluster.local';
const services = {
  path: 'services.yaml',
  text: [...names.map(service), service('e').replace('namespace: shop', 'namespace: other')].join('---\n'),
};

const gateway = istioGateway('edge', 'shop', "'*.example.com'");

interface Shape {
  readonly name: string;
  readonly to: string;
  readonly path: string;
  readonly subset: string | undefined;
  readonly bound: 'mesh' | 'edge' | 'both';
}

/** Only what has an exact form, so that every difference is one that a change alone makes. */
function virtualService({ name, to, path, subset, bound }: Shape): string {
  const destination = (host: string): string =>
    `    - destination:\n        host: ${host}\n${subset === undefined || host === elsewhere ? '' : `        subset: ${subset}\n`}`;
  const gateways = bound === 'mesh' ? '' : `  gateways:\n  - edge\n${bound === 'both' ? '  - mesh\n' : ''}`;
  const hosts = [
    ...(bound === 'edge' ? [] : [`  - ${name}\n`]),
    ...(bound === 'mesh' ? [] : [`  - ${name}.example.com\n`]),
  ];
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
${gateways}  hosts:
${hosts.join('')}  http:
  - match:
    - uri:
        exact: ${path}
    route:
${destination(to)}  - route:
${destination(name)}`;
}

const destinationRule = (name: string): string => subsetsOf(name, ['v1', 'v2'], tightPool);

const wildcardRule = destinationRule('all').replace('host: all', "host: '*.shop.svc.cluster.local'");

/** What another VirtualService delegates to; it has no hosts of its own. */
const delegating = (name: string): readonly string[] => [
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}-root
  namespace: shop
spec:
  hosts:
  - ${name}.example.com
  gateways:
  - edge
  http:
  - match:
    - uri:
        prefix: /
    delegate:
      name: ${name}-part
`,
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}-part
  namespace: shop
spec:
  http:
  - match:
    - uri:
        exact: /part
    route:
    - destination:
        host: ${elsewhere}
  - route:
    - destination:
        host: ${name}
`,
];

const shape = (name: string): fc.Arbitrary<string> =>
  fc
    .record({
      name: fc.constant(name),
      to: fc.constantFrom(...names, elsewhere),
      path: fc.constantFrom('/', '/api'),
      subset: fc.constantFrom(undefined, 'v1', 'v2'),
      bound: fc.constantFrom('mesh' as const, 'mesh' as const, 'edge' as const, 'both' as const),
    })
    .map(virtualService);

const documents = fc
  .tuple(
    ...names.map(name =>
      fc.tuple(
        fc.oneof({ weight: 5, arbitrary: shape(name) }, fc.constant(faulty(name)), fc.constant('')),
        fc.constantFrom(destinationRule(name), destinationRule(name), ''),
      ),
    ),
    fc.constantFrom(gateway, ''),
    fc.constantFrom(wildcardRule, '', '', ''),
    fc.constantFrom(delegating('c'), [], []),
  )
  .map(found => found.flat().filter(text => text !== ''));

test('each change may be made without the others', () => {
  let tried = 0;
  fc.assert(
    fc.property(documents, fc.boolean(), (texts, inOneFile) => {
      const sources: readonly SourceFile[] = [
        services,
        ...(inOneFile
          ? [{ path: 'all.yaml', text: texts.join('---\n') }]
          : texts.map((text, index) => ({ path: `f${index}.yaml`, text }))),
      ];
      const conversion = convert(sources);
      if (conversion.resources.some(({ status }) => status === 'approximate')) return;
      const changes = changesOf(conversion);
      if (changes.length < 2) return;
      for (const { parts, resources } of changes) {
        const edited = new Map(
          editFiles(
            sources,
            parts.flatMap(({ edits }) => edits),
          ).map(({ file, text }) => [file.path, text]),
        );
        const after = sources.flatMap(({ path, text }) => {
          const now = edited.has(path) ? edited.get(path) : text;
          return now === undefined ? [] : [{ path, text: now }];
        });
        const names = resources.map(({ resource: { kind, name } }) => `${kind} ${name}`).join(', ');
        expect(`${names}: ${verificationText(verify(sources, after), plainPalette)}`).toMatch(/: same: /);
        tried += 1;
      }
    }),
    { numRuns: 100 },
  );
  expect(tried).toBeGreaterThan(20);
}, 120_000);

/** The same VirtualService for two environments, with what both have in common in a folder of its own. */
const environment = (path: string, host: string): SourceFile => ({
  path,
  text: virtualService({ name: 'a', to: 'b', path: '/api', subset: undefined, bound: 'mesh' }).replace(
    'host: b\n',
    `host: ${host}\n`,
  ),
});

test('alternatives are suggested apart', () => {
  const files = [environment('dev/a.yaml', 'b'), environment('prod/a.yaml', 'c'), services];
  const changes = changesOf(convert(files));
  expect(changes.map(({ parts }) => parts.map(({ file }) => file.path))).toEqual([
    ['dev/a.yaml'],
    ['prod/a.yaml'],
  ]);
});

test('objects that environments share keep them together', () => {
  const gateways = { path: 'base/gateway.yaml', text: gateway };
  const bound = (path: string, host: string): SourceFile => {
    const { text } = environment(path, host);
    return {
      path,
      text: text.replace('  hosts:\n  - a\n', '  gateways:\n  - edge\n  hosts:\n  - a.example.com\n'),
    };
  };
  const changes = changesOf(
    convert([bound('dev/a.yaml', 'b'), bound('prod/a.yaml', 'c'), gateways, services]),
  );
  expect(changes.map(({ parts }) => parts.map(({ file }) => file.path))).toEqual([
    ['base/gateway.yaml', 'dev/a.yaml', 'prod/a.yaml'],
  ]);
});
