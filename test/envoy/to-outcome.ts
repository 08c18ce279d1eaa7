import { canonicalJson } from '../../src/3-link/canonical.ts';
import { type Backend, findBackend, hashSeenBy } from '../../src/semantics/backend.ts';
import type { Outcome } from '../../src/semantics/outcome.ts';
import { withoutHash } from '../../src/semantics/route-hash.ts';
import type { World } from '../../src/semantics/world.ts';
import { parseCluster } from './clusters.ts';
import type { Verdict } from './verdict.ts';

/**
 * Puts a verdict in the terms of the model.
 *
 * Which pods and which port stand behind a cluster is looked up by the project's own `findBackend`: that the selector of a
 * Service and the labels of a subset make up a place is what the manifests say, and Envoy's tables do not repeat it. What
 * is judged is which cluster was chosen, and whether it exists.
 *
 * @param namespace of the proxy, whose DestinationRules count first
 * @param settings what a cluster is set to; where it is not given, that is looked up in the manifests too
 */
export function toOutcome(
  verdict: Verdict,
  world: World,
  namespace: string,
  settings?: (cluster: string) => string,
): Outcome {
  if (verdict.kind !== 'forward') return verdict;
  const { clusters, mirrors, missingStatus, hash, ...rest } = verdict;
  const locate = (cluster: string, exists: boolean): Backend => {
    if (!exists)
      return {
        state: 'missing',
        key: `missing ${missingStatus}`,
        label: `503: no cluster ${cluster}`,
        trafficPolicy: '{}',
      };
    return backendOf(world, namespace, cluster);
  };
  const located = clusters.map(({ cluster, exists, ...destination }) => ({
    cluster,
    destination,
    backend: locate(cluster, exists),
  }));
  const hashOf = (cluster: string) =>
    hashSeenBy(world, { namespace, missingStatus: 503 }, destinationOf(cluster));
  const hashedThere = located.filter(
    ({ cluster, backend: { state } }) => state === 'there' && hashOf(cluster) !== undefined,
  ).length;
  // Envoy combines all hashes of a route: more than those of the destinations that answer are of the others.
  const hashes = hash === '' ? [] : (JSON.parse(hash) as readonly unknown[]);
  const isHashedByOthers = hashedThere > 0 && hashes.length > hashedThere;
  const destinations = located.map(({ cluster, destination, backend }) => {
    const { state, key, label, trafficPolicy } = backend;
    const place = { ...destination, backend: key, label };
    const hashOfOther = isHashedByOthers && state !== 'there' ? hashOf(cluster) : undefined;
    if (hashOfOther !== undefined)
      return { ...place, trafficPolicy: canonicalJson({ routeHash: hashOfOther }) };
    const isThere = settings !== undefined && state === 'there';
    const isSole = clusters.length === 1;
    // The manifests tell of a hash for the port of a cluster; whether the route has it, Envoy's tables say.
    const known = isSole && hash === '[]' ? withoutHash(trafficPolicy) : trafficPolicy;
    const set = isThere ? `${settings(cluster)} hashed by ${hash}` : known;
    return { ...place, trafficPolicy: set };
  });
  return {
    ...rest,
    destinations,
    mirrors: mirrors
      .map(({ cluster, exists, millionths }) => {
        const { state, key, trafficPolicy } = locate(cluster, exists);
        const isThere = state === 'there';
        const set = isThere && settings !== undefined ? settings(cluster) : trafficPolicy;
        // A copy for nobody is lost, whatever the answer would be.
        return canonicalJson([isThere ? key : '', isThere ? '' : 'missing', millionths, set]);
      })
      .sort(),
  };
}

/** @returns what stands behind a cluster that a proxy was sent; of one that the manifests do not explain, its name */
export function backendOf(world: World, namespace: string, cluster: string): Backend {
  const destination = destinationOf(cluster);
  const backend = findBackend(world, { namespace, missingStatus: 503 }, destination, destination.port.number);
  return parseCluster(cluster) === undefined || backend.state === 'missing'
    ? { state: 'there', key: `cluster ${cluster}`, label: cluster, trafficPolicy: '{}' }
    : backend;
}

function destinationOf(cluster: string) {
  const { host = '', port = 0, subset = '' } = parseCluster(cluster) ?? {};
  return { host, port: { number: port }, ...(subset === '' ? {} : { subset }) };
}
