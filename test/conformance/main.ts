import { join } from 'node:path';
import { caseFolders } from '../case-folders.ts';
import { checkAdmission } from './admission/check.ts';
import { readArguments } from './arguments.ts';
import { clustersIn } from './clusters/from-files.ts';
import { runClusters } from './clusters/run-clusters.ts';
import { runStages } from './clusters/stages.ts';
import type { WholeCluster } from './clusters/whole-cluster.ts';
import { corpusFolder, corpusScenarios } from './corpus.ts';
import { generateCluster } from './generate/clusters/cluster.ts';
import { generateScenario } from './generate/scenario.ts';
import { Judge } from './judge.ts';
import { judgeBinary } from './judge-binary.ts';
import { withKnownNames } from './placeholders.ts';
import { checkOnEnvoy } from './real-envoy/check.ts';
import { findEnvoy } from './real-envoy/envoy-process.ts';
import { type Sample, Samples } from './real-envoy/sample.ts';
import { recordedFolder } from './record.ts';
import { Recorder } from './recorder.ts';
import { runAll } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Tally } from './tally.ts';

const root = process.cwd();
const work = join(root, 'test/conformance/dist');
const say = (line: string) => process.stdout.write(`${line}\n`);

/** @returns the exit status: 0 also when there is no Go to run istiod with */
async function main(): Promise<number> {
  const {
    count,
    seed,
    clusters: whole,
    objects,
    only,
    stagesStep,
    filter,
    input,
    shrink,
    strict,
    record,
  } = readArguments(process.argv.slice(2));
  const binary = judgeBinary(root, join(work, 'judge'), say);
  if (binary.kind === 'no-go') {
    say('SKIPPED: there is no Go here to run istiod with; see test/istiod/README.md');
    return strict ? 1 : 0;
  }
  if (binary.kind === 'failed') {
    say(`test/istiod does not build:\n${binary.reason}`);
    return 1;
  }
  const judge = new Judge(binary.path);
  const { istio, gatewayApi } = await judge.versions();
  say(`istiod ${istio}; Gateway API ${Object.values(gatewayApi).join(', ')}`);
  const around = { judge, effort: { witnesses: 600, random: 40, seed }, dossiers: join(work, 'faults'), say };
  const tallies: Tally[] = [];
  const samples = { cases: new Samples(300), generated: new Samples(300) };
  const refusals = only.includes('admission') ? await checkAdmission(root, judge, { ...objects, say }) : [];
  if (only.includes('cases')) {
    const recorder = new Recorder(join(root, recordedFolder), record);
    tallies.push(
      await runAll('cases', cases(filter), {
        ...around,
        also: (converted, examination) => {
          samples.cases.add(converted.scenario.name, examination);
          return recorder.look(converted, examination);
        },
      }),
    );
    if (filter === '') recorder.finish({ istio, gatewayApi });
  }
  if (only.includes('generated')) {
    say(`generated scenarios: --seed ${seed} --count ${count}`);
    tallies.push(
      await runAll('generated', generated(seed, count), {
        ...around,
        also: ({ scenario }, examination) => {
          samples.generated.add(scenario.name, examination);
          return [];
        },
      }),
    );
  }
  if (only.includes('corpus')) {
    const folder = corpusFolder(root);
    if (folder === undefined) say('corpus: SKIPPED, it is not here');
    else tallies.push(await runAll('corpus', corpusScenarios(folder, filter), around));
  }
  let failing = only.includes('stages') ? await runStages(cases(filter), stagesStep, judge, say) : 0;
  if (only.includes('clusters')) {
    if (input === '') say(`whole clusters: --only clusters --seed ${whole.seed} --count ${whole.count}`);
    failing += await runClusters(input === '' ? clusters(whole.seed, whole.count) : clustersIn(input), {
      judge,
      faults: join(around.dossiers, 'clusters'),
      kinds: shrink,
      say,
    });
  }
  judge.close();
  const spot = only.includes('envoy') ? await spotCheck([...samples.cases.all, ...samples.generated.all]) : 0;
  return spot > 0 || failing > 0 || refusals.length > 0 || tallies.some(({ faults }) => faults.length > 0)
    ? 1
    : 0;
}

/** @returns how many requests a real Envoy treats otherwise */
async function spotCheck(samples: readonly Sample[]): Promise<number> {
  const envoy = findEnvoy(process.env);
  if (envoy === undefined) {
    say('envoy: SKIPPED, there is none here; see test/conformance/README.md');
    return 0;
  }
  const { tables, requests, faults } = await checkOnEnvoy(envoy.path, samples);
  say(`envoy ${envoy.version}: ${tables} tables, ${requests} requests; ${faults.length} faults`);
  for (const fault of faults.slice(0, 20)) say(`  ${fault}`);
  return faults.length;
}

function cases(filter: string): readonly Scenario[] {
  return caseFolders(join(root, 'testdata/cases'))
    .filter(({ name }) => filter.split(',').some(part => name.includes(part)))
    .map(({ name, input, facts, options }) => ({
      name,
      files: [input].map(withKnownNames),
      facts: facts.map(withKnownNames),
      options,
    }));
}

function* generated(seed: number, count: number): Generator<Scenario> {
  for (let index = 0; index < count; index += 1) yield generateScenario(seed + index);
}

function* clusters(seed: number, count: number): Generator<WholeCluster> {
  for (let index = 0; index < count; index += 1) yield generateCluster(seed + index);
}

process.exitCode = await main();
