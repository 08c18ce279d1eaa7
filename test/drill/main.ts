import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admission, admission, knownRefusals } from './admission.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { Cluster } from './cluster.ts';
import { clusterCommands } from './cluster-commands.ts';
import { loadCompany, textsOf } from './company.ts';
import { Drill } from './drill.ts';
import { exitStatuses, Failure } from './failure.ts';
import { gitops } from './gitops.ts';
import { inTemporaryFolder, statusOf } from './outcome.ts';
import { admissionTable, tableOf } from './print.ts';
import type { Processes } from './processes.ts';
import { type Programs, preparePrograms } from './programs.ts';
import { cutOver, faults, type Told, wrongly } from './scenarios.ts';
import { witnessesOf } from './witnesses.ts';

const root = process.cwd();
const started = Date.now();
const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;

/** @returns the exit status */
async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  const programs = preparePrograms(root, say);
  const { versions, built } = programs;
  say(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  );
  say(
    built.length === 0
      ? `nothing had to be built (${seconds()})`
      : `built ${built.join(', ')} (${seconds()})`,
  );
  const stop = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => reject(new Failure('interrupted', `stopped by ${signal}`)));
  });
  return inTemporaryFolder(args.keep, say, (folder, processes) =>
    Promise.race([stop, run(args, programs, processes, folder)]),
  );
}

async function run(
  args: Arguments,
  programs: Programs,
  processes: Processes,
  folder: string,
): Promise<number> {
  const { only } = args;
  let drill: Drill | undefined;
  const cluster = await Cluster.start(folder, programs, processes, args, (_pod, seen) =>
    drill?.heard(seen.witness, seen),
  );
  say(`etcd, the API server and istiod run (${seconds()})`);
  const told: Told[] = [];
  let admitted: readonly Admission[] = [];
  if (only.some(part => part !== 'admission')) {
    drill = await startCompany(cluster, args, folder);
    await drill.untilAllAre('before');
    say(`every request is answered as before (${seconds()})`);
    const tell = (one: Told) => {
      told.push(one);
      say(tableOf(one));
    };
    if (only.includes('cut-over')) await cutOver(drill, tell);
    if (only.includes('cluster')) await clusterCommands(drill, root, folder, args.update);
    if (only.includes('mistakes')) await wrongly(drill, tell);
    if (only.includes('gitops')) await gitops(drill, root, folder, tell);
    if (only.includes('faults')) await faults(drill, tell);
  }
  if (only.includes('admission')) {
    await cluster.controlPlane.stopIstiod();
    admitted = await admission(cluster, root, folder, args.corpus, say);
    say(admissionTable(admitted));
  }
  cluster.close();
  if (args.output !== '')
    writeFileSync(args.output, `${JSON.stringify(numbersOf(programs, told, admitted), undefined, 2)}\n`);
  say(`done (${seconds()})`);
  const isLost = told.some(
    ({ isMistake, tally }) =>
      !isMistake && (tally.isCutOff || tally.rows.some(({ fates }) => fates.neither > 0)),
  );
  return isLost || admitted.some(({ refused }) => refused.some(({ name }) => !knownRefusals.has(name)))
    ? exitStatuses['drill-failed']
    : 0;
}

/** Applies the company as it is before, and starts its clients. */
async function startCompany(cluster: Cluster, args: Arguments, folder: string): Promise<Drill> {
  const company = await loadCompany(root, folder, cluster.shell);
  const witnesses = witnessesOf(textsOf(company.folders.before), textsOf(company.folders.after));
  const countAt = (place: string) => witnesses.filter(({ at }) => at === place).length;
  say(
    `${witnesses.length} witness requests: ${countAt('gateway')} at gateways, ${countAt('sidecar')} from sidecars, ${countAt('waypoint')} at waypoints`,
  );
  const { crt, key } = cluster.controlPlane.certificate;
  const { shell } = cluster;
  await shell.run('kubectl create namespace istio-ingress');
  await shell.must(
    'kubectl apply -f -',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'public-example-com', namespace: 'istio-ingress' },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': crt, 'tls.key': key },
    }),
  );
  await shell.must(`kubectl apply -k ${company.folders.before}/environments/production`);
  await cluster.controllers.reconcile();
  cluster.controllers.start();
  for (const namespace of new Set(
    witnesses.filter(({ at }) => at === 'sidecar').map(witness => witness.namespace),
  ))
    cluster.startSidecar(namespace);
  await cluster.until('the listeners of the pods', () =>
    [...cluster.sidecars.values(), ...cluster.gateways.values()].every(
      ({ listeners }) => listeners.length > 0,
    ),
  );
  await sleep(1000);
  return new Drill(cluster, company, witnesses, args, say);
}

function numbersOf({ versions }: Programs, told: readonly Told[], admitted: readonly Admission[]): object {
  return {
    versions,
    runs: told.map(({ name, tally }) => ({
      name,
      witnesses: tally.witnesses,
      rows: tally.rows,
      moved: Object.fromEntries(tally.moved),
      strays: tally.strays,
    })),
    admission: admitted,
  };
}

process.exitCode = await statusOf(main, say);
process.exit();
