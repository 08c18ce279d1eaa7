import type { Options } from '../../src/options.ts';
import { describeRequest } from '../../src/semantics/describe.ts';
import { explore } from '../../src/semantics/explore.ts';
import { gatewayTable } from '../../src/semantics/gateway-vantages.ts';
import { differingAspects, type Outcome } from '../../src/semantics/outcome.ts';
import { type Request, requestFrom } from '../../src/semantics/request.ts';
import { buildWorld } from '../../src/semantics/world.ts';
import { readCluster, resourcesOf } from '../conformance/cluster.ts';
import type { randomFrom } from '../conformance/random.ts';
import { randomRequests } from '../conformance/random-requests.ts';
import { expectedAt } from './expected.ts';
import type { Translator } from './implementations.ts';
import { explainerOf } from './known.ts';
import { type Route, type Sample, sampleOf } from './sample.ts';
import { readTraefik, type TraefikAnswer } from './traefik-table.ts';
import { type EnvoyAnswer, readTranslated } from './translated.ts';

/** The answer of a translator: one writes Traefik's own tables, the others Envoy's. */
export type Answer = EnvoyAnswer | TraefikAnswer;

/** The judgement of one case. */
export interface Judgement {
  readonly requests: number;
  /** How many requests each known deviation explains. */
  readonly explained: ReadonlyMap<string, number>;
  /** Differences that the table does not know. */
  readonly faults: readonly string[];
}

/** How many witnesses are asked for each host. */
const witnesses = 200;

/**
 * Asks the table of a translator and ours the same requests.
 *
 * @param profile but for `istio`, ours is what the specification promises
 */
export function judge(
  routes: readonly Route[],
  sample: Sample,
  answer: Answer,
  { name, configuration }: Translator,
  profile: Options['profile'],
  random: { readonly count: number; readonly numbers: ReturnType<typeof randomFrom> },
): Judgement {
  if (answer.error !== undefined)
    return { requests: 0, explained: new Map(), faults: [`error: ${answer.error}`] };
  const text = sampleOf(routes, undefined)
    .objects.map(object => JSON.stringify(object))
    .join('\n---\n');
  const resources = resourcesOf(readCluster([{ path: 'sample.yaml', text }], 'default'));
  const world = buildWorld(resources, { profile });
  const explain = explainerOf(routes, profile === 'istio' ? [name, 'istio'] : [name]);
  const [proxy] = world.gateways.proxies;
  const configurations = world.gateways.configurations.get(proxy?.id ?? '') ?? [];
  const { mentions: mentionsOf, outcome } =
    'routers' in answer ? readTraefik(answer, sample) : readTranslated(answer, configuration, sample);
  const explained = new Map<string, number>();
  const faults: string[] = [];
  let requests = 0;
  for (const host of sample.hosts) {
    const address = { scheme: 'http' as const, host, port: 80 };
    const ours = gatewayTable(world, configurations, 80, 'http', host);
    const found = explore([ours], witnesses, undefined, new Map([['scheme', 'http']]));
    const mentions = mentionsOf(host);
    const asked: readonly Request[] = [
      ...found.witnesses.map(({ probe }) => requestFrom(probe, address)),
      ...(mentions.length === 0 ? [] : randomRequests(mentions, address, random.count, random.numbers)),
    ].filter(isAsked);
    for (const request of asked) {
      requests += 1;
      const expected = expectedAt(ours, request);
      const theirs = comparable(outcome(request), expected.outcome);
      const aspects = differingAspects(expected.outcome, theirs);
      if (aspects.length === 0) continue;
      const ids = explain(expected.rule, aspects);
      for (const id of ids) explained.set(id, (explained.get(id) ?? 0) + 1);
      if (ids.length === 0)
        faults.push(
          `${describeRequest(request)}: ${aspects.join(', ')}\n      expected ${JSON.stringify(expected.outcome)}\n      found    ${JSON.stringify(theirs)}`,
        );
    }
  }
  const refused = answer.statuses.map(
    ({ route, type, status, reason, message }) => `${route} ${type}=${status} ${reason}: ${message}`,
  );
  return { requests, explained, faults: faults.length === 0 ? faults : [...faults, ...refused] };
}

/**
 * A gateway of these implementations makes one slash of several before it asks its table, the Host header of a request leads to
 * the virtual host, and whose X-Forwarded-Proto counts is a setting of each.
 */
function isAsked({ path, headers, scheme }: Request): boolean {
  const proto = headers['x-forwarded-proto'] ?? scheme;
  return !path.includes('//') && headers['host'] === undefined && proto === scheme;
}

/** What nobody asked for is up to the implementation: a limit, and whether a request is tried again. */
function comparable(found: Outcome, expected: Outcome): Outcome {
  if (found.kind !== 'forward' || expected.kind !== 'forward') return found;
  return {
    ...found,
    ...(expected.timeout === -1 ? { timeout: -1 } : {}),
    ...(expected.retries === '' ? { retries: '' } : {}),
  };
}
