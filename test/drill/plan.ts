import { setTimeout as sleep } from 'node:timers/promises';
import type { Company, Objects } from './company.ts';
import { Failure } from './failure.ts';
import type { Printed, Shell } from './kubectl.ts';

/** One step of the printed plan. */
export interface PlanStep {
  readonly number: number;
  readonly title: string;
  readonly lines: readonly string[];
}

/** What one line of a step does to the cluster. */
export interface Action {
  readonly text: string;
  readonly run: () => Promise<void>;
}

/** Reads the steps from the report, as a person would. */
export function stepsIn(report: string): readonly PlanStep[] {
  const found = [...report.matchAll(/^(\d+)\. (.*):\n\n```sh\n([\s\S]*?)```/gm)];
  return found.map(([, number, title = '', block = '']) => ({
    number: Number(number),
    title,
    lines: block.split('\n').filter(line => line !== ''),
  }));
}

export function isWayBack({ title }: PlanStep): boolean {
  return title.startsWith('The way back');
}

/** How long the routes may take until each parent has accepted them. */
const patience = 60_000;

/**
 * What a person does at a step: comments that name an object are applied or deleted, as are the objects that a wait or a look at
 * the status names; every command is run as it is printed.
 */
export function actionsOf(step: PlanStep, company: Company, shell: Shell): readonly Action[] {
  const target = isWayBack(step) ? company.before : company.after;
  return step.lines.flatMap((line): readonly Action[] => {
    const comment = /^# (\w+) ([^/\s]*)\/(\S+)$/.exec(line);
    if (comment !== null) {
      const [, kind = '', namespace = '', name = ''] = comment;
      return [{ text: line, run: () => applyOrDelete(shell, target, company.before, kind, namespace, name) }];
    }
    if (line.startsWith('#')) return [];
    const waiting = /^kubectl -n (\S+) wait .*? (\S+\/.*)$/.exec(line);
    if (waiting !== null) {
      const [, namespace = '', names = ''] = waiting;
      const gateways = names.split(' ').map(name => name.split('/')[1] ?? '');
      return [
        ...gateways.map(name => ({
          text: `# Gateway ${namespace}/${name}`,
          run: () =>
            applyOrDelete(
              shell,
              target,
              company.before,
              'Gateway',
              namespace,
              name,
              'gateway.networking.k8s.io',
            ),
        })),
        { text: line, run: () => succeed(shell, line) },
      ];
    }
    const looking = /^kubectl -n (\S+) get (\w+)s\.gateway\.networking\.k8s\.io (\S+) -o jsonpath=/.exec(
      line,
    );
    if (looking !== null) {
      const [, namespace = '', plural = '', name = ''] = looking;
      const kind =
        [...target.keys()]
          .map(key => key.split('.')[0] ?? '')
          .find(known => known.toLowerCase() === plural) ?? '';
      return [
        {
          text: `# ${kind} ${namespace}/${name}`,
          run: () => applyOrDelete(shell, target, company.before, kind, namespace, name),
        },
        { text: line, run: () => untilAccepted(shell, line) },
      ];
    }
    return [{ text: line, run: () => (/ get /.test(line) ? look(shell, line) : succeed(shell, line)) }];
  });
}

async function applyOrDelete(
  shell: Shell,
  target: Objects,
  before: Objects,
  kind: string,
  namespace: string,
  name: string,
  group?: string,
): Promise<void> {
  const isMeant = (key: string) => {
    const [type = '', path] = key.split(' ');
    const [own, ...groups] = type.split('.');
    return (
      path === `${namespace}/${name}` && own === kind && (group === undefined || groups.join('.') === group)
    );
  };
  const wanted = [...target].find(([key]) => isMeant(key))?.[1];
  if (wanted !== undefined) {
    await shell.must('kubectl apply -f -', JSON.stringify(wanted));
    return;
  }
  const gone = [...before].find(([key]) => isMeant(key));
  if (gone === undefined)
    throw new Failure('drill-failed', `the plan names ${kind} ${namespace}/${name}, and no file has it`);
  await shell.must(`kubectl -n ${namespace} delete --ignore-not-found ${gone[0].split(' ')[0]} ${name}`);
}

async function succeed(shell: Shell, line: string): Promise<void> {
  const { status, stderr } = await shell.run(line);
  // Somebody who repeats a step is told so, and goes on.
  if (status !== 0 && !/NotFound/.test(stderr)) throw new Failure('drill-failed', `${line}\n${stderr}`);
}

/** Commands that only read end with 1 where grep finds nothing. */
async function look(shell: Shell, line: string): Promise<void> {
  await shell.run(line);
}

/** Asks again until each parent says that it accepted the route and found its backends. */
async function untilAccepted(shell: Shell, line: string): Promise<void> {
  let last: Printed = { status: 1, stdout: '', stderr: '' };
  for (const end = Date.now() + patience; Date.now() < end; await sleep(500)) {
    last = await shell.run(line);
    const parents = last.stdout.split('\n').filter(parent => parent !== '');
    if (
      parents.length > 0 &&
      parents.every(parent => /Accepted=True/.test(parent) && /ResolvedRefs=True/.test(parent))
    )
      return;
  }
  throw new Failure('drill-failed', `no parent accepts it: ${line}\n${last.stdout}${last.stderr}`);
}
