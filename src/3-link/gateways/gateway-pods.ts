import { type AnyResource, isType, type Resource } from '../../2-decode/resource.ts';
import type { ServicePort } from '../../gateway-api/service.ts';
import { ownValue } from '../../yaml/own-value.ts';
import { canonicalJson } from '../canonical.ts';
import { groupByEach } from '../group-by.ts';
import { areSelected } from '../labels.ts';
import { protocolOf } from '../service-protocol.ts';

/**
 * Where the pods of an Istio Gateway run, as far as a Service that was shown tells: one that selects pods with all the labels
 * that the Gateway asks for.
 *
 * @returns undefined when no Service tells, or several do that are in different namespaces
 */
export function podsNamespaceOf(
  servicesOfPods: ServicesOfPods,
  selector: Readonly<Record<string, string>> = {},
): string | undefined {
  const namespaces = new Set(servicesOfPods(selector).map(({ namespace }) => namespace));
  const [only] = namespaces;
  return namespaces.size === 1 ? only : undefined;
}

/** @returns the ways to the pods of an Istio Gateway; none where Services of several namespaces have such pods */
export function waysToPodsOf(
  servicesOfPods: ServicesOfPods,
  selector: Readonly<Record<string, string>> = {},
): readonly WayToPods[] {
  const services = servicesOfPods(selector);
  return new Set(services.map(({ namespace }) => namespace)).size === 1 ? waysToPods(services) : [];
}

/** Finds the Services that select pods with all the labels that an Istio Gateway asks for; none where it asks for none. */
export type ServicesOfPods = (
  selector: Readonly<Record<string, string>>,
) => readonly Resource<'core.Service'>[];

/** Services are put in order by their labels when somebody first asks. */
export function servicesOfPodsIn(resources: readonly AnyResource[]): ServicesOfPods {
  let byLabel: ReadonlyMap<string, readonly Resource<'core.Service'>[]> | undefined;
  const keyOf = ([name, value]: readonly [string, string]) => `${name}=${value}`;
  return selector => {
    const wanted = Object.entries(selector);
    const [first] = wanted;
    if (first === undefined) return [];
    byLabel ??= groupByEach(resources.filter(isType('core.Service')), ({ spec }) =>
      Object.entries(spec.selector ?? {}).map(keyOf),
    );
    const services = byLabel.get(keyOf(first)) ?? [];
    return wanted.length === 1
      ? services
      : services.filter(({ spec }) => areSelected(spec.selector ?? {}, selector));
  };
}

/** Finds all the labels that the pods of an Istio Gateway are known to have, by those that it asks for. */
export type PodLabels = (selector: Selector | undefined) => Selector;

/**
 * Pods have the labels that every Service of theirs selects by. Where no Service of them is shown, those of Istio's
 * installations are known by one label: `istio: ingressgateway` has `app: istio-ingressgateway` beside it, and so on, in the
 * charts of Istio as in its profiles.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/gateway/templates/_helpers.tpl
 */
export function podLabelsBy(servicesOfPods: ServicesOfPods): PodLabels {
  return (selector = {}) => {
    const [first, ...more] = servicesOfPods(selector).map(({ spec }) => spec.selector ?? {});
    if (first === undefined) return installedLabels(selector);
    const common = Object.entries(first).filter(([key, value]) =>
      more.every(other => ownValue(other, key) === value),
    );
    return { ...Object.fromEntries(common), ...selector };
  };
}

/** @returns a selector with the label that installations of Istio set beside the only one that it asks for */
export function installedLabels(selector: Selector = {}): Selector {
  const { app, istio, ...others } = selector;
  if (Object.keys(others).length > 0 || (app === undefined) === (istio === undefined)) return selector;
  if (istio !== undefined) return { ...selector, app: istio.startsWith('istio-') ? istio : `istio-${istio}` };
  return app?.startsWith('istio-') ? { ...selector, istio: app.slice('istio-'.length) } : selector;
}

/** A port of a Service of gateway pods. */
export interface WayToPods {
  readonly service: Resource<'core.Service'>;
  readonly port: number;
  /** A port of the pods, or the name of one. */
  readonly leadsTo: number | string;
  /** Whether istiod finds the port of the pods by it. */
  readonly isKnown: boolean;
}

/** A Service with it is not asked for the ports of servers (model/gateway.go, DisableGatewayPortTranslationLabel). */
const withoutTranslation = 'experimental.istio.io/disable-gateway-port-translation';

/**
 * The ports by which clients come to the pods of some Services. Where ports of one Service lead to one port of the pods
 * and speak one protocol istiod knows the first alone.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/kube/controller/controller.go, GetProxyServiceTargetsByPod
 */
export function waysToPods(services: readonly Resource<'core.Service'>[]): readonly WayToPods[] {
  return services.flatMap(service => {
    const known = new Set<string>();
    const isTranslated = service.metadata.labels?.[withoutTranslation] === undefined;
    return (service.spec.ports ?? []).filter(carriesConnections).map(written => {
      const { port, targetPort: leadsTo = port } = written;
      const target = `${leadsTo} ${protocolOf(port, written.name, written.protocol, written.appProtocol)}`;
      const isKnown = isTranslated && !known.has(target);
      known.add(target);
      return { service, port, leadsTo, isKnown };
    });
  });
}

function carriesConnections({ protocol = 'TCP' }: ServicePort): boolean {
  return protocol === 'TCP';
}

/**
 * The port of the pods at which a server of an Istio Gateway listens: the one that its own port leads to, and its own where
 * no Service has it.
 *
 * @see istio.io/istio/pilot/pkg/model/gateway.go, resolvePorts
 */
export function listeningPort(port: number, ways: readonly WayToPods[]): number | string {
  return ways.find(way => way.isKnown && way.port === port)?.leadsTo ?? port;
}

type Selector = Readonly<Record<string, string>>;

/** The pods of an Istio Gateway. */
export interface SelectedPods {
  /** The labels that the Gateway asks for. */
  readonly selector: Selector | undefined;
  /** All that the pods are known to have (PodLabels). */
  readonly labels: Selector;
}

/**
 * Whether two Istio Gateways are served by the same pods: pods of one have all labels that the other asks for.
 *
 * @see istio.io/istio/pilot/pkg/model/push_context.go, mergeGateways
 */
export function selectSamePods(a: SelectedPods, b: SelectedPods): boolean {
  return areSelected(a.labels, b.selector) || areSelected(b.labels, a.selector);
}

/** Puts the pods of Istio Gateways into classes of those that are shared, also through others. */
export function podClasses(all: readonly SelectedPods[]): (pods: SelectedPods) => string {
  const keyOf = ({ selector = {}, labels }: SelectedPods) => canonicalJson([selector, labels]);
  const byKey = new Map(all.map(pods => [keyOf(pods), pods]));
  const classes = new Map<string, string>();
  for (const [key, pods] of byKey) {
    const joined = [...classes].filter(([other]) => {
      const others = byKey.get(other);
      return others !== undefined && selectSamePods(pods, others);
    });
    const merged = new Set(joined.map(([, name]) => name));
    for (const [other, name] of classes) if (merged.has(name)) classes.set(other, key);
    classes.set(key, key);
  }
  return pods => classes.get(keyOf(pods)) ?? keyOf(pods);
}

/** The names that the Deployment, the Service and the service account of gateway pods may have, and their namespaces. */
export interface GatewayPodNames {
  readonly names: readonly string[];
  /** The one of their Service, else those that installations use. */
  readonly namespaces: readonly string[];
}

/**
 * Tells how the old pods of an Istio Gateway may be called, by its selector: istioctl labels them `istio: ingressgateway`,
 * and the Helm chart labels those of release `istio-ingress` with `app: istio-ingress` and `istio: ingress`, in a namespace
 * that is mostly called as the release.
 *
 * @param own the namespace of the Istio Gateway
 * @see https://github.com/istio/istio/blob/master/manifests/charts/gateway/templates/_helpers.tpl
 */
export function gatewayPodNames(
  selector: Readonly<Record<string, string>>,
  services: readonly Resource<'core.Service'>[],
  own: string,
): GatewayPodNames {
  const { istio, app } = selector;
  const release = istio === undefined ? [] : [istio.startsWith('istio-') ? istio : `istio-${istio}`, istio];
  const names = [...services.map(({ name }) => name), ...release, ...(app === undefined ? [] : [app])];
  const usual = istio === 'ingressgateway' ? ['istio-ingress'] : [];
  const found = services.map(({ namespace }) => namespace);
  return {
    names: [...new Set([...names, ...usual])],
    namespaces: [
      ...new Set(found.length > 0 ? found : [own, 'istio-system', 'istio-ingress', ...release.slice(0, 1)]),
    ],
  };
}
