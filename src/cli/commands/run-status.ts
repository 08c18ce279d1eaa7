import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { visible } from '../../print/visible.ts';
import type { SourceFile } from '../../yaml/source.ts';
import { clusterOf } from '../cluster/flags.ts';
import { type LiveObject, liveObject, rolloutStatus, type StepStatus } from '../cluster/rollout-status.ts';
import type { ExitCode } from '../exit-code.ts';
import { colorFlag } from '../flags/flags.ts';
import { explainError, Refusal } from '../problem.ts';
import { paletteFor, type World } from '../world.ts';
import type { StatusFlags } from './status.ts';

/** Asks a cluster, or its snapshot, how far it is. */
export async function runStatus(
  snapshots: readonly string[],
  flags: StatusFlags,
  world: World,
): Promise<ExitCode> {
  const files =
    snapshots.length > 0
      ? snapshots.map(path => readSnapshot(path, world))
      : (await clusterOf(flags, world, 'status')).files;
  const objects = files.flatMap(objectsIn);
  const steps = rolloutStatus(objects);
  const next = steps.find(({ open }) => open.length > 0);
  const hasRoutes = steps.some(({ step, total }) => step === 'routes' && total > 0);
  if (flags.format === 'json')
    world.stdout.write(`${JSON.stringify({ version: 1, steps, next: next?.step ?? null }, null, 2)}\n`);
  else {
    const { strong, good, warning } = paletteFor(world.stdout, colorFlag(flags), world.env);
    for (const { step, total, open } of steps) {
      const paint = open.length === 0 ? good : warning;
      world.stdout.write(`${paint(headOf(step, total, open.length))}\n`);
      for (const { object, message } of open) world.stdout.write(`  ${visible(`${object}: ${message}`)}\n`);
    }
    world.stdout.write(`\n${strong(hasRoutes ? nextOf(next) : noRoutes)}\n`);
  }
  return next === undefined && hasRoutes ? 0 : 1;
}

const noRoutes = 'Next: apply the routes. No route was found.';

function headOf(step: StepStatus['step'], total: number, open: number): string {
  const done = `${total - open} of ${total}`;
  switch (step) {
    case 'services':
      return `Services of routes with ready endpoints: ${done}`;
    case 'gateways':
      return `Gateways that are programmed: ${done}`;
    case 'routes':
      return open > total
        ? `Routes: ${total}, parents that did not accept: ${open}`
        : `Routes that are accepted: ${done}`;
    case 'virtual-services':
      return `VirtualServices that have the host of a route: ${open}`;
  }
}

function nextOf(next: StepStatus | undefined): string {
  switch (next?.step) {
    case 'services':
      return 'Next: apply the Services that routes refer to, and wait until they have ready endpoints.';
    case 'gateways':
      return 'Next: wait until the Gateways are programmed, or correct what their conditions name.';
    case 'routes':
      return 'Next: correct what the conditions of the routes name. Delete no VirtualService before that.';
    case 'virtual-services':
      return 'Next: delete these VirtualServices one after the other, in the order of the cut-over plan.';
    case undefined:
      return 'Every step is done. Apply or delete the DestinationRules that the conversion changed.';
  }
}

function readSnapshot(path: string, { cwd }: World): SourceFile {
  try {
    return { path, text: readFileSync(resolve(cwd, path), 'utf8') };
  } catch (error) {
    throw new Refusal({
      path,
      message: `cannot be read: ${explainError(error)}`,
      remedy: 'Pass a file that `vs2route status --save FILE` wrote.',
    });
  }
}

function objectsIn({ path, text }: SourceFile): readonly LiveObject[] {
  const documents = parseAllDocuments(text);
  return (Array.isArray(documents) ? documents : []).flatMap(document => {
    const [error] = document.errors;
    if (error !== undefined)
      throw new Refusal({
        path,
        message: `is not YAML: ${error.message.split('\n')[0] ?? ''}`,
        remedy: 'Pass a file that `vs2route status --save FILE` wrote.',
      });
    return liveObject(document.toJS()) ?? [];
  });
}
