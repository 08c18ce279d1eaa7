import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTarget } from '../../src/3-link/target-version.ts';
import { toManifest } from '../../src/6-emit/manifest.ts';
import type { Conversion } from '../../src/conversion.ts';
import { convert } from '../../src/convert.ts';
import { collect } from '../../src/diagnostics/locate.ts';
import { readResources } from '../../src/read-resources.ts';
import { caseFolders } from '../case-folders.ts';
import { corpusScenarios } from '../conformance/corpus.ts';
import { withKnownNames } from '../conformance/placeholders.ts';
import type { Scenario } from '../conformance/scenario.ts';
import type { Cluster } from './cluster.ts';

/** What a real API server says of what conversions write. */
export interface Admission {
  /** `cases` or `corpus`. */
  readonly of: string;
  readonly conversions: number;
  readonly objects: number;
  readonly refused: readonly { readonly name: string; readonly said: string }[];
}

/** Cases whose output this API server refuses, and why that is right. */
export const knownRefusals: ReadonlyMap<string, string> = new Map([
  ['DestinationRule/fields-of-1.32-are-carried-over', 'fields that are newer than the CRDs of the drill'],
  ['unknown-field/of-a-destination-rule', 'fields that nobody knows are carried over'],
  ['unknown-field/of-a-subset-that-is-not-used', 'fields that nobody knows are carried over'],
  ['destination.subset/new-service-inherits', 'the API server of the drill has no IPv6'],
]);

interface Written {
  readonly name: string;
  readonly release: string;
  readonly manifest: { readonly metadata: { readonly namespace?: string } };
}

const releases: Readonly<Record<string, string>> = {
  '1.4': '1.4.1',
  '1.5': '1.5.1',
  '1.6': '1.6.3',
  '1.7': '1.7.0',
};

/**
 * Asks the API server to admit every object that conversions write, with the CRDs that they were written for, by
 * `kubectl apply --dry-run=server`.
 *
 * @param corpus folder of people's manifests; empty leaves it out
 */
export async function admission(
  cluster: Cluster,
  root: string,
  folder: string,
  corpus: string,
  say: (line: string) => void,
): Promise<readonly Admission[]> {
  const parts = [
    { of: 'cases', scenarios: () => casesOf(root) },
    ...(corpus === '' ? [] : [{ of: 'corpus', scenarios: () => corpusScenarios(corpus, '') }]),
  ];
  const converted = parts.map(({ of, scenarios }) => {
    say(`converting the ${of}`);
    const all = scenarios();
    return { of, conversions: all.length, written: all.flatMap(writtenBy) };
  });
  await makeNamespaces(
    cluster,
    converted.flatMap(({ written }) => written),
  );
  const refused = new Map<string, { name: string; said: string }[]>();
  const used = [...new Set(converted.flatMap(({ written }) => written.map(({ release }) => release)))].sort();
  for (const release of used) {
    const [version = '', channel = ''] = release.split(' ');
    say(`asking with the CRDs of ${release}`);
    await replaceCrds(cluster, version, channel);
    for (const { of, written } of converted) {
      const own = written.filter(one => one.release === release);
      refused.set(of, [...(refused.get(of) ?? []), ...(await refusedOf(cluster, folder, own))]);
    }
  }
  return converted.map(({ of, conversions, written }) => ({
    of,
    conversions,
    objects: written.length,
    refused: refused.get(of) ?? [],
  }));
}

function casesOf(root: string): readonly Scenario[] {
  return caseFolders(join(root, 'testdata/cases')).map(({ name, input, facts, options }) => ({
    name,
    files: [input].map(withKnownNames),
    facts: facts.map(withKnownNames),
    options,
  }));
}

function writtenBy({ name, files, facts, options }: Scenario): readonly Written[] {
  const { outputs }: Conversion = convert(files, facts, options);
  if (outputs.length === 0) return [];
  // CRDs among the manifests decide for which release a conversion is.
  const { report } = collect();
  const settled = withTarget(options, readResources([...files, ...facts], options.namespace, report), report);
  const release = `${releases[settled.gatewayApi] ?? ''} ${settled.channel}`;
  return outputs.map(({ resource }) => {
    const manifest = JSON.parse(JSON.stringify(toManifest(resource))) as Written['manifest'];
    const namespace = resource.namespace === '' ? {} : { namespace: resource.namespace };
    return { name, release, manifest: { ...manifest, metadata: { ...manifest.metadata, ...namespace } } };
  });
}

async function makeNamespaces({ shell }: Cluster, written: readonly Written[]): Promise<void> {
  const names = new Set(written.flatMap(({ manifest: { metadata } }) => metadata.namespace ?? []));
  const documents = [...names].map(name =>
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  );
  // Some are there already; a name that the API server refuses shows again with the objects in it.
  await shell.run('kubectl create -f -', documents.join('\n---\n'), 300_000);
}

async function replaceCrds(cluster: Cluster, version: string, channel: string): Promise<void> {
  const { shell } = cluster;
  // It forbids to go back to an older release, which the drill means to do.
  await shell.run('kubectl delete validatingadmissionpolicybindings,validatingadmissionpolicies --all');
  await shell.must(
    "kubectl get crd -o name | grep -E 'gateway[.]networking[.](x-)?k8s[.]io' | xargs kubectl delete --wait=true",
  );
  await cluster.useCrds(version, channel);
}

async function refusedOf(
  { shell }: Cluster,
  folder: string,
  written: readonly Written[],
): Promise<readonly { readonly name: string; readonly said: string }[]> {
  if (written.length === 0) return [];
  const place = join(folder, 'admission');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const fileOf = (index: number) => `${String(index).padStart(6, '0')}.json`;
  for (const [index, { manifest }] of written.entries())
    writeFileSync(join(place, fileOf(index)), JSON.stringify(manifest));
  const { stdout, stderr } = await shell.run(`kubectl apply --dry-run=server -f ${place}`, '', 1_200_000);
  const admitted = stdout.split('\n').filter(line => line.endsWith('(server dry run)')).length;
  const refused = stderr.split('\n').flatMap(line => {
    const [, number] = /(\d{6})\.json/.exec(line) ?? [];
    return number === undefined
      ? []
      : [{ name: written[Number(number)]?.name ?? '', said: line.slice(0, 500) }];
  });
  if (admitted + refused.length < written.length)
    return [
      ...refused,
      { name: 'kubectl', said: `${admitted} of ${written.length} admitted; ${stderr.slice(-500)}` },
    ];
  return refused;
}
