import type { Resource } from '../../2-decode/resource.ts';
import type { ServicePort } from '../../gateway-api/service.ts';
import { isRecord } from '../../yaml/yaml-node.ts';
import { isInherited } from '../subsets/inherited-by-versions.ts';
import type { ObjectPatch } from './kustomize-patches.ts';

/** The parts of a port that routes repeat. */
const repeated = ['port', 'name', 'appProtocol', 'protocol'] as const;

/** Services for versions also repeat the port of the pods. */
const repeatedByVersions = [...repeated, 'targetPort'] as const;

/**
 * Whether a patch of a Service changes what the routes to it repeat: the numbers and names of its ports, or what it
 * stands for. A `targetPort`, a `nodePort` and a `type: LoadBalancer` change nothing for routes; Services for versions repeat
 * a `targetPort`.
 *
 * @param service as it is without the patch
 * @param withSelector whether there is a Service for a version of it, which repeats its selector and the ports of its pods
 */
export function changesForRoutes(
  { merge, operations, metadataOnly }: ObjectPatch,
  service: Resource<'core.Service'>,
  withSelector: boolean,
): boolean {
  if (withSelector && changesInherited(merge, operations)) return true;
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
    ports.some(port => !isAsBefore(port, service.spec.ports ?? [], withSelector))
  );
}

/** kubernetes merges ports by their number. */
function isAsBefore(patched: unknown, ports: readonly ServicePort[], withVersions: boolean): boolean {
  if (!isRecord(patched) || '$patch' in patched) return false;
  const known = ports.find(({ port }) => port === patched['port']);
  if (known === undefined) return false;
  const before = { ...known, targetPort: known.targetPort ?? known.port };
  return (withVersions ? repeatedByVersions : repeated).every(
    field => patched[field] === undefined || patched[field] === before[field],
  );
}

const pointerTo = (fields: readonly string[]) =>
  new RegExp(`^/spec(?:/ports(?:/[^/]+(?:/(?:${fields.join('|')}))?)?)?/?$`);
const ofPort = pointerTo(repeated);
const ofPortOfVersion = pointerTo(repeatedByVersions);
const ofSelector = /^\/spec\/selector(?:\/|$)/;
const ofWhatItStandsFor = /^(?:\/?|\/spec\/externalName|\/metadata\/name(?:space)?)$/;

/** Whether an operation of a JSON patch is about such a field; those that only test change nothing. */
function touches(operation: unknown, withSelector: boolean): boolean {
  if (!isRecord(operation) || operation['op'] === 'test') return false;
  if (operation['path'] === '/spec/type') return operation['value'] === 'ExternalName';
  return [operation['path'], operation['op'] === 'move' ? operation['from'] : undefined].some(
    pointer =>
      typeof pointer === 'string' &&
      ((withSelector ? ofPortOfVersion : ofPort).test(pointer) ||
        ofWhatItStandsFor.test(pointer) ||
        (withSelector && ofSelector.test(pointer))),
  );
}

/** Whether a patch is about what Services for versions inherit besides ports and selector. */
function changesInherited(merge: ObjectPatch['merge'], operations: ObjectPatch['operations']): boolean {
  for (const operation of operations ?? []) {
    if (!isRecord(operation) || operation['op'] === 'test') continue;
    const [, top, second, third] = String(operation['path'] ?? '')
      .split('/')
      .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (top === 'spec' && second !== undefined && isInherited('spec', second)) return true;
    if (top !== 'metadata' || (second !== 'labels' && second !== 'annotations')) continue;
    const names = third === undefined ? Object.keys(recordOf(operation['value'])) : [third];
    if (names.some(name => isInherited(second, name))) return true;
  }
  const { metadata, spec } = merge ?? {};
  return (
    Object.keys(recordOf(spec)).some(name => isInherited('spec', name)) ||
    (['labels', 'annotations'] as const).some(part =>
      Object.keys(recordOf(recordOf(metadata)[part])).some(name => isInherited(part, name)),
    )
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
