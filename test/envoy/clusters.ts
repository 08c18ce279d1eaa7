/** What the name of a cluster says. */
export interface ClusterName {
  readonly host: string;
  readonly port: number;
  readonly subset: string;
}

/**
 * Takes the name of a cluster apart: `outbound|9080|v1|reviews.bookinfo.svc.cluster.local`, on waypoints also
 * `inbound-vip|9080|http/v1|reviews.bookinfo.svc.cluster.local`.
 *
 * @returns undefined for clusters that stand for no Service
 */
export function parseCluster(name: string): ClusterName | undefined {
  const [direction, port, subset = '', host] = name.split('|');
  if (host === undefined || host === '') return undefined;
  if (direction === 'outbound') return { host, port: Number(port), subset };
  if (direction !== 'inbound-vip') return undefined;
  // Before the subset stands what the port speaks.
  return { host, port: Number(port), subset: subset.split('/').slice(1).join('/') };
}
