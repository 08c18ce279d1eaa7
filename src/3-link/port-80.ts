import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { exportToAnnotation } from './export-to.ts';
import { carriesHttp, protocolOf } from './service-protocol.ts';

/**
 * A sidecar applies a VirtualService at port 80, also to a Service without that port, as soon as any Service has HTTP there
 * (foreign-ports.ts). Which Service that is does not matter, unless some clients do not know it.
 */

/** Whether some of the objects are Services without port 80, and none is a Service that carries HTTP there. */
export function asksForPort80(resources: readonly AnyResource[]): boolean {
  return resources.some(lacksPort80) && !resources.some(hasHttpAt80);
}

/** Whether an object is a Service without port 80. */
export function lacksPort80(resource: AnyResource): boolean {
  return resource.type === 'core.Service' && portsAt80(resource).length === 0;
}

/** Whether an object is a Service that carries HTTP at port 80. */
export function hasHttpAt80(resource: AnyResource): boolean {
  return (
    resource.type === 'core.Service' &&
    portsAt80(resource).some(({ port, name, protocol, appProtocol }) =>
      carriesHttp(protocolOf(port, name, protocol, appProtocol)),
    )
  );
}

/** Whether clients of some namespaces alone may know that an object carries HTTP at port 80. */
export function hasExportedPort80(resource: AnyResource): boolean {
  return resource.metadata.annotations?.[exportToAnnotation] !== undefined && hasHttpAt80(resource);
}

function portsAt80({
  spec,
}: Resource<'core.Service'>): NonNullable<Resource<'core.Service'>['spec']['ports']> {
  return (spec.ports ?? []).filter(({ port }) => port === 80);
}
