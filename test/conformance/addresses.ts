import { createHash } from 'node:crypto';
import type { AnyResource } from '../../src/2-decode/resource.ts';
import { serviceHost } from '../../src/3-link/host.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Gives a Service the address that an API server would hand out, so that it is known which listener is for it. */
export function withAddress(resource: AnyResource, manifest: Fields): Fields {
  if (resource.type !== 'core.Service') return manifest;
  const { clusterIP, type } = resource.spec;
  if (clusterIP !== undefined || type === 'ExternalName') return manifest;
  const spec = (manifest['spec'] ?? {}) as Fields;
  return { ...manifest, spec: { ...spec, clusterIP: addressOf(serviceHost(resource)) } };
}

/**
 * @returns the addresses that sidecars know a host by; none where only its port tells it, as without DNS capture of
 * ServiceEntries; undefined for ranges
 */
export function addressesOf(resource: AnyResource | undefined): readonly string[] | undefined {
  if (resource?.type === 'core.Service') {
    const { clusterIP } = resource.spec;
    return clusterIP === 'None' ? [] : [clusterIP ?? addressOf(serviceHost(resource))];
  }
  if (resource?.type !== 'istio.ServiceEntry') return undefined;
  const { addresses = [] } = resource.spec;
  return addresses.some(address => address.includes('/')) ? undefined : addresses;
}

/** @returns the address that stands for what an API server would hand out, always the same for a host */
export function addressOf(host: string): string {
  const [third = 0, fourth = 0] = createHash('sha256').update(host).digest();
  return `10.128.${third}.${1 + (fourth % 254)}`;
}
