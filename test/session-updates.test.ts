import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert, createSession, type SourceFile } from '../src/index.ts';
import type { Role } from '../src/session.ts';
import { bytesOf } from './conversion-bytes.ts';
import { options, type Piece, pathOf, piece, pieces, textOf } from './small-trees.ts';

/** The deeds of people: each takes one file, and gives what it becomes. */
const deeds: readonly ((text: string, drawn: readonly Piece[]) => string | undefined)[] = [
  (_, drawn) => textOf(drawn),
  (_, drawn) => textOf(drawn),
  () => undefined,
  text => text.replaceAll(/timeout: \ds/g, 'timeout: 77s'),
  (text, [one]) => text.replace(/ {2}name: .*/, `  name: ${one?.name}`),
  (text, [one]) => text.replaceAll(/name: (alpha|beta|gamma|delta)/g, `name: ${one?.name}-2`),
  (text, [one]) => text.replaceAll(/namespace: .*/g, `namespace: ${one?.namespace}`),
  text => text.replaceAll(/namespace: .*/g, 'namespace: elsewhere'),
  text => text.replace('spec:', 'spec: [{'),
  text => text.replace(/timeout: .*/, 'timeout: {'),
  text => text.slice(0, text.length >> 1),
  text => `${text}---\nkind: Something\n`,
  text => `# A comment.\n${text}`,
  (text, drawn) => `${text}---\n${textOf(drawn)}`,
  text => text.slice(0, Math.max(0, text.lastIndexOf('---\n'))),
];

const step = fc.record({
  file: fc.nat(30),
  drawn: fc.array(piece, { minLength: 1, maxLength: 2 }),
  deed: fc.nat(deeds.length - 1),
  heals: fc.boolean(),
  role: fc.oneof(
    { weight: 12, arbitrary: fc.constant<Role>('input') },
    { weight: 1, arbitrary: fc.constantFrom<Role>('facts', 'beside') },
  ),
});

test('a session gives the bytes of a full run after every update', { timeout: 3_600_000 }, () => {
  const numRuns = Number(process.env['SESSIONS'] ?? 12);
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 4, maxLength: 14 }),
      fc.array(step, { minLength: 3, maxLength: 10 }),
      (start, steps) => {
        const session = createSession(options);
        const held = new Map<string, { readonly text: string; readonly role: Role }>();
        const put = (path: string, text: string | undefined, role: Role): void => {
          session.update(path, text, role);
          if (text === undefined) held.delete(path);
          else held.set(path, { text, role });
        };
        const of = (wanted: Role): readonly SourceFile[] =>
          [...held]
            .filter(([, { role }]) => role === wanted)
            .map(([path, { text }]) => ({ path, text }))
            .sort((a, b) => (a.path < b.path ? -1 : 1));
        const look = (): void => {
          const files = of('input');
          const full = convert(files, of('facts'), options, undefined, of('beside'));
          expect(bytesOf(session.conversion(), files)).toBe(bytesOf(full, files));
        };
        for (const one of start) put(pathOf(one), textOf([one]), 'input');
        look();
        for (const { file, drawn, deed, heals, role } of steps) {
          const paths = [...held.keys()];
          const [first] = drawn;
          const path =
            deed < 2 && first !== undefined ? pathOf(first) : (paths[file % paths.length] ?? 'a.yaml');
          const before = held.get(path);
          put(path, deeds[deed]?.(before?.text ?? '', drawn), role);
          look();
          if (!heals) continue;
          put(path, before?.text, before?.role ?? 'input');
          look();
        }
      },
    ),
    { numRuns, endOnFailure: true },
  );
});

/** The objects of a session by their names: those that were not made again are the same ones. */
function objectsOf(session: ReturnType<typeof createSession>): ReadonlyMap<string, object> {
  return new Map(
    session.conversion().outputs.map(({ resource }) => [`${resource.kind} ${resource.name}`, resource]),
  );
}

const timeouts = { alpha: 1, beta: 2, gamma: 3 };

function started(): ReturnType<typeof createSession> {
  const session = createSession(options);
  for (const [name, number] of Object.entries(timeouts))
    session.update(
      `${name}.yaml`,
      pieces.route({ kind: 'route', name, namespace: 'shop', other: '', number }),
    );
  return session;
}

const alpha = pieces.route({ kind: 'route', name: 'alpha', namespace: 'shop', other: '', number: 1 });
const delta = pieces.route({ kind: 'route', name: 'delta', namespace: 'shop', other: '', number: 4 });

/** Each update, and the routes that have to be made again for it. */
const updates: Readonly<
  Record<string, readonly [path: string, text: string | undefined, made: readonly string[]]>
> = {
  'a field changes': ['alpha.yaml', alpha.replace('1s', '11s'), ['alpha']],
  'a file comes': ['delta.yaml', delta, ['delta']],
  'a file of another namespace comes': ['delta.yaml', delta.replace('shop', 'pay'), ['delta']],
  'a file goes': ['alpha.yaml', undefined, []],
  'an object comes': ['alpha.yaml', `${alpha}---\n${delta}`, ['alpha', 'delta']],
  'a name changes': ['alpha.yaml', alpha.replaceAll('alpha', 'omega'), ['omega']],
  'the YAML breaks': ['alpha.yaml', alpha.replace('spec:', 'spec: [{'), []],
  'an object meets another': ['alpha.yaml', alpha.replaceAll('host: alpha', 'host: beta'), ['alpha', 'beta']],
};

test.each(Object.entries(updates))(
  '%s: only the lots that it touches are converted again',
  (_, [path, text, made]) => {
    const session = started();
    const before = objectsOf(session);
    session.update(path, text);
    const after = objectsOf(session);
    const again = [...after].filter(([key, resource]) => before.get(key) !== resource).map(([key]) => key);
    expect(again).toEqual(made.map(name => `HTTPRoute ${name}`));
  },
);

test('an object that concerns the whole cluster has everything converted again', () => {
  const session = started();
  const before = objectsOf(session);
  session.update('namespace.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n');
  const after = objectsOf(session);
  expect([...after.keys()]).toEqual([...before.keys()]);
  expect([...after].filter(([key, resource]) => before.get(key) === resource)).toEqual([]);
});

test('a text that breaks and heals leaves nothing behind', () => {
  const session = started();
  const before = session.conversion();
  session.update('alpha.yaml', alpha.replace('spec:', 'spec: [{'));
  const broken = session.conversion();
  expect(broken.diagnostics.map(({ code }) => code)).toContain('yaml-invalid');
  expect(broken.outputs.map(({ resource }) => resource.name)).toEqual(['beta', 'gamma']);
  session.update('alpha.yaml', alpha);
  const healed = session.conversion();
  expect(healed.diagnostics).toEqual(before.diagnostics);
  expect(healed.outputs.map(({ resource }) => resource)).toEqual(
    before.outputs.map(({ resource }) => resource),
  );
});
