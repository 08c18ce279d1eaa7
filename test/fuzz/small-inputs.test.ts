import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convert, defaultOptions, type SourceFile } from '../../src/index.ts';
import { effort } from './effort.ts';

type Shape = (size: number) => Readonly<Record<string, string>>;

// The benchmark is no TypeScript.
const { shapes }: { readonly shapes: Readonly<Record<string, Shape>> } = await import(
  new URL('../../bench/shapes.mjs', import.meta.url).href
);

/** Of the size of an input, in bytes. */
const small = 10_000;

/** In seconds of CPU: two on a machine that has nothing else to do, and four times as much where tests share one. */
const patience = 2 * 4;

function filesOf(texts: Readonly<Record<string, string>>): readonly SourceFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}

function sizeOf(files: readonly SourceFile[]): number {
  return files.reduce((sum, { text }) => sum + text.length, 0);
}

/** Converts, and holds time and memory against the bounds of a small input. */
function expectQuick(files: readonly SourceFile[]): void {
  const before = process.memoryUsage().rss;
  const { user, system } = process.cpuUsage();
  convert(files, [], { ...defaultOptions, defaultPort: 80 });
  const used = process.cpuUsage({ user, system });
  expect((used.user + used.system) / 1e6).toBeLessThan(patience);
  expect(process.memoryUsage().rss - before).toBeLessThan(500_000_000);
}

/** The largest size of a shape that is small. */
function largest(shape: Shape): readonly SourceFile[] {
  let size = 1;
  while (sizeOf(filesOf(shape(size + 1))) < small) size += 1;
  return filesOf(shape(size));
}

describe('inputs of less than 10 KB end within two seconds and 500 MB', () => {
  test.each(Object.keys(shapes).filter(name => name !== 'environments'))('%s', name => {
    expectQuick(largest(shapes[name] ?? (() => ({}))));
  });

  const value = fc.constantFrom('exact: a#', 'prefix: a#', 'regex: ".*a#.*"', 'regex: "[a-z]+#?"');
  const condition = fc.oneof(
    value.map(one => `headers: {x-#: {${one}}}`),
    value.map(one => `headers: {x: {${one}}}`),
    value.map(one => `withoutHeaders: {x-#: {${one}}}`),
    value.map(one => `queryParams: {q-#: {${one}}}`),
    fc.constantFrom(
      'uri: {prefix: /p#}',
      'uri: {regex: "/.*p#/.*"}',
      'uri: {exact: /p#}',
      'method: {exact: GET}',
    ),
    fc.constantFrom(
      'authority: {prefix: "a#"}',
      'sourceLabels: {app: "a#"}',
      'sourceNamespace: "n#"',
      'port: 8#',
    ),
  );
  const entry = fc
    .record({
      match: fc.uniqueArray(condition, { minLength: 1, maxLength: 3, selector: one => one.split(':')[0] }),
      action: fc.constantFrom('timeout: 1s', 'rewrite: {uri: /}', 'rewrite: {uri: /x}'),
    })
    .map(
      ({ match, action }) =>
        `  - {match: [{${match.join(', ')}}], route: [{destination: {host: app}}], ${action}}\n`,
    );
  const input = fc.record({
    entries: fc.array(entry, { minLength: 1, maxLength: 3 }),
    hosts: fc.constantFrom(1, 1, 8, 40),
    servers: fc.constantFrom(0, 0, 1, 8),
  });

  test('and so do entries of any kind, as many as there is room for', () => {
    fc.assert(
      fc.property(input, ({ entries, hosts, servers }) => {
        const names = Array.from({ length: hosts }, (_, index) =>
          servers > 0 ? `h${index}.example.com` : 'app',
        );
        const head = `apiVersion: v1
kind: Service
metadata: {name: app, namespace: shop}
spec: {selector: {app: app}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [${Array.from({ length: servers }, (_, index) => `{port: {number: ${8000 + index}, name: http-${index}, protocol: HTTP}, hosts: ["*"]}`).join(', ')}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: app, namespace: shop}
spec:
  hosts: [${[...new Set(names)].join(', ')}]
  gateways: [${servers > 0 ? 'gw' : 'mesh'}]
  http:
`;
        let text = head;
        for (let index = 0; ; index += 1) {
          const next = (entries[index % entries.length] ?? '').replaceAll('#', String(index));
          if (text.length + next.length >= small) break;
          text += next;
        }
        expectQuick([{ path: 'in.yaml', text }]);
      }),
      effort(20),
    );
  });
});
