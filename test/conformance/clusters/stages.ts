import { applyEdits } from '../../../src/6-emit/apply-edits.ts';
import { convert } from '../../../src/convert.ts';
import type { Stage } from '../../../src/options.ts';
import type { Judge } from '../judge.ts';
import { convertScenario, type Scenario } from '../scenario.ts';
import type { ConvertedCluster } from './conversion.ts';
import { clusterFrom } from './from-files.ts';
import { judgeCluster, type Moment } from './judge-cluster.ts';
import { fileOf, keyOf, readManifests, type State, type WholeCluster, withAgeOf } from './whole-cluster.ts';

/** The last of these leaves what the whole conversion leaves. */
const stages = ['1a', '1b', '2a', '2b'] as const satisfies readonly Stage[];

/** How many clusters are open at a time, so that neither side waits for the other. */
const inFlight = 8;

/**
 * Applies the objects of each stage of cases, and holds what istiod makes of them to what it made of the case before and
 * will make of it afterwards.
 *
 * @param step one case in so many is looked at
 * @returns how many cases fail
 */
export async function runStages(
  scenarios: readonly Scenario[],
  step: number,
  judge: Judge,
  say: (line: string) => void,
): Promise<number> {
  const count = { cases: 0, states: 0, proxies: 0, refused: 0, failing: 0 };
  const runOne = async (cluster: WholeCluster): Promise<void> => {
    const { failures, refused, steps, proxies } = await judgeCluster(cluster, judge, { moments: momentsOf });
    // Before and after are compared with the case itself, which knows what it declares.
    const own = failures.filter(({ sign }) => sign.startsWith('step'));
    count.cases += 1;
    count.states += steps;
    count.proxies += proxies;
    if (refused > 0) count.refused += 1;
    if (own.length === 0) return;
    count.failing += 1;
    for (const { text } of own.slice(0, 3)) say(`${cluster.name}: ${text}`);
  };
  const open = new Set<Promise<void>>();
  let found = 0;
  for (const scenario of scenarios) {
    const cluster = clusterOfCase(scenario);
    if (cluster === undefined) continue;
    found += 1;
    if (found % step !== 0) continue;
    const work = runOne(cluster)
      .catch((error: unknown) => {
        count.failing += 1;
        say(`${cluster.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      })
      .finally(() => open.delete(work));
    open.add(work);
    if (open.size >= inFlight) await Promise.race(open);
  }
  await Promise.all(open);
  say(
    `stages: ${count.cases} of ${found} cases, ${count.proxies} proxies, ${count.states} states between; ${count.refused} left out, with objects that are refused; ${count.failing} fail`,
  );
  return count.failing;
}

/**
 * A case as a cluster: its objects, and those that it names and does not hold. What a case only shows is in the same cluster,
 * and is converted with it.
 *
 * @returns undefined for one whose stages are no states of a cluster: where some object is written down twice, where
 * VirtualServices stay, or where nothing comes but routes and nothing goes but VirtualServices
 */
function clusterOfCase(scenario: Scenario): WholeCluster | undefined {
  const { options, name } = scenario;
  if (options.keepVirtualServices || options.stage !== 'all') return undefined;
  const { before, conversion, ambiguous } = convertScenario(scenario);
  const others = conversion.outputs.filter(({ resource: { kind } }) => !kind.endsWith('Route'));
  const isSeveral = others.length + conversion.removed.size > 1;
  if (ambiguous || conversion.edits.length === 0 || !isSeveral) return undefined;
  const manifests = before.members.map(({ manifest }) => manifest);
  return { ...clusterFrom(name, manifests), options };
}

/** The cluster after each stage but the last. */
function momentsOf({ cluster, before, after }: ConvertedCluster): readonly Moment[] {
  const moments: Moment[] = [];
  let file = fileOf(cluster);
  for (const [index, stage] of stages.entries()) {
    const { edits } = convert([file], [], { ...cluster.options, stage });
    file = { ...file, text: applyEdits(file, edits).text ?? '' };
    moments.push({
      what: `step ${index + 1} of ${stages.length}, stage ${stage}`,
      state: stateAt(readManifests(file), before, after),
      isComplete: stage !== '1a',
    });
  }
  const last = moments.at(-1);
  if (last === undefined || keysOf(last.state) !== keysOf(after))
    throw new Error('the stages leave other objects than the conversion');
  return moments.slice(0, -1);
}

/** Objects that are there keep their age; those that come are as old as the conversion has them. */
function stateAt(manifests: ReturnType<typeof readManifests>, before: State, after: State): State {
  return new Map(
    manifests.map(manifest => {
      const key = keyOf(manifest);
      return [key, withAgeOf(manifest, before.get(key) ?? after.get(key))];
    }),
  );
}

function keysOf(state: State): string {
  return [...state]
    .map(([key, { spec }]) => `${key} ${JSON.stringify(spec)}`)
    .toSorted()
    .join('\n');
}
