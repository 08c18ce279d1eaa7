import type { ChosenDestination, Outcome } from '../../src/semantics/outcome.ts';
import type { Request } from '../../src/semantics/request.ts';
import { toEnvoyRequest } from '../envoy/request.ts';
import type { Mention } from '../envoy/route-match.ts';
import type { ChosenCluster, Verdict } from '../envoy/verdict.ts';
import { readRouteTable } from '../envoy/virtual-host.ts';
import { mirrorText } from './expected.ts';
import type { Sample } from './sample.ts';

/** What every translator answers for a sample. */
export interface AnswerOfAny {
  readonly id: string;
  readonly error?: string;
  /** Conditions of routes that are not as they should be. */
  readonly statuses: readonly {
    readonly route: string;
    readonly type: string;
    readonly status: string;
    readonly reason: string;
    readonly message: string;
  }[];
}

/** What a translator to Envoy's tables answers. */
export interface EnvoyAnswer extends AnswerOfAny {
  /** Envoy's RouteConfigurations. */
  readonly routes: readonly { readonly name: string; readonly virtualHosts?: readonly unknown[] }[];
  /** The endpoints of each cluster, with their shares. */
  readonly clusters: Readonly<Record<string, readonly Endpoint[]>>;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
}

/** Asks the route table of a translator. */
export interface Translated {
  readonly outcome: (request: Request) => Outcome;
  /** The values that the matches of a host name. */
  readonly mentions: (host: string) => readonly Mention[];
}

/** @param configuration the name of the route configuration at port 80 */
export function readTranslated(answer: EnvoyAnswer, configuration: string, sample: Sample): Translated {
  const found = answer.routes.find(({ name }) => name === configuration);
  const table = readRouteTable((found?.virtualHosts ?? []).map(withoutSettings), () => true);
  return {
    mentions: host => table.mentions(host),
    outcome: request => toOutcome(table.verdict(toEnvoyRequest(request, 'gateway')), answer, sample),
  };
}

/**
 * Settings of connections and of statistics, which istiod does not write and the readers of its tables refuse. They do not
 * decide what becomes of a request.
 */
const settings: ReadonlySet<string> = new Set(['idleTimeout', 'upgradeConfigs', 'metadata']);

function withoutSettings(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => (settings.has(key) ? undefined : part));
}

function toOutcome(verdict: Verdict, answer: EnvoyAnswer, sample: Sample): Outcome {
  if (verdict.kind !== 'forward') return verdict;
  const { clusters, mirrors, hash: _, missingStatus: __, cors, retries, ...rest } = verdict;
  return {
    ...rest,
    cors: cors === '' ? '' : 'asked',
    retries: retries === 'none' ? '' : 'asked',
    fault: '',
    destinations: clusters.flatMap(cluster => destinationsOf(cluster, answer, sample)),
    mirrors: mirrors
      .map(({ cluster, millionths }) => {
        const [endpoint] = answer.clusters[cluster] ?? [];
        return mirrorText(endpoint === undefined ? 'nobody' : nameOf(endpoint, sample), millionths);
      })
      .sort(),
  };
}

/** The endpoints of a cluster share what it gets. */
function destinationsOf(
  { cluster, weight, total, authority, requestHeaders, responseHeaders }: ChosenCluster,
  { clusters }: EnvoyAnswer,
  sample: Sample,
): readonly ChosenDestination[] {
  const endpoints = clusters[cluster] ?? [];
  const sum = endpoints.reduce((all, one) => all + Math.max(one.weight, 1), 0);
  const shared = { authority, requestHeaders, responseHeaders, trafficPolicy: '' };
  if (endpoints.length === 0)
    return [{ ...shared, backend: 'nobody', label: `nobody behind ${cluster}`, weight, total }];
  return endpoints.map(endpoint => {
    const backend = nameOf(endpoint, sample);
    return {
      ...shared,
      backend,
      label: backend,
      weight: weight * Math.max(endpoint.weight, 1),
      total: total * sum,
    };
  });
}

function nameOf({ address, port }: Endpoint, { services }: Sample): string {
  return `${services.get(address) ?? address}:${port}`;
}
