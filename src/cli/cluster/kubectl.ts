import { spawn } from 'node:child_process';
import { Refusal } from '../problem.ts';
import type { World } from '../world.ts';
import type { ClusterKind } from './kinds.ts';

/** Which cluster, and which part of it. */
export interface ClusterScope {
  readonly context?: string | undefined;
  /** All of them where none is named. */
  readonly namespaces: readonly string[];
}

/** The result of reading a kind. */
export type Got =
  | { readonly result: 'read'; readonly items: readonly unknown[] }
  | { readonly result: 'not-installed' }
  | { readonly result: 'not-allowed'; readonly reason: string };

/** So many objects come in one answer; kubectl asks for the next ones until all are there. */
const PAGE = 500;

/**
 * Reads the objects of a kind by `kubectl get`, which changes nothing in the cluster.
 *
 * @param namespace undefined for all namespaces, or for a kind without namespaces
 * @throws Refusal where kubectl is missing, or cannot reach the cluster
 */
export async function get(
  { resource, names = [], isClusterWide }: ClusterKind,
  namespace: string | undefined,
  { context }: ClusterScope,
  world: World,
): Promise<Got> {
  const args = [
    'get',
    resource,
    ...names,
    ...(isClusterWide === true
      ? []
      : namespace === undefined
        ? ['--all-namespaces']
        : [`--namespace=${namespace}`]),
    ...(names.length === 0 ? [`--chunk-size=${PAGE}`] : ['--ignore-not-found']),
    '--output=json',
    // A name that begins with a dash is no flag of its own.
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
  const { stdout, stderr, status } = await run(args, world);
  if (status === 0) return { result: 'read', items: itemsIn(stdout, resource) };
  const reason = firstLine(stderr);
  if (/doesn't have a resource type|could not find the requested resource|no matches for kind/i.test(stderr))
    return { result: 'not-installed' };
  if (/\bforbidden\b/i.test(stderr)) return { result: 'not-allowed', reason };
  throw new Refusal({
    path: 'kubectl',
    message: `get ${resource} failed: ${reason || `exit code ${status}`}`,
    remedy: 'Check that `kubectl get namespaces` works, or name another cluster with --context.',
  });
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function run(args: readonly string[], { cwd, env }: World): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn('kubectl', args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => err.push(part));
    child.on('error', error => fail(notStarted(error)));
    child.on('close', status =>
      done({
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
        status,
      }),
    );
  });
}

function notStarted(error: NodeJS.ErrnoException): Refusal {
  const isMissing = error.code === 'ENOENT';
  return new Refusal({
    path: 'kubectl',
    message: isMissing ? 'is not installed, or not in PATH' : `cannot be started: ${error.message}`,
    remedy:
      'Install kubectl, or run `vs2route report --cluster --save FILE` where it is installed and pass FILE as a path.',
  });
}

/** A list, or the one object that was asked for by name; nothing where there is none of that name. */
function itemsIn(stdout: string, resource: string): readonly unknown[] {
  if (stdout.trim() === '') return [];
  try {
    const answer: unknown = JSON.parse(stdout);
    if (typeof answer === 'object' && answer !== null)
      return 'items' in answer && Array.isArray(answer.items) ? answer.items : [answer];
  } catch {
    // Said below.
  }
  throw new Refusal({
    path: 'kubectl',
    message: `get ${resource} printed no JSON`,
    remedy: 'Check that `kubectl get namespaces --output=json` prints JSON.',
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
