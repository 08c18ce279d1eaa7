import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from './api.ts';
import type { Objects } from './company.ts';
import { carryOut, planOf } from './cut-over.ts';
import type { Drill } from './drill.ts';
import { Failure } from './failure.ts';

/** What the program says of the drill's cluster, as it is kept beside this file. */
const expectedFile = 'test/drill/expected/cluster-commands.txt';

/**
 * Asks the running cluster by the commands that read one, before the cut-over, while somebody has changed an object by hand,
 * and afterwards. What they print has to be what is expected.
 *
 * @param update writes what is expected anew
 */
export async function clusterCommands(
  drill: Drill,
  root: string,
  folder: string,
  update: boolean,
): Promise<void> {
  const { shell } = drill.cluster;
  const { company } = drill;
  const printed: string[] = [];
  const program = join(root, 'bin/vs2route.js');
  const ask = async (title: string, args: string): Promise<void> => {
    drill.say(`${title}: vs2route ${args}`);
    const { status, stdout, stderr } = await shell.run(`${process.execPath} ${program} ${args}`);
    const text = `${stdout}${stderr}`
      .replaceAll(folder, 'FOLDER')
      .replace(/[ \t]+$/gm, '')
      .trimEnd();
    printed.push(`# ${title}\n$ vs2route ${args.replaceAll(folder, 'FOLDER')}\n${text}\nexit ${status}\n`);
    drill.say(text);
  };
  const [before, after] = ['before', 'after'].map(name => join(folder, `built-${name}.yaml`));
  writeFileSync(before ?? '', textOf(company.before));
  writeFileSync(after ?? '', textOf(company.after));
  await ask('before', 'report --cluster --fail-on never --quiet');
  await ask('before', 'status');
  await ask('before, the manifests that were applied', `verify --cluster ${before}`);
  const timeout = { spec: { http: [{ route: [{ destination: { host: 'notify' } }], timeout: '9s' }] } };
  const [drifting] = [...company.before.values()].filter(({ kind }) => kind === 'VirtualService');
  if (drifting === undefined) throw new Failure('drill-failed', 'the company has no VirtualService');
  const { name, namespace = '' } = drifting.metadata;
  await shell.must(
    `kubectl -n ${namespace} patch virtualservices.networking.istio.io ${name} --type merge -p '${JSON.stringify(timeout)}'`,
  );
  await ask('drift: somebody changed a VirtualService by hand', `verify --cluster ${before}`);
  await shell.must('kubectl apply -f -', JSON.stringify(drifting));
  await carryOut(drill, planOf(drill).there);
  await ask('after the plan', 'status');
  await ask('after the plan, the manifests of the conversion', `verify --cluster ${after}`);
  await drill.reset();
  compare(join(root, expectedFile), printed.join('\n'), update);
}

function textOf(objects: Objects): string {
  return [...objects.values()].map((object: KubeObject) => JSON.stringify(object)).join('\n---\n');
}

function compare(file: string, text: string, update: boolean): void {
  if (update) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (text === expected) return;
  const lines = expected.split('\n');
  const index = text.split('\n').findIndex((line, at) => line !== lines[at]);
  throw new Failure(
    'drill-failed',
    `the commands that read a cluster print something else than ${expectedFile}, line ${index + 1}: ${text.split('\n')[index] ?? ''}`,
  );
}
