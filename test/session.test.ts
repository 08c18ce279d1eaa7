import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert, createSession, defaultOptions, type SourceFile } from '../src/index.ts';
import { caseFolders } from './case-folders.ts';
import { bytesOf } from './conversion-bytes.ts';

function fullRun(files: readonly SourceFile[]): string {
  return bytesOf(convert(files), files);
}

function sorted(files: ReadonlyMap<string, string>): readonly SourceFile[] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => ({ path, text }));
}

const texts = caseFolders()
  .filter(({ facts }) => facts.length === 0)
  .map(({ input }) => input.text);

/** A file that changes, breaks in the middle, or goes. */
const step = fc.record({
  path: fc.constantFrom('a/1.yaml', 'a/2.yaml', 'b/1.yaml', 'b/2.yaml', 'c.yaml'),
  text: fc.option(fc.constantFrom(...texts), { nil: undefined }),
  end: fc.option(fc.nat(1000), { nil: undefined, freq: 4 }),
  looks: fc.boolean(),
});

test('gives the bytes of a full run after any updates', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), steps => {
      const session = createSession();
      const files = new Map<string, string>();
      for (const { path, text, end, looks } of steps) {
        const written = end === undefined ? text : text?.slice(0, end);
        session.update(path, written);
        if (written === undefined) files.delete(path);
        else files.set(path, written);
        if (!looks) continue;
        const now = sorted(files);
        expect(bytesOf(session.conversion(), now)).toBe(fullRun(now));
      }
      const now = sorted(files);
      expect(bytesOf(session.conversion(), now)).toBe(fullRun(now));
    }),
    { numRuns: 25 },
  );
});

test('a text has one role at a time: to convert, to know of, or beside manifests', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{name: http, port: 80}]}\n';
  const route =
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}\n';
  const [service1, route1] = [
    { path: 'b.yaml', text: service },
    { path: 'a.yaml', text: route },
  ];
  const session = createSession();
  session.update('a.yaml', route);
  const alone = session.conversion();
  session.update('b.yaml', service, 'facts');
  const known = session.conversion();
  expect(bytesOf(known, [route1])).toBe(bytesOf(convert([route1], [service1]), [route1]));
  expect(known.outputs).toHaveLength(1);
  session.update('b.yaml', service, 'input');
  expect(bytesOf(session.conversion(), [route1, service1])).toBe(fullRun([route1, service1]));
  session.update('b.yaml', undefined);
  expect(bytesOf(session.conversion(), [route1])).toBe(bytesOf(alone, [route1]));
});

test('gives the same object until something changes', () => {
  const session = createSession();
  session.update('a.yaml', texts[0]);
  const first = session.conversion();
  session.update('a.yaml', texts[0]);
  expect(session.conversion()).toBe(first);
  session.update('a.yaml', undefined);
  expect(session.conversion().resources).toEqual([]);
});

test('each conversion tells the options by which its objects are read, after an update, too', () => {
  const options = { ...defaultOptions, rootNamespace: 'mesh', defaultPort: 8080 };
  const file = (name: string) => ({
    path: `${name}.yaml`,
    text: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: fair}
spec:
  hosts: [${name}]
  http: [{route: [{destination: {host: ${name}}}]}]
`,
  });
  const session = createSession(options);
  const assumptions = { rootNamespace: 'mesh', defaultPort: 8080 };
  for (const name of ['booth', 'stall', 'tent']) {
    const { path, text } = file(name);
    session.update(path, text);
    expect(session.conversion().assumptions).toEqual(assumptions);
  }
  expect(convert([file('booth')], [], options).assumptions).toEqual(assumptions);
  expect(convert([file('booth')]).assumptions).toEqual({});
});

test('a list that nobody touches is told of Services of its namespace that come and go', () => {
  const list = (name: string, namespace: string): SourceFile => ({
    path: `${namespace}/${name}.yaml`,
    text: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  hosts: [${name}]
  http: [{route: [{destination: {host: ${name}, port: {number: 80}}}]}]
`,
  });
  const other: SourceFile = {
    path: 'fair/other.yaml',
    text: 'apiVersion: v1\nkind: Service\nmetadata: {name: gate, namespace: fair}\nspec: {ports: [{name: http, port: 80}]}\n',
  };
  const lists = [list('booth', 'fair'), list('stall', 'fair'), list('tent', 'camp'), list('fire', 'camp')];
  const session = createSession();
  const told = () =>
    session
      .conversion()
      .resources.flatMap(({ resource, diagnostics }) =>
        diagnostics.some(({ code }) => code === 'service-not-in-input') ? [resource.name] : [],
      );
  for (const { path, text } of lists) session.update(path, text);
  expect(told()).toEqual([]);
  session.update(other.path, other.text);
  expect(told()).toEqual(['booth', 'stall']);
  const all = sorted(new Map([...lists, other].map(({ path, text }) => [path, text])));
  expect(bytesOf(session.conversion(), all)).toBe(fullRun(all));
  session.update(other.path, undefined);
  expect(told()).toEqual([]);
});
