import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** A folder in which the package is installed. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-library-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/vs2route'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return folder;
}

const before = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: visits
  namespace: castle
spec:
  hosts: [gate]
  http:
  - match:
    - uri: { exact: /keys }
    route:
    - destination: { host: throne }
  - route:
    - destination: { host: gate }
`;

const services = ['gate', 'throne']
  .map(
    name => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: castle }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 4040 }] }
`,
  )
  .join('---\n');

const program = `import { applyEdits, convert, defaultOptions, printResources, trace, verify } from 'vs2route';

const file = { path: 'visits.yaml', text: ${JSON.stringify(before)} };
const facts = [{ path: 'services.yaml', text: ${JSON.stringify(services)} }];
const conversion = convert([file], facts, defaultOptions);
const after = { ...file, text: applyEdits(conversion).get(file.path) ?? '' };
const request = { scheme: 'http', host: 'gate', port: 4040, method: 'GET', path: '/keys', headers: {}, queryParams: {} } as const;
console.log(JSON.stringify({
  statuses: conversion.resources.map(({ status }) => status),
  isPrinted: after.text === printResources(conversion.outputs.map(({ resource }) => resource)),
  same: verify([file], [after], facts).same,
  differs: verify([file], [{ ...file, text: '' }], facts).causes.map(({ summary }) => summary),
  taken: trace([file], request, facts).views.map(({ before: old, after: now }) => [old.rule?.path, now.rule?.path]),
}));
`;

test('the package is used by its name: functions over texts', () => {
  const folder = installed();
  writeFileSync(join(folder, 'program.js'), program.replace(' as const;', ';'));
  const printed = execFileSync(process.execPath, ['program.js'], { cwd: folder, encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual({
    statuses: ['converted'],
    isPrinted: true,
    same: true,
    differs: ['these requests go somewhere else'],
    taken: Array.from({ length: 2 }, () => ['spec.http[0].match[0]', 'spec.rules[0].matches[0]']),
  });
});

test('its types are those that it says', () => {
  const folder = installed();
  writeFileSync(
    join(folder, 'program.ts'),
    `${program}\nconst status: 'converted' = conversion.resources[0]!.status;\n`,
  );
  const compile = () =>
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        ...['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,dom'],
        ...[
          '--typeRoots',
          join(root, 'node_modules/@types'),
          '--types',
          'node',
          '--skipLibCheck',
          'program.ts',
        ],
      ],
      { cwd: folder, encoding: 'utf8', stdio: 'pipe' },
    );
  // One line is wrong on purpose, so that types that are simply missing would show.
  expect(compile).toThrow();
  let said = '';
  try {
    compile();
  } catch (error) {
    said = String((error as { readonly stdout: unknown }).stdout);
  }
  expect(said.match(/error TS\d+/g)).toEqual(['error TS2322']);
  expect(said).toContain("'Status' is not assignable to type '\"converted\"'");
});

test('everything that it exports by name is there', async () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: { readonly '.': Readonly<Record<string, string>> };
  };
  const library = (await import(join(root, exports['.']['default'] ?? ''))) as Readonly<
    Record<string, unknown>
  >;
  expect(Object.keys(library).sort()).toEqual([
    'ArgumentError',
    'applyEdits',
    'convert',
    'createSession',
    'defaultOptions',
    'printResources',
    'trace',
    'verify',
  ]);
});
