import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SourceFile } from '../../src/yaml/source.ts';
import type { KubeObject } from './api.ts';
import type { Shell } from './kubectl.ts';

/** Objects by `KIND.GROUP NAMESPACE/NAME`, the core group without a name. */
export type Objects = ReadonlyMap<string, KubeObject>;

/** The sample company before and after its conversion. */
export interface Company {
  /** Folders with the manifests. */
  readonly folders: { readonly before: string; readonly after: string };
  readonly before: Objects;
  readonly after: Objects;
  /** The plan, as `report --format markdown` prints it. */
  readonly report: string;
}

const environment = 'environments/production';

/** Converts a copy of the company by the program itself, and prints its plan. */
export async function loadCompany(root: string, folder: string, shell: Shell): Promise<Company> {
  const [before, after] = [join(folder, 'before'), join(folder, 'after')];
  cpSync(join(root, 'examples/company'), before, { recursive: true });
  cpSync(before, after, { recursive: true });
  const report = vs2route(root, before, ['report', '--format', 'markdown', '--fail-on', 'never', '.']);
  vs2route(root, after, ['convert', '--write', '--quiet', '.']);
  return {
    folders: { before, after },
    before: await builtObjects(shell, before),
    after: await builtObjects(shell, after),
    report,
  };
}

/** Runs the program; that some VirtualService stays is no failure. */
export function vs2route(root: string, cwd: string, args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [join(root, 'bin/vs2route.js'), ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    const { status, stdout } = error as { readonly status?: number; readonly stdout?: string };
    if (status !== 1) throw error;
    return stdout ?? '';
  }
}

/** @returns what a kustomization builds */
export async function builtObjects(shell: Shell, folder: string): Promise<Objects> {
  return objectsIn(await shell.must(`kubectl kustomize ${join(folder, environment)}`));
}

export function objectsIn(text: string): Objects {
  const objects = parseAllDocuments(text).map(document => document.toJS() as KubeObject | null);
  return new Map(objects.flatMap(object => (object === null ? [] : [[keyOf(object), object] as const])));
}

export function keyOf({
  apiVersion = '',
  kind = '',
  metadata: { namespace = '', name },
}: KubeObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group} ${namespace}/${name}`;
}

/** The texts of a folder, for the model. */
export function textsOf(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.yaml') && entry.name !== 'kustomization.yaml')
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(path => ({ path, text: readFileSync(path, 'utf8') }));
}
