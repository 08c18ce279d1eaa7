import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const fake = fileURLToPath(new URL('fake-vs2route.mjs', import.meta.url));
const real = fileURLToPath(new URL('../../bin/vs2route.js', import.meta.url));

/** What a run of the program left behind. */
export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Record<string, string>;
  /** A folder of the place to run in. */
  readonly folder?: string;
  /** A module that is loaded before the program. */
  readonly preload?: string;
  /** As somebody who may not read everything, also when the tests run as root. */
  readonly unprivileged?: boolean;
}

/** A folder with files, in which the program can be run; it goes when the test is over. */
export interface Place {
  readonly path: string;
  /** The program with the predictable conversion. */
  run(args: readonly string[], more?: RunOptions): Result;
  /** The program as it is installed. */
  runReal(args: readonly string[], more?: string | RunOptions): Result;
  /** A shell command; `$VS2ROUTE` in it runs the program with the predictable conversion. */
  shell(command: string): Result;
  /** Every file below a folder with its text. */
  tree(folder?: string): Readonly<Record<string, string>>;
}

/** @param files texts by path */
export function placeWith(files: Readonly<Record<string, string>>): Place {
  const path = mkdtempSync(join(tmpdir(), 'vs2route-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  const spawn = (script: string, args: readonly string[], options: RunOptions): Result => {
    const { input = '', env = {}, unprivileged = false, folder = '.', preload } = options;
    const { PATH = '' } = process.env;
    if (unprivileged && process.getuid?.() === 0) chmodSync(path, 0o777);
    const nobody = unprivileged && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const first = preload === undefined ? [] : ['--import', preload];
    const { stdout, stderr, status } = spawnSync(process.execPath, [...first, script, ...args], {
      cwd: join(path, folder),
      input,
      env: { PATH, ...env },
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      ...nobody,
    });
    return { stdout, stderr, code: status };
  };
  return {
    path,
    run: (args, options = {}) => spawn(fake, args, options),
    runReal: (args, more = {}) => spawn(real, args, typeof more === 'string' ? { input: more } : more),
    shell: command => {
      const { PATH = '' } = process.env;
      const env = { PATH, VS2ROUTE: `${process.execPath} ${fake}` };
      const { stdout, stderr, status } = spawnSync('sh', ['-c', command], {
        cwd: path,
        env,
        encoding: 'utf8',
      });
      return { stdout, stderr, code: status };
    },
    tree: (folder = '.') => treeOf(join(path, folder)),
  };
}

function treeOf(folder: string, prefix = ''): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(
    entries.flatMap(entry => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return Object.entries(treeOf(path, `${prefix}${entry.name}/`));
      if (entry.isSymbolicLink() && statSync(path).isDirectory()) return [];
      return [[prefix + entry.name, readFileSync(path, 'utf8')]];
    }),
  );
}

export const virtualService = (name: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts: [${name}]
`;
export const destinationRule = (name: string): string => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
`;
export const converted = (name: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${name}
spec:
  rules:
  - backendRefs:
    - name: ${name}
      port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}-v1
spec:
  ports:
  - port: 80
`;
export const configMap = 'apiVersion: v1\nkind: ConfigMap\ndata: {a: "b"}   # odd\n';
