import { setTimeout as sleep } from 'node:timers/promises';
import type { Arguments } from './arguments.ts';
import type { Cluster } from './cluster.ts';
import type { Company } from './company.ts';
import { keyOf } from './company.ts';
import { Failure } from './failure.ts';
import type { Pod } from './pods.ts';
import { Tally } from './tally.ts';
import type { PlacedWitness } from './witnesses.ts';

/** A run is sent requests for no longer than this. */
const longest = 120_000;

/** The gateway pods to which DNS points. */
export type Door = 'istio-ingressgateway-0' | 'public-istio-0';

/** The company in a running cluster, and the requests that are sent to it. */
export class Drill {
  readonly cluster: Cluster;
  readonly company: Company;
  readonly witnesses: readonly PlacedWitness[];
  readonly #rate: number;
  readonly #say: (line: string) => void;
  #tally = new Tally();
  #door: Door = 'istio-ingressgateway-0';
  #isSending = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    cluster: Cluster,
    company: Company,
    witnesses: readonly PlacedWitness[],
    { rate }: Arguments,
    say: (line: string) => void,
  ) {
    this.cluster = cluster;
    this.company = company;
    this.witnesses = witnesses;
    this.#rate = rate;
    this.#say = say;
  }

  say(line: string): void {
    this.#say(line);
  }

  heard(witness: number, seen: Parameters<Tally['add']>[1]): void {
    const found = this.witnesses[witness];
    if (found !== undefined) this.#tally.add(found, seen);
  }

  /** Everybody asks the gateway that DNS names. */
  pointDns(door: Door): void {
    this.#door = door;
    if (this.#isSending) this.#distribute();
  }

  step(name: string): void {
    for (const pod of this.#pods()) pod.setStep(name);
  }

  /**
   * Sends every witness again and again while something is done.
   *
   * @param tally goes on with the counts of another
   * @returns what was counted
   */
  async under(load: () => Promise<void>, tally: Tally = new Tally()): Promise<Tally> {
    this.#tally = tally;
    this.#isSending = true;
    this.#distribute();
    this.#timer = setTimeout(() => {
      this.#rest();
      tally.isCutOff = true;
    }, longest);
    try {
      await load();
    } finally {
      this.#rest();
    }
    await sleep(1500);
    return tally;
  }

  /** Puts the company back as it was, and waits until every request is answered as it was. */
  async reset(): Promise<void> {
    const { before, after, folders } = this.company;
    this.pointDns('istio-ingressgateway-0');
    const { shell } = this.cluster;
    await shell.must(`kubectl apply -k ${folders.before}/environments/production`);
    const made = [...after].filter(([key]) => !before.has(key));
    for (const [key, { metadata }] of made)
      await shell.must(
        `kubectl -n ${metadata.namespace ?? 'default'} delete --ignore-not-found --wait=false ${key.split(' ')[0]} ${metadata.name}`,
      );
    await this.untilAllAre('before');
  }

  /** Sends every witness until none is answered otherwise. */
  async untilAllAre(side: 'before' | 'after', seconds = 60): Promise<void> {
    let last: readonly string[] = [];
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      const tally = await this.under(async () => {
        this.step('rest');
        await sleep(Math.max(2000, (this.witnesses.length / this.#rate) * 2500));
      });
      const row = tally.rows.find(({ step }) => step === 'rest');
      if (
        row !== undefined &&
        row.fates.neither === 0 &&
        row.fates[side === 'before' ? 'after' : 'before'] === 0
      )
        return;
      const other = side === 'before' ? 'after' : 'before';
      last = [
        ...tally.strays.map(({ request, place, got }) => `${place}: ${request}: ${got}`),
        ...tally.on(other).map(request => `${request}: as ${other}`),
      ];
    }
    throw new Failure(
      'drill-failed',
      `not every request is answered as ${side}:\n${last.slice(0, 30).join('\n')}`,
    );
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#isSending = false;
    for (const pod of this.#pods()) pod.send([], 0);
  }

  #distribute(): void {
    const share = (pod: Pod, own: readonly PlacedWitness[]) =>
      pod.send(own, (this.#rate * own.length) / this.witnesses.length);
    for (const [namespace, pod] of this.cluster.sidecars)
      share(
        pod,
        this.witnesses.filter(({ at, namespace: from }) => at === 'sidecar' && from === namespace),
      );
    // Namespaces of waypoints have one each, which is asked at ports of its own.
    for (const [namespace, pod] of this.cluster.waypoints)
      share(
        pod,
        this.witnesses.filter(({ at, namespace: home }) => at === 'waypoint' && home === namespace),
      );
    for (const [name, pod] of this.cluster.gateways)
      share(pod, name === this.#door ? this.witnesses.filter(({ at }) => at === 'gateway') : []);
  }

  #pods(): readonly Pod[] {
    return [
      ...this.cluster.sidecars.values(),
      ...this.cluster.waypoints.values(),
      ...this.cluster.gateways.values(),
    ];
  }
}

/** @returns the objects of a folder that another has not */
export function objectsWithout(all: Company['after'], others: Company['before']): readonly string[] {
  return [...all.values()].map(keyOf).filter(key => !others.has(key));
}
