import { isRecord } from '../1-read/yaml-node.ts';
import type { Resource } from '../2-decode/resource.ts';
import type { ServicePort } from '../gateway-api/service.ts';
import type { ObjectPatch } from './kustomize-patches.ts';

/** What routes and Services per version repeat of a port; the rest is between the Service and its pods. */
const repeated = ['port', 'name', 'appProtocol', 'protocol'] as const;

/**
 * Whether a patch of a Service changes what the routes to it repeat: the numbers and names of its ports, or what it
 * stands for. A `targetPort`, a `nodePort` and a `type: LoadBalancer` change nothing for routes.
 *
 * @param service as it is without the patch
 * @param withSelector whether a Service for a version of it repeats its selector, too
 */
export function changesForRoutes(
  { merge, operations, metadataOnly }: ObjectPatch,
  service: Resource<'core.Service'>,
  withSelector: boolean,
): boolean {
  if (metadataOnly) return false;
  if (operations !== undefined)
    return operations.some(operation => touches(operation, withSelector) || !isRecord(operation));
  if (merge === undefined || '$patch' in merge) return true;
  const { spec = {} } = merge;
  if (!isRecord(spec)) return true;
  const { ports = [], selector, externalName, type } = spec;
  return (
    '$patch' in spec ||
    externalName !== undefined ||
    type === 'ExternalName' ||
    (withSelector && selector !== undefined) ||
    !Array.isArray(ports) ||
    ports.some(port => !isAsBefore(port, service.spec.ports ?? []))
  );
}

/** kubernetes merges ports by their number. */
function isAsBefore(patched: unknown, ports: readonly ServicePort[]): boolean {
  if (!isRecord(patched) || '$patch' in patched) return false;
  const known = ports.find(({ port }) => port === patched['port']);
  return (
    known !== undefined &&
    repeated.every(field => patched[field] === undefined || patched[field] === known[field])
  );
}

const ofPort = new RegExp(`^/spec(?:/ports(?:/[^/]+(?:/(?:${repeated.join('|')}))?)?)?/?$`);
const ofSelector = /^\/spec\/selector(?:\/|$)/;
const ofWhatItStandsFor = /^(?:\/?|\/spec\/externalName|\/metadata\/name(?:space)?)$/;

/** Whether an operation of a JSON patch is about such a field; those that only test change nothing. */
function touches(operation: unknown, withSelector: boolean): boolean {
  if (!isRecord(operation) || operation['op'] === 'test') return false;
  if (operation['path'] === '/spec/type') return operation['value'] === 'ExternalName';
  return [operation['path'], operation['op'] === 'move' ? operation['from'] : undefined].some(
    pointer =>
      typeof pointer === 'string' &&
      (ofPort.test(pointer) || ofWhatItStandsFor.test(pointer) || (withSelector && ofSelector.test(pointer))),
  );
}
