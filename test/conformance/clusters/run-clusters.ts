import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printYaml } from '../../../src/6-emit/print.ts';
import type { Status } from '../../../src/conversion.ts';
import type { Judge } from '../judge.ts';
import type { Failure, Judgement, Scrutiny } from './judge-cluster.ts';
import { judgeCluster } from './judge-cluster.ts';
import { allKinds, kindsIn } from './kinds.ts';
import { shrink } from './shrink.ts';
import { textOf, type WholeCluster } from './whole-cluster.ts';

/** How many clusters are open at a time, so that neither side waits for the other. */
const inFlight = 6;

/** How many smaller clusters are tried for one that fails. */
const attempts = 160;

export interface ClusterSurroundings {
  readonly judge: Judge;
  /** Where clusters that fail are written. */
  readonly faults: string;
  /** For how many kinds of failures a cluster is made small. */
  readonly kinds: number;
  readonly say: (line: string) => void;
}

/** What a run has come to. */
interface Count {
  clusters: number;
  steps: number;
  proxies: number;
  requests: number;
  differences: number;
  refused: number;
  unchanged: number;
  failing: number;
  unordered: number;
  readonly statuses: Record<Status, number>;
  readonly signs: Map<string, number>;
  /** By the codes of errors: how many VirtualServices are held back that have one; some have several. */
  readonly reasons: Map<string, number>;
  /** The kinds of what clusters hold: in how many, and in how many of those in which something is converted. */
  readonly kinds: Map<string, number>;
  readonly changed: Map<string, number>;
  /** One cluster for each kind of failure that was the first of some cluster. */
  readonly examples: Map<string, { readonly cluster: WholeCluster; readonly failure: Failure }>;
}

/** Judges whole clusters; one of each kind of failure is made small and written down. @returns how many fail */
export async function runClusters(
  clusters: Iterable<WholeCluster>,
  { judge, faults, kinds, say }: ClusterSurroundings,
): Promise<number> {
  rmSync(faults, { recursive: true, force: true });
  const count: Count = {
    clusters: 0,
    steps: 0,
    proxies: 0,
    requests: 0,
    differences: 0,
    refused: 0,
    unchanged: 0,
    failing: 0,
    unordered: 0,
    statuses: { converted: 0, approximate: 0, 'held-back': 0, skipped: 0 },
    signs: new Map(),
    reasons: new Map(),
    kinds: new Map(),
    changed: new Map(),
    examples: new Map(),
  };
  const open = new Set<Promise<void>>();
  for (const cluster of clusters) {
    const work = runOne(cluster, count, { judge, say }).finally(() => open.delete(work));
    open.add(work);
    if (open.size >= inFlight) await Promise.race(open);
  }
  await Promise.all(open);
  say(summaryOf(count));
  for (const { cluster, failure } of [...count.examples.values()].slice(0, kinds)) {
    const folder = join(faults, cluster.name);
    await writeSmall(folder, cluster, failure, judge);
    say(`  ${failure.sign}: ${folder}`);
  }
  return count.failing;
}

async function runOne(
  cluster: WholeCluster,
  count: Count,
  { judge, say }: Pick<ClusterSurroundings, 'judge' | 'say'>,
): Promise<void> {
  count.clusters += 1;
  const judgement = await judged(cluster, judge);
  if (!('converted' in judgement)) {
    count.failing += 1;
    add(count.signs, judgement.sign);
    say(`${cluster.name}: ${judgement.text}`);
    return;
  }
  for (const { resource, status, diagnostics } of judgement.converted.conversion.resources) {
    if (resource.type !== 'istio.VirtualService') continue;
    count.statuses[status] += 1;
    if (status !== 'held-back') continue;
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    for (const code of new Set(errors.map(error => error.code))) add(count.reasons, code);
  }
  count.steps += judgement.steps;
  count.proxies += judgement.proxies;
  count.requests += judgement.requests;
  count.differences += judgement.failures.length;
  for (const kind of kindsIn(cluster)) {
    add(count.kinds, kind);
    if (judgement.converted.changes.length > 0) add(count.changed, kind);
  }
  if (judgement.refused > 0) count.refused += 1;
  if (judgement.unordered) count.unordered += 1;
  if (judgement.converted.changes.length === 0) count.unchanged += 1;
  const [first] = judgement.failures;
  if (first === undefined) return;
  count.failing += 1;
  for (const sign of new Set(judgement.failures.map(failure => failure.sign))) add(count.signs, sign);
  say(`${cluster.name}: ${judgement.failures.length} failures, ${first.sign}`);
  if (!count.examples.has(first.sign)) count.examples.set(first.sign, { cluster, failure: first });
}

async function writeSmall(
  folder: string,
  cluster: WholeCluster,
  failure: Failure,
  judge: Judge,
): Promise<void> {
  const { sign, proxy } = failure;
  const steps = !sign.startsWith('ends');
  const scrutiny = proxy === undefined ? { steps } : { steps, proxy };
  const failsStill = async (candidate: WholeCluster) => {
    const judgement = await judged(candidate, judge, scrutiny);
    return 'converted' in judgement && judgement.failures.some(each => each.sign === sign);
  };
  const small = await shrink(cluster, failsStill, attempts);
  write(folder, cluster, small, await judged(small, judge), sign);
}

/** An error of the tool or of the judge is a failure as well. */
async function judged(
  cluster: WholeCluster,
  judge: Judge,
  scrutiny: Scrutiny = {},
): Promise<Judgement | Failure> {
  try {
    return await judgeCluster(cluster, judge, scrutiny);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { sign: `error ${text.split('\n')[0]?.slice(0, 80)}`, text };
  }
}

function write(
  folder: string,
  cluster: WholeCluster,
  small: WholeCluster,
  judgement: Judgement | Failure,
  sign: string,
): void {
  mkdirSync(folder, { recursive: true });
  const yaml = ({ manifests }: WholeCluster) => manifests.map(each => printYaml(each)).join('---\n');
  writeFileSync(join(folder, 'in.yaml'), yaml(small));
  writeFileSync(join(folder, 'whole.yaml'), yaml(cluster));
  if (!('converted' in judgement)) return;
  const { converted, failures } = judgement;
  const said = converted.conversion.diagnostics.map(
    ({ severity, code, path, message, resource }) =>
      `${severity} ${code} ${resource?.kind} ${resource?.namespace}/${resource?.name} ${path}: ${message}`,
  );
  const statuses = converted.conversion.resources.map(
    ({ resource, status }) => `${resource.kind} ${resource.namespace}/${resource.name}: ${status}`,
  );
  const text = [
    `# ${small.name}: ${sign}`,
    ...failures
      .filter(failure => failure.sign === sign)
      .slice(0, 3)
      .map(failure => failure.text),
    `further: ${[...new Set(failures.map(failure => failure.sign))].join('; ')}`,
    '',
    '# What convert says',
    `options: channel ${small.options.channel}${small.options.gatewayService === undefined ? '' : `, --gateway-service ${small.options.gatewayService}`}`,
    ...statuses,
    ...said,
    '',
    '# The plan',
    ...converted.changes.map(({ verb, key }) => `${verb} ${key.trim()}`),
    '',
    '# Ages that no manifest says',
    ...[...small.hiddenAges].map(([key, age]) => `${key.trim()}: ${age}`),
    '',
    '# After',
    textOf(converted.after, [])
      .split('\n---\n')
      .map(each => printYaml(JSON.parse(each)))
      .join('---\n'),
  ].join('\n');
  writeFileSync(join(folder, 'failure.txt'), `${text}\n`);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function summaryOf({
  clusters,
  steps,
  proxies,
  requests,
  differences,
  refused,
  unchanged,
  failing,
  unordered,
  statuses,
  signs,
  reasons,
  kinds,
  changed,
}: Count): string {
  const counted = Object.entries(statuses).map(([status, number]) => `${number} ${status}`);
  const mostFirst = (counts: ReadonlyMap<string, number>) =>
    [...counts].toSorted(([, a], [, b]) => b - a).map(([what, number]) => `${number} ${what}`);
  const failures = mostFirst(signs).map(line => `  ${line}`);
  return [
    `clusters: ${clusters}, ${proxies} proxies, ${steps} states between; VirtualServices: ${counted.join(', ')}`,
    ...allKinds.map(
      kind =>
        `  ${kind}: ${kinds.get(kind) ?? 0} clusters, ${changed.get(kind) ?? 0} of them with something converted`,
    ),
    `  left out: ${refused} with objects that are refused; ${unchanged} in which nothing changes; ${unordered} whose VirtualServices go in no better order; ${failing} fail`,
    ...failures,
    `  held back by: ${mostFirst(reasons).join(', ')}`,
    `summary: ${clusters} clusters, ${Object.values(statuses).reduce((sum, one) => sum + one, 0)} VirtualServices, ${statuses.converted + statuses.approximate} converted, ${statuses['held-back']} held back, ${requests} requests compared, ${differences} differences in ${failing} clusters`,
  ].join('\n');
}
