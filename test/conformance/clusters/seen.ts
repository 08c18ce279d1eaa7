import { differingAspects, type Outcome } from '../../../src/semantics/outcome.ts';
import type { ConnectionVerdict } from '../../envoy/connection-chain.ts';
import type { ProxyAnswer, RouteConfiguration } from '../../envoy/proxy-answer.ts';
import type { Verdict } from '../../envoy/verdict.ts';
import { type RouteTable, readRouteTable } from '../../envoy/virtual-host.ts';
import type { RoutesAnswer } from '../judge.ts';

/** What one proxy is sent in one state, with what its clusters are. */
export interface Seen {
  readonly answer: ProxyAnswer;
  readonly exists: (cluster: string) => boolean;
  /** @returns a table; each is read once */
  readonly tableOf: (configuration: RouteConfiguration) => RouteTable;
  /** Who stands behind a cluster and what it is set to, as text. */
  readonly describe: (cluster: string) => { readonly endpoints: string; readonly settings: string };
}

/** For requests that no listener takes: they go where they were sent, past all routes. */
const passedThrough: Outcome = { kind: 'response', status: 0, body: 'passed through' };

const passthrough: ReadonlySet<string> = new Set(['PassthroughCluster', 'BlackHoleCluster']);

export function seeProxy(answer: ProxyAnswer, { settings = [], endpoints = [] }: RoutesAnswer): Seen {
  const clusters = new Set(answer.clusters);
  const exists = (cluster: string) => clusters.has(cluster);
  const tables = new Map<RouteConfiguration, RouteTable>();
  const texts = settings.map(each => JSON.stringify(each));
  return {
    answer,
    exists,
    tableOf: configuration => {
      const known = tables.get(configuration);
      if (known !== undefined) return known;
      const table = readRouteTable(configuration.virtualHosts ?? [], exists);
      tables.set(configuration, table);
      return table;
    },
    describe: cluster => {
      const behind = endpoints[answer.endpoints?.[cluster] ?? -1];
      if (!exists(cluster) || (behind !== undefined && behind.length === 0))
        return { endpoints: 'missing', settings: '' };
      return {
        endpoints: behind?.join(' ') ?? `cluster ${cluster}`,
        settings: texts[answer.settings?.[cluster] ?? -1] ?? '',
      };
    },
  };
}

/** @returns a text that is the same only where everything that a piece of configuration leads to is the same */
export function textWithClusters({ describe }: Seen, configuration: unknown): string {
  const text = JSON.stringify(configuration) ?? '';
  const names = [...text.matchAll(/"((?:outbound|inbound-vip|inbound)\|[^"]*)"/g)].map(
    ([, name = '']) => name,
  );
  const described = [...new Set(names)].sort().map(name => JSON.stringify([name, describe(name)]));
  return [text, ...described].join('\n');
}

/** Puts a verdict of a table in the terms that outcomes are compared in: endpoints stand for backends. */
export function outcomeOf({ describe }: Seen, verdict: Verdict | undefined): Outcome {
  if (verdict === undefined) return passedThrough;
  if (verdict.kind !== 'forward') return verdict;
  const { clusters, mirrors, missingStatus, hash, ...rest } = verdict;
  if (clusters.length > 0 && clusters.every(({ cluster }) => passthrough.has(cluster))) return passedThrough;
  // Envoy answers before it mirrors where no cluster or no endpoint is there (router.cc, decodeHeaders).
  const isAnswered = clusters.every(({ cluster }) => ['', 'missing'].includes(describe(cluster).endpoints));
  return {
    ...rest,
    destinations: clusters.map(({ cluster, exists, ...destination }) => {
      const { endpoints, settings } = describe(cluster);
      return {
        ...destination,
        // Without a cluster a route returns 500, and a VirtualService 503; where nobody stands behind one Envoy returns 503.
        backend: endpoints === 'missing' ? `missing ${exists ? 503 : missingStatus}` : endpoints,
        label: cluster,
        trafficPolicy:
          endpoints === 'missing' ? '' : `${settings} hashed by ${isHashUsed(settings, hash) ? hash : '[]'}`,
      };
    }),
    mirrors: (isAnswered ? [] : mirrors)
      .map(({ cluster, millionths }) => {
        const { endpoints, settings } = describe(cluster);
        return JSON.stringify([endpoints, settings, millionths]);
      })
      .sort(),
  };
}

/**
 * Only these load balancers ask for the hash of a route; a cookie with a lifetime is set for the client by the route itself.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route_components.proto, RouteAction.HashPolicy
 */
function isHashUsed(settings: string, hash: string): boolean {
  return /RING_HASH|MAGLEV/.test(settings) || /"ttl"/.test(hash);
}

/** The same for a connection. */
export function connectionOutcomeOf(seen: Seen, verdict: ConnectionVerdict): Outcome {
  if (verdict.kind === 'nowhere') return { kind: 'no-route' };
  const rest = { mirrors: [], timeout: 0, retries: '', cors: '', fault: '', hash: '', path: '' };
  return outcomeOf(seen, { kind: 'forward', clusters: verdict.clusters, ...rest, missingStatus: 503 });
}

export function isSame(left: Outcome, right: Outcome): boolean {
  return differingAspects(left, right).length === 0;
}
