import type * as istio from '../../istio/index.ts';
import type { Facts } from '../facts.ts';
import { resolveHost } from '../host.ts';
import { nameOfSource, settingAt } from '../mesh-config.ts';
import { findService } from '../registry.ts';
import { carriesGrpc, carriesHttp } from '../service-protocol.ts';
import { httpDestinations } from '../subsets/destinations.ts';

/** Retries that sidecars make of requests they receive, whatever VirtualServices and routes say. */
export interface InboundRetries {
  readonly attempts: number;
  /** The object that has the MeshConfig, as `KIND NAMESPACE/NAME`, or the path of a file of values. */
  readonly object: string;
  /** A host whose pods have sidecars that retry. */
  readonly host: string;
}

/**
 * Finds out whether the sidecars behind the destinations of an entry retry on their own. Without the setting they do so only
 * where a request never reached the application, which no retry policy of clients can tell.
 *
 * @returns undefined where no MeshConfig of the input sets `defaultInboundHttpRetryPolicy`, where it switches these retries off,
 * and where no destination is a port with sidecars behind it that is not declared as gRPC
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig
 */
export function inboundRetries(
  { meshConfigs, registry, dataPlanes }: Pick<Facts, 'meshConfigs' | 'registry' | 'dataPlanes'>,
  http: istio.HTTPRoute,
  namespace: string,
): InboundRetries | undefined {
  const set = meshConfigs.flatMap(({ config, resource }) => {
    const attempts = settingAt(config, 'defaultInboundHttpRetryPolicy', 'attempts');
    return typeof attempts === 'number' && attempts > 0 ? [{ attempts, resource }] : [];
  });
  const [first] = set;
  if (first === undefined) return undefined;
  const found = httpDestinations(http).find(({ host, port }) => {
    const service = findService(registry, resolveHost(host, namespace));
    const ports = (service?.ports ?? []).filter(
      ({ number }) => port?.number === undefined || port.number === number,
    );
    return (
      service?.kind === 'Service' &&
      dataPlanes.of(service) !== 'ambient' &&
      ports.some(({ protocol }) => carriesHttp(protocol) && !carriesGrpc(protocol))
    );
  });
  if (found === undefined) return undefined;
  return { attempts: first.attempts, object: nameOfSource(first.resource), host: found.host };
}
