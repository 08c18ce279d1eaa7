import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { formatPatch, structuredPatch } from 'diff';
import { onTestFinished } from 'vitest';
import { addSuggest } from '../../src/cli/commands/suggest.ts';
import type { ExitCode } from '../../src/cli/exit-code.ts';
import { Refusal } from '../../src/cli/problem.ts';
import { convert } from '../../src/index.ts';

/** What a run left behind. */
export interface Run {
  readonly code: ExitCode | 'refused';
  readonly stdout: string;
  readonly stderr: string;
  /** How long it would have waited, in milliseconds. */
  readonly slept: readonly number[];
}

export type Files = Readonly<Record<string, string>>;

/** @returns a folder with files, which goes when the test is over */
export function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Runs `vs2route suggest` in this process, with time that passes at once. */
export async function suggest(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const out = { stdout: '', stderr: '' };
  const slept: number[] = [];
  let now = Date.parse('2026-01-01T00:00:00Z');
  let code: ExitCode | 'refused' = 0;
  const { PATH = '' } = process.env;
  const world = {
    cwd: folder,
    env: { PATH, ...env },
    stdin: (async function* () {})(),
    stdout: { write: (text: string) => (out.stdout += text) },
    stderr: { write: (text: string) => (out.stderr += text) },
    loadConvert: async () => convert,
  };
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
      slept.push(milliseconds);
    },
  };
  const program = new Command().exitOverride();
  addSuggest(program, world as never, found => (code = found), clock);
  try {
    // Most tests are of where things are said, whether the document is new or not.
    const filter = args.includes('--filter') ? [] : ['--filter', 'added'];
    await program.parseAsync(['suggest', ...args, ...filter], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    out.stderr += error.message;
    code = 'refused';
  }
  return { ...out, code, slept };
}

/** The diff between two trees, as git writes it. */
export function diffOf(before: Files, after: Files, renames: Readonly<Record<string, string>> = {}): string {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return paths
    .map(path => {
      const from = renames[path];
      if (from !== undefined) {
        const patch = structuredPatch(
          `a/${from}`,
          `b/${path}`,
          before[from] ?? '',
          after[path] ?? '',
          '',
          '',
          {
            context: 3,
          },
        );
        const head = `diff --git a/${from} b/${path}\nsimilarity index 90%\nrename from ${from}\nrename to ${path}\n`;
        return patch.hunks.length === 0
          ? head
          : `${head}${formatPatch(patch).replace(/^[\s\S]*?(?=--- )/, '')}`;
      }
      if (Object.values(renames).includes(path) || before[path] === after[path]) return '';
      const patch = structuredPatch(`a/${path}`, `b/${path}`, before[path] ?? '', after[path] ?? '', '', '', {
        context: 3,
      });
      return formatPatch({
        ...patch,
        isGit: true,
        ...(before[path] === undefined && { isCreate: true, newMode: '100644' }),
        ...(after[path] === undefined && { isDelete: true, oldMode: '100644' }),
      });
    })
    .join('');
}

/** A Service, a VirtualService that converts, and one that does not. */
export const service = (name: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    app: ${name}
  ports:
  - name: http
    port: 80
`;
export const virtualService = (name: string, path = '/api'): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts:
  - ${name}
  http:
  - match:
    - uri:
        exact: ${path}
    route:
    - destination:
        host: ${name}
  - route:
    - destination:
        host: ${name}
`;
export const faulty = (name: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts:
  - ${name}
  http:
  - fault:
      abort:
        httpStatus: 500
        percentage:
          value: 10
    route:
    - destination:
        host: ${name}
`;
