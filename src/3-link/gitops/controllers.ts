import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import { resolveGateway } from '../host.ts';
import { type Owner, ownerOf } from './ownership.ts';

/** The objects that controllers write or name, by `NAMESPACE/NAME`, and the controller of each. */
export interface Controllers {
  readonly virtualServices: ReadonlyMap<string, Owner>;
  readonly gateways: ReadonlyMap<string, Owner>;
  /** Those of these that a controller writes, or a platform such as Knative; no VirtualService takes them along. */
  readonly platformGateways: ReadonlyMap<string, Owner>;
  /** The DestinationRules that a controller writes labels of subsets into. */
  readonly destinationRules: ReadonlyMap<string, Owner>;
  /** The Services whose selector a controller writes: they stand for no fixed version. */
  readonly services: ReadonlyMap<string, Owner>;
}

/** Gateways that a platform names in its own settings, wherever its manifests are. */
const platformNames: readonly (readonly [RegExp, string])[] = [
  [/^knative-serving\/knative-(ingress|local)-gateway$/, 'Knative Serving'],
  [/^istio-system\/(knative-local-gateway|cluster-local-gateway)$/, 'Knative Serving'],
  [/^kserve\/kserve-(ingress|local)-gateway$/, 'KServe'],
  [/^kubeflow\/kubeflow-gateway$/, 'Kubeflow'],
];

/**
 * Finds the objects that controllers write at run time, by the settings that the controllers have: the objects themselves
 * need not say so.
 *
 * Flagger writes the VirtualService and the Services `NAME`, `NAME-primary` and `NAME-canary`, and DestinationRules of the
 * last two, where NAME is `service.name`, or else `targetRef.name`. Argo Rollouts writes weights into VirtualServices,
 * `rollouts-pod-template-hash` into two subsets and into the selectors of the Services of a Rollout, which it annotates with
 * `argo-rollouts.argoproj.io/managed-by-rollouts`.
 *
 * @see https://docs.flagger.app/usage/how-it-works#canary-service
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/
 */
export function controllersIn(resources: readonly AnyResource[]): Controllers {
  const virtualServices = new Map<string, Owner>();
  const gateways = new Map<string, Owner>();
  const platformGateways = new Map<string, Owner>();
  const destinationRules = new Map<string, Owner>();
  const services = new Map<string, Owner>();
  for (const resource of resources) {
    const key = `${resource.namespace}/${resource.name}`;
    if (resource.type === 'istio.Gateway') {
      const owner = ownerOf(resource) ?? platformOf(resource);
      if (owner !== undefined) {
        gateways.set(key, owner);
        platformGateways.set(key, owner);
      }
    } else if (resource.type === 'istio.DestinationRule') {
      const owner = ownerOf(resource) ?? hashed(resource);
      if (owner !== undefined) destinationRules.set(key, owner);
    } else if (resource.type === 'core.Service') {
      const owner = rolloutOf(resource);
      if (owner !== undefined) services.set(key, owner);
    }
  }
  for (const { namespace, name, spec } of resources.filter(isType('argo.Rollout'))) {
    const owner: Owner = { name: 'Argo Rollouts', sign: `Rollout ${namespace}/${name} names it` };
    const { canaryService, stableService, pingPong = {}, trafficRouting } = spec.strategy?.canary ?? {};
    const { activeService, previewService } = spec.strategy?.blueGreen ?? {};
    const { pingService, pongService } = pingPong;
    const written = [canaryService, stableService, pingService, pongService, activeService, previewService];
    for (const service of written) if (service) services.set(`${namespace}/${service}`, owner);
    const { virtualService, virtualServices: several = [], destinationRule } = trafficRouting?.istio ?? {};
    for (const listed of [virtualService, ...several])
      if (listed?.name) virtualServices.set(keyOf(listed.name, namespace), owner);
    if (destinationRule?.name) destinationRules.set(keyOf(destinationRule.name, namespace), owner);
  }
  for (const { namespace, name, spec } of resources.filter(isType('flagger.Canary'))) {
    const written = spec.service?.name || spec.targetRef?.name;
    const owner: Owner = { name: 'Flagger', sign: `Canary ${namespace}/${name} names it` };
    for (const gateway of spec.service?.gateways ?? [])
      if (gateway !== 'mesh') gateways.set(resolveGateway(gateway, namespace), owner);
    if (!written) continue;
    virtualServices.set(`${namespace}/${written}`, owner);
    for (const suffix of ['', '-primary', '-canary']) services.set(`${namespace}/${written}${suffix}`, owner);
    for (const suffix of ['-primary', '-canary'])
      destinationRules.set(`${namespace}/${written}${suffix}`, owner);
  }
  return { virtualServices, gateways, platformGateways, destinationRules, services };
}

/** The key of `NAME` or `NAME.NAMESPACE`; a name may have periods itself, so that the last one counts. */
function keyOf(listed: string, namespace: string): string {
  const period = listed.lastIndexOf('.');
  return period < 0 ? `${namespace}/${listed}` : `${listed.slice(period + 1)}/${listed.slice(0, period)}`;
}

function platformOf({ namespace, name }: AnyResource): Owner | undefined {
  const found = platformNames.find(([pattern]) => pattern.test(`${namespace}/${name}`));
  return found === undefined
    ? undefined
    : { name: found[1], sign: `the settings of ${found[1]} name ${namespace}/${name}` };
}

/** The label that Argo Rollouts writes into the subsets and selectors that it moves. */
const hashLabel = 'rollouts-pod-template-hash';

function hashed({ spec }: Resource<'istio.DestinationRule'>): Owner | undefined {
  const subset = spec.subsets?.find(({ labels = {} }) => Object.hasOwn(labels, hashLabel));
  return subset === undefined
    ? undefined
    : { name: 'Argo Rollouts', sign: `label ${hashLabel} of subset ${subset.name}` };
}

/** Argo Rollouts annotates a Service whose selector it writes; one that was read back from a cluster has the hash as well. */
function rolloutOf({ metadata, spec }: Resource<'core.Service'>): Owner | undefined {
  const owner = ownerOf({ metadata: { ...metadata, ownerReferences: [] } });
  if (owner?.name === 'Argo Rollouts') return owner;
  return Object.hasOwn(spec.selector ?? {}, hashLabel)
    ? { name: 'Argo Rollouts', sign: `label ${hashLabel} of its selector` }
    : undefined;
}

/** The controller that writes a VirtualService, or writes a delegate that it names. */
export function controllerOf(
  { virtualServices }: Controllers,
  resource: Resource<'istio.VirtualService'>,
  byName: ReadonlyMap<string, Resource<'istio.VirtualService'>>,
): Owner | undefined {
  const own = ownerOf(resource) ?? virtualServices.get(`${resource.namespace}/${resource.name}`);
  if (own !== undefined) return own;
  for (const { delegate } of resource.spec.http ?? []) {
    if (delegate === undefined) continue;
    const key = `${delegate.namespace || resource.namespace}/${delegate.name ?? ''}`;
    const found = byName.get(key);
    const owner = virtualServices.get(key) ?? (found === undefined ? undefined : ownerOf(found));
    if (owner !== undefined)
      return { name: owner.name, sign: `through its delegate, VirtualService ${key}: ${owner.sign}` };
  }
  return undefined;
}
