import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from './api.ts';
import { builtObjects, type Objects, vs2route } from './company.ts';
import type { Drill } from './drill.ts';
import { Failure } from './failure.ts';
import type { Tell } from './scenarios.ts';

/** How a tool applies what a repository holds. */
interface Tool {
  readonly name: string;
  /** In this order; a group is healthy before the next one is applied. */
  readonly groups: (objects: readonly KubeObject[]) => readonly (readonly KubeObject[])[];
}

/** gitops-engine, pkg/sync/sync_tasks.go: kinds that are not listed come last, by their names. */
const kindsOfArgo = ['Namespace', 'ServiceAccount', 'Secret', 'ConfigMap', 'Service', 'Pod', 'Deployment'];

/** fluxcd/pkg/ssa, sort.go: kinds that are not listed come last, by kind and group. */
const kindsOfFlux = ['Namespace', 'ServiceAccount', 'Secret', 'ConfigMap', 'Service', 'Deployment'];

const tools: readonly Tool[] = [
  {
    name: 'Argo CD: waves, then kinds, then names',
    groups: objects => {
      const waves = [...new Set(objects.map(waveOf))].toSorted((a, b) => a - b);
      return waves.map(wave =>
        objects
          .filter(object => waveOf(object) === wave)
          .toSorted(
            (a, b) =>
              rank(kindsOfArgo, a) - rank(kindsOfArgo, b) || compare(a.metadata.name, b.metadata.name),
          ),
      );
    },
  },
  {
    name: 'Flux: kinds, then names, all at once',
    groups: objects => [
      objects.toSorted(
        (a, b) =>
          rank(kindsOfFlux, a) - rank(kindsOfFlux, b) ||
          compare(typeOf(a), typeOf(b)) ||
          compare(a.metadata.name, b.metadata.name),
      ),
    ],
  },
];

function waveOf({ metadata }: KubeObject): number {
  const annotations = (metadata['annotations'] ?? {}) as Readonly<Record<string, string>>;
  return Number(annotations['argocd.argoproj.io/sync-wave'] ?? 0);
}

function rank(kinds: readonly string[], { kind = '' }: KubeObject): number {
  const index = kinds.indexOf(kind);
  return index < 0 ? kinds.length : index;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function typeOf({ kind = '', apiVersion = '' }: KubeObject): string {
  return `${kind}.${apiVersion}`;
}

/** What is committed, one after the other; DNS points to the new Gateway behind the one that says so. */
interface Commit {
  readonly name: string;
  readonly objects: Objects;
  readonly dns?: boolean;
}

/** What the repository holds after each half of a stage, each written on top of the one before. */
type Stages = Readonly<Record<(typeof halves)[number], Objects>>;

const halves = ['1a', '1b', '2a', '2b'] as const;

async function stagesOf(drill: Drill, root: string, folder: string): Promise<Stages> {
  const built: [string, Objects][] = [];
  let last = drill.company.folders.before;
  for (const half of halves) {
    const own = join(folder, `stage-${half}`);
    cpSync(last, own, { recursive: true });
    vs2route(root, own, ['convert', '--write', '--quiet', '--stage', half, '.']);
    built.push([half, await builtObjects(drill.cluster.shell, own)]);
    last = own;
  }
  return Object.fromEntries(built) as Stages;
}

/** How the work is cut into commits. */
interface Cut {
  readonly name: string;
  readonly commits: (stages: Stages) => readonly Commit[];
  /** Whether it is known to lose requests. */
  readonly isMistake: boolean;
}

const cuts: readonly Cut[] = [
  {
    name: 'a commit for each half of a stage',
    commits: stages => [
      { name: '--stage 1a', objects: stages['1a'] },
      { name: '--stage 1b', objects: stages['1b'], dns: true },
      { name: '--stage 2a', objects: stages['2a'] },
      { name: '--stage 2b', objects: stages['2b'] },
    ],
    isMistake: false,
  },
  {
    name: 'two commits, by --stage 1 and --stage 2',
    commits: stages => [
      { name: '--stage 1', objects: stages['1b'], dns: true },
      { name: '--stage 2', objects: stages['2b'] },
    ],
    isMistake: true,
  },
];

/** The stages of `--stage`, committed in two ways, and applied as each tool would. */
export async function gitops(drill: Drill, root: string, folder: string, tell: Tell): Promise<void> {
  const stages = await stagesOf(drill, root, folder);
  for (const { name: cut, commits, isMistake } of cuts)
    for (const tool of tools) {
      const name = `${tool.name}; ${cut}`;
      drill.say(name);
      const tally = await drill.under(async () => {
        drill.step('before');
        await sleep(2000);
        let last = drill.company.before;
        for (const commit of commits(stages)) {
          drill.step(commit.name);
          await sync(drill, tool, last, commit.objects);
          last = commit.objects;
          if (commit.dns !== true) continue;
          drill.step('DNS');
          drill.pointDns('public-istio-0');
          await sleep(2000);
        }
        drill.step('after');
        await sleep(2000);
      });
      tell({ name, tally, isMistake });
      await drill.untilAllAre('after');
      await drill.reset();
    }
}

/** Applies what changes, group by group, and then deletes what is gone, last first. */
async function sync(drill: Drill, tool: Tool, from: Objects, to: Objects): Promise<void> {
  const { shell } = drill.cluster;
  const changed = [...to].flatMap(([key, object]) =>
    JSON.stringify(from.get(key)) === JSON.stringify(object) ? [] : [object],
  );
  for (const group of tool.groups(changed)) {
    if (group.length === 0) continue;
    await shell.must('kubectl apply -f -', group.map(object => JSON.stringify(object)).join('\n---\n'));
    await untilHealthy(drill, group);
  }
  const gone = [...from].flatMap(([key, object]) => (to.has(key) ? [] : [object]));
  const last = tool.groups(gone).flat().toReversed();
  if (last.length > 0)
    await shell.must('kubectl delete -f -', last.map(object => JSON.stringify(object)).join('\n---\n'));
  await sleep(700);
}

/** As Argo CD and Flux judge it: Gateways are programmed, routes accepted and their backends found. */
async function untilHealthy({ cluster: { shell } }: Drill, objects: readonly KubeObject[]): Promise<void> {
  const judged = objects.filter(
    ({ kind = '', apiVersion = '' }) =>
      apiVersion.startsWith('gateway.networking.k8s.io/') && /Route$|^Gateway$/.test(kind),
  );
  for (const { kind = '', metadata } of judged) {
    const line = `kubectl -n ${metadata.namespace ?? ''} get ${kind.toLowerCase()}s.gateway.networking.k8s.io ${metadata.name} -o json`;
    const wanted = kind === 'Gateway' ? ['Programmed'] : ['Accepted', 'ResolvedRefs'];
    const end = Date.now() + 60_000;
    for (;;) {
      const { stdout } = await shell.run(line);
      const { status = {} } = JSON.parse(stdout || '{}') as { readonly status?: Status };
      const sets =
        kind === 'Gateway'
          ? [status.conditions ?? []]
          : (status.parents ?? []).map(parent => parent.conditions);
      const isHealthy =
        sets.length > 0 &&
        sets.every(conditions =>
          wanted.every(type => conditions.some(one => one.type === type && one.status === 'True')),
        );
      if (isHealthy) break;
      if (Date.now() > end)
        throw new Failure('drill-failed', `${kind} ${metadata.name} is not healthy: ${stdout}`);
      await sleep(300);
    }
  }
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Status {
  readonly conditions?: readonly Condition[];
  readonly parents?: readonly { readonly conditions: readonly Condition[] }[];
}
