import { type AnyResource, isType } from '../2-decode/resource.ts';
import { serviceHost, serviceNameOf } from '../3-link/host.ts';
import { resolveVirtualServices } from '../3-link/resolve-virtual-services.ts';
import {
  buildDestinationRules,
  type DestinationRules,
  destinationRulesFor,
  findSubset,
} from '../3-link/subsets/destination-rules.ts';
import { destinationsOf } from '../3-link/subsets/destinations.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';

/** Something that a pull request takes away and that a VirtualService of its head uses. */
export interface RemovedUse {
  /** `subset v1`; empty where the whole object goes. */
  readonly part: string;
  /** The object that has it before. */
  readonly owner: ResourceRef;
  /** The file that the object is in before. */
  readonly file: string;
  /** The text that is looked for to find its lines. */
  readonly name: string;
  readonly users: readonly ResourceRef[];
}

/**
 * Finds the subsets, Services and Istio Gateways that are there before and not after, of those that VirtualServices name after.
 *
 * @param before all objects of the base
 * @param after all objects of the head
 */
export function removedUses(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
): readonly RemovedUse[] {
  const found = new Map<string, { use: Omit<RemovedUse, 'users'>; users: Map<string, ResourceRef> }>();
  const add = (owner: AnyResource, part: string, name: string, user: AnyResource): void => {
    const key = JSON.stringify([refOf(owner), part]);
    const file = owner.source?.document.file.path ?? '';
    const known = found.get(key) ?? { use: { owner: refOf(owner), part, name, file }, users: new Map() };
    known.users.set(JSON.stringify(refOf(user)), refOf(user));
    found.set(key, known);
  };
  const rules = [buildDestinationRules(before), buildDestinationRules(after)] as const;
  const services = [servicesOf(before), servicesOf(after)] as const;
  const gateways = [gatewaysOf(before), gatewaysOf(after)] as const;
  for (const vs of resolveVirtualServices(after)) {
    const user = vs.resource;
    for (const { host, subset } of destinationsOf(vs)) {
      const service = services[0].get(host);
      if (service !== undefined && !services[1].has(host)) add(service, '', service.name, user);
      if (!subset) continue;
      const owner = subsetOwner(rules[0], host, subset, vs.namespace);
      if (owner !== undefined && subsetOwner(rules[1], host, subset, vs.namespace) === undefined)
        add(owner, `subset ${subset}`, subset, user);
    }
    for (const name of vs.gateways) {
      const gateway = gateways[0].get(name);
      if (gateway !== undefined && !gateways[1].has(name)) add(gateway, '', gateway.name, user);
    }
  }
  return [...found.values()].map(({ use, users }) => ({ ...use, users: [...users.values()] }));
}

function subsetOwner(
  rules: DestinationRules,
  host: string,
  subset: string,
  client: string,
): AnyResource | undefined {
  const namespace = serviceNameOf(host)?.namespace ?? client;
  const seen = destinationRulesFor(rules, host, namespace, client);
  return findSubset(seen, subset) === undefined
    ? undefined
    : seen.find(({ spec }) => spec.subsets?.some(({ name }) => name === subset));
}

function servicesOf(resources: readonly AnyResource[]): ReadonlyMap<string, AnyResource> {
  return new Map(resources.filter(isType('core.Service')).map(service => [serviceHost(service), service]));
}

function gatewaysOf(resources: readonly AnyResource[]): ReadonlyMap<string, AnyResource> {
  return new Map(
    resources
      .filter(isType('istio.Gateway'))
      .map(gateway => [`${gateway.namespace}/${gateway.name}`, gateway]),
  );
}
