import { placeOf } from '../../2-decode/place-of.ts';
import { isType, type Resource } from '../../2-decode/resource.ts';
import type { Facts } from '../../3-link/facts.ts';
import { hostsOverlap } from '../../3-link/hostname.ts';
import { installationNamespace } from '../../3-link/root-namespace.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import type { FieldPath } from '../../yaml/source.ts';
import { isRecord } from '../../yaml/yaml-node.ts';
import type { Unit } from '../unit.ts';
import type { GatewayPods } from './gateway-policies.ts';
import { listed } from './policy-places.ts';

type Labels = Readonly<Record<string, unknown>>;
type Other = Resource<'other.Object'>;

/**
 * Names what chooses the old pods of converted Istio Gateways and knows nothing of the new ones, whose Deployment is
 * called NAME-istio and whose pods have the label gateway.networking.k8s.io/gateway-name.
 *
 * @see istio.io/istio/pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go
 */
export function reportChoosers(
  facts: Facts,
  pods: GatewayPods,
  units: readonly Unit[],
  report: Report,
): void {
  for (const rule of facts.resources.filter(isType('istio.DestinationRule'))) {
    const labels = rule.spec.workloadSelector?.matchLabels;
    if (labels !== undefined && chooses(labels, rule.namespace, pods))
      say(report, rule, ['spec', 'workloadSelector'], pods, {
        effect: 'its settings for connections to backends, TLS among them, do not apply there',
        remedy:
          'Select the new pods by label gateway.networking.k8s.io/gateway-name in a second DestinationRule.',
      });
  }
  for (const object of facts.resources.filter(isType('other.Object'))) {
    const found = choiceOf(object, pods);
    if (found !== undefined) say(report, object, found.field, pods, found);
    if (object.kind === 'Ingress') reportIngress(object, pods, units, report);
  }
}

interface Choice {
  readonly field: FieldPath;
  readonly effect: string;
  readonly remedy: string;
}

/** How an object chooses the old pods, and the consequence for the new ones. */
function choiceOf(object: Other, pods: GatewayPods): Choice | undefined {
  const { kind, spec, namespace } = object;
  const deployments = listed(
    pods.gateways.map(({ gateway }) => `${gateway.namespace}/${gateway.name}-istio`),
  );
  switch (kind) {
    case 'HorizontalPodAutoscaler':
    case 'ScaledObject': {
      if (!isOldDeployment(spec['scaleTargetRef'], namespace, pods)) return undefined;
      const parameters =
        kind === 'ScaledObject' ? '' : ', or put it into the ConfigMap of infrastructure.parametersRef';
      return {
        field: ['spec', 'scaleTargetRef'],
        effect: 'the new Deployment has one replica and is not scaled',
        remedy: `Write a ${kind} for Deployment ${deployments}${parameters}.`,
      };
    }
    case 'VerticalPodAutoscaler':
      return isOldDeployment(spec['targetRef'], namespace, pods)
        ? {
            field: ['spec', 'targetRef'],
            effect: 'the resources that the new pods request are not adjusted',
            remedy: `Write a VerticalPodAutoscaler for Deployment ${deployments}.`,
          }
        : undefined;
    case 'PodMonitor':
      return choosesBy(spec['selector'], namespace, pods)
        ? {
            field: ['spec', 'selector'],
            effect: 'their metrics are not scraped',
            remedy:
              'Write a PodMonitor that selects the new pods by label gateway.networking.k8s.io/gateway-name.',
          }
        : undefined;
    case 'PodDisruptionBudget':
      return choosesBy(spec['selector'], namespace, pods)
        ? {
            field: ['spec', 'selector'],
            effect: 'a drain of a node may stop all of its pods at once',
            remedy: `Write a PodDisruptionBudget for the pods of Deployment ${deployments}.`,
          }
        : undefined;
    case 'PeerAuthentication':
      return choosesBy(spec['selector'], namespace, pods)
        ? {
            field: ['spec', 'selector'],
            effect: 'its mTLS mode does not apply there',
            remedy:
              'Write a PeerAuthentication that selects the new pods by label gateway.networking.k8s.io/gateway-name.',
          }
        : undefined;
    case 'NetworkPolicy':
      return networkChoice(object, pods);
    default:
      return undefined;
  }
}

/** @param target a reference as autoscalers have it; without a kind it is a Deployment for KEDA */
function isOldDeployment(target: unknown, namespace: string, pods: GatewayPods): boolean {
  const { kind = 'Deployment', name } = recordOf(target);
  return (
    kind === 'Deployment' && pods.deployments.some(own => own === name) && pods.namespaces.includes(namespace)
  );
}

function networkChoice({ spec, namespace }: Other, pods: GatewayPods): Choice | undefined {
  if (choosesBy(spec['podSelector'], namespace, pods))
    return {
      field: ['spec', 'podSelector'],
      effect: 'its rules do not apply there',
      remedy: 'Write a NetworkPolicy for pods with label gateway.networking.k8s.io/gateway-name.',
    };
  const rules = Array.isArray(spec['ingress']) ? spec['ingress'].map(recordOf) : [];
  for (const [index, rule] of rules.entries()) {
    const peers = Array.isArray(rule['from']) ? rule['from'].map(recordOf) : [];
    for (const [position, peer] of peers.entries()) {
      const ofNamespace = recordOf(recordOf(peer['namespaceSelector'])['matchLabels']);
      const named = ofNamespace['kubernetes.io/metadata.name'];
      const isOldNamespace =
        typeof named === 'string' &&
        pods.namespaces.includes(named) &&
        pods.gateways.some(({ gateway }) => gateway.namespace !== named);
      if (!choosesBy(peer['podSelector'], undefined, pods) && !isOldNamespace) continue;
      return {
        field: ['spec', 'ingress', index, 'from', position],
        effect: 'it does not allow connections from there',
        remedy:
          'Also allow pods with label gateway.networking.k8s.io/gateway-name in the namespace of the Gateway.',
      };
    }
  }
  return undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function choosesBy(selector: unknown, namespace: string | undefined, pods: GatewayPods): boolean {
  const { matchLabels, matchExpressions } = recordOf(selector);
  return chooses({ ...expressed(matchExpressions, pods), ...recordOf(matchLabels) }, namespace, pods);
}

/** Expressions that one of the values of a label satisfies, as labels: the one that the pods have, if they have one. */
function expressed(expressions: unknown, { labels: known }: GatewayPods): Labels {
  const list = Array.isArray(expressions) ? expressions.map(recordOf) : [];
  return Object.fromEntries(
    list.flatMap(({ key, operator, values }) => {
      if (typeof key !== 'string' || operator !== 'In' || !Array.isArray(values)) return [];
      const own = values.find(value => value === known[key]) ?? values[0];
      return [[key, own] as const];
    }),
  );
}

/** Labels that contradict none that are known and have one of them in common; the rest of the pods' labels is not known. */
function chooses(labels: Labels, namespace: string | undefined, pods: GatewayPods): boolean {
  const known: Labels = pods.labels;
  const wanted = Object.entries(labels);
  const isNear =
    namespace === undefined || namespace === installationNamespace || pods.namespaces.includes(namespace);
  return (
    isNear &&
    wanted.some(([key, value]) => known[key] === value) &&
    wanted.every(([key, value]) => (known[key] ?? value) === value)
  );
}

function say(
  report: Report,
  object: Other | Resource<'istio.DestinationRule'>,
  field: FieldPath,
  { gateways }: GatewayPods,
  { effect, remedy }: Pick<Choice, 'effect' | 'remedy'>,
): void {
  if (object.source === undefined) return;
  report('gateway-pods-chosen', placeOf(object, ...field), {
    object: `${object.kind} ${object.namespace}/${object.name}`,
    gateway: listed(gateways.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`)),
    effect,
    remedy,
  });
}

/** An Ingress of class istio is served by the old pods, whatever becomes of the VirtualServices of the host. */
function reportIngress(object: Other, pods: GatewayPods, units: readonly Unit[], report: Report): void {
  const { spec, metadata } = object;
  const ofClass = spec['ingressClassName'] ?? metadata.annotations?.['kubernetes.io/ingress.class'];
  if (ofClass !== 'istio' || object.source === undefined) return;
  const names = new Set(pods.gateways.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`));
  const hosts = units
    .filter(({ vs }) => vs.gateways.some(gateway => names.has(gateway)))
    .flatMap(({ vs }) => vs.hosts);
  const rules = Array.isArray(spec['rules']) ? spec['rules'].map(recordOf) : [];
  for (const [index, rule] of rules.entries()) {
    const host = typeof rule['host'] === 'string' ? rule['host'] : '*';
    if (!hosts.some(own => hostsOverlap(own, host))) continue;
    report('ingress-beside-gateway', placeOf(object, 'spec', 'rules', index), {
      ingress: `${object.namespace}/${object.name}`,
      host,
      gateway: listed([...names]),
    });
    return;
  }
}
