import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AnyResource } from '../../src/2-decode/resource.ts';
import { convert } from '../../src/convert.ts';
import { implementations } from '../../src/implementations/deviations.ts';
import { type CaseFolder, caseFolders } from '../case-folders.ts';
import { randomFrom } from '../conformance/random.ts';
import { exitStatuses, Failure, failureOf } from '../drill/failure.ts';
import { build, digestOf, needsRoom, requiredVersion, versionOf } from '../drill/programs.ts';
import { readArguments } from './arguments.ts';
import type { Translator } from './implementations.ts';
import { type Answer, type Judgement, judge } from './judge.ts';
import { madeUpCases } from './made-up.ts';
import { areTaken, ofOneListener, type Route, type Sample, sampleOf, sendsToServices } from './sample.ts';

const root = process.cwd();
const say = (line: string) => process.stdout.write(`${line}\n`);

/** What one build leaves in Go's caches and in ours, in bytes. */
const roomToBuild = 3_000_000_000;

/** A case that was converted for a profile. */
interface Input {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly sample: Sample;
}

/** @returns the exit status */
function main(): number {
  const { only, profile: chosen, filter, random, madeUp } = readArguments(process.argv.slice(2));
  const cases = caseFolders(join(root, 'testdata/cases')).filter(({ name }) => name.includes(filter));
  let faults = 0;
  for (const translator of only) {
    const program = prepare(translator);
    const { title } = implementations[translator.name];
    const all = { istio: 'istio', portable: 'portable', own: translator.name } as const;
    for (const profile of chosen === undefined ? Object.values(all) : [all[chosen]]) {
      const inputs = [...cases, ...madeUpCases(madeUp)].flatMap(one => inputOf(one, profile, translator));
      const answers = translate(program, inputs);
      const numbers = randomFrom(1);
      const explained = new Map<string, number>();
      let [requests, faulty] = [0, 0];
      for (const [index, { name, routes, sample }] of inputs.entries()) {
        const answer = answers[index];
        if (answer?.id !== name) throw new Error(`no answer for ${name}`);
        const judged = judgeOrSay(name, () =>
          judge(routes, sample, answer, translator, profile, { count: random, numbers }),
        );
        requests += judged.requests;
        for (const [id, count] of judged.explained) explained.set(id, (explained.get(id) ?? 0) + count);
        if (judged.faults.length === 0) continue;
        faulty += 1;
        say(`  ${title}, --profile ${profile}, ${name}:`);
        for (const fault of judged.faults.slice(0, 3)) say(`    ${fault}`);
      }
      faults += faulty;
      const known = [...explained].map(([id, count]) => `${id} ${count}`).join(', ');
      say(
        `${title}, --profile ${profile}: ${inputs.length} cases, ${requests} requests; known deviations: ${known || 'none met'}; ${faulty} cases differ otherwise`,
      );
    }
  }
  return faults === 0 ? 0 : exitStatuses['neighbour-failed'];
}

/** A table with something that nobody evaluates is no reason to stop. */
function judgeOrSay(name: string, judged: () => Judgement): Judgement {
  try {
    return judged();
  } catch (error) {
    return { requests: 0, explained: new Map(), faults: [`${name}: ${(error as Error).message}`] };
  }
}

function prepare({ name, module }: Translator): string {
  const go = versionOf('go', ['version'], 'Go');
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vs2route-implementations');
  mkdirSync(cache, { recursive: true });
  const folder = join(root, 'test/implementations', name);
  const files = readdirSync(folder).filter(file => /^go\.(mod|sum)$|\.go$/.test(file));
  const version = requiredVersion(folder, module);
  if (version !== `v${implementations[name].version}`)
    throw new Failure(
      'usage',
      `the table of deviations is of ${name} ${implementations[name].version}, go.mod of ${version}`,
    );
  const path = join(cache, `${name}-${version}-${digestOf(folder, go, files.sort())}`);
  if (existsSync(path)) return path;
  needsRoom(cache, roomToBuild);
  say(`building ${name} ${version}`);
  build(folder, '.', path);
  return path;
}

function inputOf(
  { name, input, facts, options }: CaseFolder,
  profile: 'istio' | 'portable' | Translator['name'],
  { controller }: Translator,
): readonly Input[] {
  const { outputs } = convert([input], facts, { ...options, profile });
  const routes = ofOneListener(outputs.flatMap(({ resource }) => (isRoute(resource) ? [resource] : [])));
  if (routes.length === 0 || !routes.every(sendsToServices) || !areTaken(routes)) return [];
  return [{ name, routes, sample: sampleOf(routes, controller) }];
}

function isRoute(resource: AnyResource): resource is Route {
  return resource.type === 'gateway.HTTPRoute' || resource.type === 'gateway.GRPCRoute';
}

function translate(program: string, inputs: readonly Input[]): readonly Answer[] {
  const input = inputs
    .map(({ name, sample }) => JSON.stringify({ id: name, objects: sample.objects }))
    .join('\n');
  const { status, stdout, stderr } = spawnSync(program, [], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Failure('neighbour-failed', `${program}: ${stderr.trim().slice(-2000)}`);
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Answer);
}

try {
  process.exitCode = main();
} catch (error) {
  const { reason, message } = failureOf(error);
  say(reason === 'skipped' ? `SKIPPED: ${message}` : message);
  process.exitCode = exitStatuses[reason];
}
