import { resolve } from 'node:path';
import type { Command } from 'commander';
import { visible } from '../../print/visible.ts';
import { replaceFile } from '../files/write.ts';
import { collectValues } from '../flags/values.ts';
import { explainError, Refusal } from '../problem.ts';
import type { World } from '../world.ts';
import { type ClusterRead, type Purpose, readCluster, snapshotOf } from './read.ts';

/** The flags that name a cluster, as commander hands them over. */
export interface ClusterFlags {
  readonly cluster?: boolean;
  readonly withCluster?: boolean;
  readonly context?: string;
  readonly namespaceInCluster?: readonly string[];
  readonly allNamespaces?: boolean;
  readonly save?: string;
  readonly quiet?: boolean;
}

/**
 * Adds the flags of a cluster to a command.
 *
 * @param flag `--cluster` where the cluster is the input, `--with-cluster` where it is read for reference
 */
export function addClusterFlags(
  command: Command,
  flag: '--cluster' | '--with-cluster',
  said: string,
): Command {
  return command
    .optionsGroup('The running cluster, read by kubectl get:')
    .option(flag, said)
    .option('--context <name>', 'the context of kubectl (default: the current one)')
    .option(
      '-n, --namespace-in-cluster <name>',
      'read only this namespace of the cluster, as kubectl get -n does (repeatable; default: all)',
      collectValues,
    )
    .option('-A, --all-namespaces', 'all namespaces')
    .option('--save <file>', 'keep what was read, to be passed as a path later');
}

/** Whether a flag asks for the cluster: one that names a part of it does, too. */
export function asksForCluster({
  cluster,
  context,
  namespaceInCluster,
  allNamespaces,
}: ClusterFlags): boolean {
  return (
    cluster === true || context !== undefined || namespaceInCluster !== undefined || allNamespaces === true
  );
}

/** Flags of a cluster for a command that reads it for reference. */
export function forReference<Flags extends ClusterFlags>(flags: Flags): Flags {
  return asksForCluster(flags) ? { ...flags, withCluster: true } : flags;
}

/** @throws Refusal where paths are given beside a cluster */
export function refusePaths(paths: readonly string[]): void {
  const [path] = paths;
  if (path === undefined) return;
  throw new Refusal({
    path,
    message: 'the cluster is the input, so no path can be read beside it',
    remedy: 'Leave the path out, or leave out --cluster and the flags that name a part of the cluster.',
  });
}

/**
 * Reads the cluster that flags name, tells what was read, and keeps it where `--save` says so.
 *
 * @throws Refusal
 */
export async function clusterOf(flags: ClusterFlags, world: World, purpose?: Purpose): Promise<ClusterRead> {
  const namespaces = flags.allNamespaces === true ? [] : (flags.namespaceInCluster ?? []);
  const read = await readCluster({ context: flags.context, namespaces }, world, purpose);
  if (flags.quiet !== true) for (const line of read.told) world.stderr.write(`${visible(line)}\n`);
  if (flags.save !== undefined) save(read, flags.save, world);
  return read;
}

function save(read: ClusterRead, path: string, world: World): void {
  try {
    replaceFile(resolve(world.cwd, path), snapshotOf(read));
  } catch (error) {
    throw new Refusal({
      path,
      message: `cannot be written: ${explainError(error)}`,
      remedy: 'Name a file in a folder that exists and may be written to.',
    });
  }
}
