import type { Facts } from '../../3-link/facts.ts';
import { podsNamespaceOf } from '../../3-link/gateways/gateway-pods.ts';
import { describeApplier } from '../../3-link/gitops/appliers.ts';
import { ownerOf } from '../../3-link/gitops/ownership.ts';
import { areSelected } from '../../3-link/labels.ts';
import { coverageOf, type Policy, policiesOf } from '../../3-link/policies/policies.ts';
import { attributesOf, type Peer } from '../../3-link/policies/policy-attributes.ts';
import type { MeshService } from '../../3-link/registry.ts';
import { type WaypointRef, waypointOf } from '../../3-link/waypoints.ts';
import type { PolicyTargetReference } from '../../istio/security.ts';
import { formatFieldPath } from '../../yaml/source.ts';
import { admitsOnly } from './policy-effects.ts';
import { listed } from './policy-places.ts';

/** Targets that a policy can name instead of selecting pods, so that a waypoint enforces it on the same requests. */
export interface Move {
  readonly targets: readonly PolicyTargetReference[];
  readonly services: readonly MeshService[];
  readonly waypoint: WaypointRef;
}

/** Why a policy has to go on choosing pods, and what helps. */
export interface NoMove {
  readonly reason: string;
  readonly remedy: string;
}

/** A Service that a converted route attaches to, and its waypoint. */
export interface AttachedService {
  readonly service: MeshService;
  readonly waypoint: WaypointRef;
}

/** As many as the CRD admits. */
export const maxTargets = 16;
const byHand = 'Write a policy with targetRefs by hand.';

/**
 * Works out which policies can name Services or the waypoint instead of choosing pods. Policies that are decided together move
 * together or not at all: one ALLOW policy at ztunnel and another at the waypoint would both have to admit a request.
 *
 * @param attached what waypoints serve once everything is converted
 * @param added Services that the conversion writes, of the same pods
 */
export function movesOf(
  facts: Facts,
  attached: readonly AttachedService[],
  added: readonly MeshService[],
  waypoints: readonly Peer[],
): ReadonlyMap<Policy, Move | NoMove> {
  const concerned = policiesOf(facts.resources).filter(
    policy =>
      !admitsOnly(policy, waypoints) &&
      attached.some(({ service }) => coverageOf(policy, service, facts.rootNamespace) !== 'none'),
  );
  const moves = new Map(concerned.map(policy => [policy, moveOf(facts, policy, attached, added)]));
  for (let isStable = false; !isStable; ) {
    isStable = true;
    for (const [policy, move] of moves) {
      if (!('targets' in move)) continue;
      const held = concerned.find(
        other =>
          other !== policy &&
          !('targets' in (moves.get(other) ?? {})) &&
          areDecidedTogether(policy, other) &&
          move.services.some(service => coverageOf(other, service, facts.rootNamespace) !== 'none'),
      );
      if (held === undefined) continue;
      moves.set(policy, heldBy(policy, held));
      isStable = false;
    }
  }
  return moves;
}

/** Whether one of two policies means something else when the other is enforced elsewhere. */
function areDecidedTogether(policy: Policy, other: Policy): boolean {
  if (isAllow(policy) && isAllow(other)) return true;
  return (
    (policy.type === 'istio.RequestAuthentication' && asksForTokens(other)) ||
    (other.type === 'istio.RequestAuthentication' && asksForTokens(policy))
  );
}

function isAllow(policy: Policy): boolean {
  return policy.type === 'istio.AuthorizationPolicy' && (policy.spec.action ?? 'ALLOW') === 'ALLOW';
}

function asksForTokens(policy: Policy): boolean {
  return attributesOf(policy).request.some(
    name => /requestPrincipals$/i.test(name) || name.startsWith('request.auth.'),
  );
}

function heldBy(policy: Policy, other: Policy): NoMove {
  const name = `${other.kind} ${other.namespace}/${other.name}`;
  return isAllow(policy) && isAllow(other)
    ? {
        reason: `${name} keeps its selector, and then a request would need to be allowed at the waypoint and at the pods`,
        remedy: `Allow the waypoint in ${name}, or give it targetRefs too. Then convert again.`,
      }
    : {
        reason: `${name} keeps its selector, and a token must be checked where a policy asks for it`,
        remedy: `Give ${name} targetRefs too. Then convert again.`,
      };
}

function moveOf(
  facts: Facts,
  policy: Policy,
  attached: readonly AttachedService[],
  added: readonly MeshService[],
): Move | NoMove {
  const owned = heldByOthers(facts, policy);
  if (owned !== undefined) return owned;
  if (facts.options.keepVirtualServices)
    return {
      reason:
        'while the VirtualServices stay, sidecars may serve requests too, and they enforce only policies with a selector',
      remedy:
        'Write a second policy with targetRefs beside this one. Or convert without --keep-virtual-services.',
    };
  if (policy.namespace === facts.rootNamespace)
    return {
      reason: `in namespace ${facts.rootNamespace} it applies to the whole mesh, and targetRefs name only objects of their own namespace`,
      remedy:
        'Write a second policy with a targetRef to GatewayClass istio-waypoint, which all waypoints enforce.',
    };
  if (policy.type === 'istio.AuthorizationPolicy' && (policy.spec.rules ?? []).length === 0)
    return {
      reason:
        'it has no rules and denies each request that no other policy allows, also to pods without a Service',
      remedy: 'Keep it. Allow the waypoint in an ALLOW policy that selects the pods.',
    };
  const strange = conditionElsewhere(policy);
  if (strange !== undefined)
    return { reason: `${strange} has another value at a waypoint, or none`, remedy: byHand };
  const isWhole = Object.keys(policy.spec.selector?.matchLabels ?? {}).length === 0;
  const found = isWhole
    ? servicesOfNamespace(facts, policy, attached)
    : servicesOfPods(facts, policy, attached);
  if ('reason' in found) return found;
  const port = attributesOf(policy).destination.length === 0 ? undefined : otherPort(found.services);
  if (port !== undefined)
    return {
      reason: `${port} of the pods, and a waypoint compares the port of the Service`,
      remedy: 'Write the policy with targetRefs by hand, with the ports of the Service.',
    };
  return isWhole ? found : withAdded(facts, policy, found, added);
}

/** Why a policy is not to be changed that somebody writes at run time, or a kustomization changes on its way. */
export function heldByOthers(facts: Facts, policy: Policy): NoMove | undefined {
  const owner = ownerOf(policy);
  if (owner !== undefined)
    return {
      reason: `its owner, ${owner.name}, would undo the change`,
      remedy: `Change the selector to targetRefs in the source from which ${owner.name} writes the policy, then test it.`,
    };
  const patch = (facts.patches.get(policy) ?? []).find(({ metadataOnly }) => !metadataOnly);
  if (patch !== undefined) {
    const file = patch.kustomization.source?.document.file.path ?? '';
    return {
      reason: `${file} patches it (${formatFieldPath(patch.path)}), and the patch may not fit targetRefs`,
      remedy: 'Write the patched policy into each overlay, without the patch. Then convert those.',
    };
  }
  const renamer = facts.renaming.get(policy.source?.document.file.path ?? '');
  if (renamer !== undefined)
    return {
      reason: `${describeApplier(renamer.by)} renames its targets, and kustomize does not rename targetRefs`,
      remedy:
        'Write targetRefs by hand, and list them under `nameReference` in a file that `configurations` of the kustomization names.',
    };
  return undefined;
}

/**
 * Attributes that are not at a waypoint as they are at the pods: names of connections, addresses they were opened to, Envoy's
 * own.
 */
function conditionElsewhere(policy: Policy): string | undefined {
  if (policy.type === 'istio.RequestAuthentication') return undefined;
  const keys = (policy.spec.rules ?? []).flatMap(({ when = [] }) => when.map(({ key }) => key));
  return keys.find(key => /^(connection\.|destination\.ip$|experimental\.)/.test(key));
}

function otherPort(services: readonly MeshService[]): string | undefined {
  for (const { name, ports } of services) {
    const other = ports.find(({ number, targetPort }) => targetPort !== number);
    if (other !== undefined)
      return `port ${other.number} of Service ${name} leads to port ${other.targetPort}`;
  }
  return undefined;
}

/** The Services of the pods that a policy chooses, provided that they have no others and are behind waypoints. */
function servicesOfPods(facts: Facts, policy: Policy, attached: readonly AttachedService[]): Move | NoMove {
  const unseen = attached.find(({ service }) => service.assumed && service.namespace === policy.namespace);
  if (unseen !== undefined)
    return {
      reason: `Service ${unseen.service.name} is not found in the input, so its pods are not known`,
      remedy: 'Add the Services of the namespace to the input, as paths or with --with FILE.',
    };
  const services = servicesIn(facts, policy.namespace).filter(
    service => coverageOf(policy, service, facts.rootNamespace) !== 'none',
  );
  const partly = services.find(service => coverageOf(policy, service, facts.rootNamespace) !== 'all');
  if (partly !== undefined)
    return {
      reason: `it may select only some pods of Service ${partly.name}, and targetRefs would protect all of them`,
      remedy: `Write a policy with targetRefs to a Service of exactly these pods. If all pods may be protected, name Service ${partly.name}.`,
    };
  const sorted = versionsLast(services);
  return behindWaypoints(facts, sorted, attached, sorted.map(toTarget));
}

/** Services of some of the pods of another come behind it, wherever they are written down. */
function versionsLast(services: readonly MeshService[]): readonly MeshService[] {
  const isVersion = ({ selector = {} }: MeshService): boolean =>
    services.some(({ selector: whole = {} }) => {
      const isSmaller = Object.keys(whole).length < Object.keys(selector).length;
      return isSmaller && areSelected(selector, whole);
    });
  return [...services.filter(one => !isVersion(one)), ...services.filter(isVersion)];
}

/** All Services of a namespace, provided that one waypoint serves them and nobody else. */
function servicesOfNamespace(
  facts: Facts,
  policy: Policy,
  attached: readonly AttachedService[],
): Move | NoMove {
  const { namespace } = policy;
  const services = servicesIn(facts, namespace);
  if (hasGateway(facts, namespace))
    return {
      reason: 'it has no selector and also protects the pods of a gateway in its namespace',
      remedy: 'Write two policies: one with targetRefs to the waypoint, one with targetRefs to the Gateway.',
    };
  const first = attached.find(({ service }) => service.namespace === namespace);
  const waypoint = first?.waypoint;
  if (waypoint === undefined || waypoint.namespace !== namespace)
    return {
      reason: 'its waypoint is in another namespace, and targetRefs name only objects of their own namespace',
      remedy: 'Write a policy with targetRefs to each Service of the namespace.',
    };
  const foreign = [...facts.registry.byHost.values()].find(service => {
    const found = service.namespace === namespace ? undefined : waypointOf(facts.waypoints, service);
    return found?.kind === 'found' && isSame(found.waypoint, waypoint);
  });
  if (foreign !== undefined)
    return {
      reason: `waypoint ${waypoint.name} also serves ${foreign.kind} ${foreign.name} of namespace ${foreign.namespace}, whose requests it would check too`,
      remedy: 'Write a policy with targetRefs to each Service of the namespace.',
    };
  const target = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: waypoint.name };
  return behindWaypoints(facts, services, attached, [target]);
}

/** Whether pods of a gateway run in a namespace, as far as was shown. */
function hasGateway(facts: Facts, namespace: string): boolean {
  const ofIstio = [...facts.istioGateways.values()].some(
    ({ resource }) => podsNamespaceOf(facts.servicesOfPods, resource.spec.selector) === namespace,
  );
  return (
    ofIstio ||
    [...facts.gateways.values()].some(
      gateway =>
        gateway.namespace === namespace &&
        facts.waypoints.roles.get(gateway.spec.gatewayClassName) === 'gateway',
    )
  );
}

/** Services that have pods. */
function servicesIn(facts: Facts, namespace: string): readonly MeshService[] {
  return [...facts.registry.byHost.values()].filter(
    service =>
      service.kind === 'Service' &&
      service.namespace === namespace &&
      Object.keys(service.selector ?? {}).length > 0,
  );
}

function behindWaypoints(
  facts: Facts,
  services: readonly MeshService[],
  attached: readonly AttachedService[],
  targets: readonly PolicyTargetReference[],
): Move | NoMove {
  const isAttached = new Set(attached.map(({ service }) => service.host));
  for (const service of services) {
    const found = waypointOf(facts.waypoints, service);
    const { name } = service;
    const isLabelled = found.kind === 'found' && (found.by === 'label' || found.by === 'namespace');
    const getsLabel =
      facts.options.createWaypoints &&
      isAttached.has(service.host) &&
      service.resource !== undefined &&
      facts.inputs.has(service.resource);
    if (isLabelled || getsLabel) continue;
    return isAttached.has(service.host)
      ? {
          reason: `neither Service ${name} nor its Namespace has label istio.io/use-waypoint, so requests do not go through the waypoint yet`,
          remedy: 'Set label istio.io/use-waypoint by hand, or convert with --create-waypoints.',
        }
      : {
          reason: `Service ${name} also leads to these pods, and its requests go through no waypoint`,
          remedy: `Set label istio.io/use-waypoint on Service ${name} or its Namespace, or delete the Service.`,
        };
  }
  const [first] = attached.filter(({ service }) => services.includes(service));
  if (first === undefined || services.length === 0)
    return { reason: 'no Service of its pods is found in the input', remedy: byHand };
  if (targets.length > maxTargets)
    return {
      reason: `it would need ${targets.length} targetRefs, and a policy has at most ${maxTargets}`,
      remedy: byHand,
    };
  return { targets, services, waypoint: first.waypoint };
}

/** The Services that the conversion adds for the same pods are named as well where the waypoint serves them. */
function withAdded(facts: Facts, policy: Policy, move: Move, added: readonly MeshService[]): Move {
  const served = added.filter(
    service => coverageOf(policy, service, facts.rootNamespace) === 'all' && isServed(facts, service),
  );
  const targets = [...move.targets, ...served.map(toTarget)];
  return targets.length > maxTargets ? move : { ...move, targets, services: [...move.services, ...served] };
}

/** Whether requests for a Service pass a waypoint, by a label of its own, which versions inherit, or of its Namespace. */
export function isServed(facts: Facts, service: MeshService): boolean {
  const found = waypointOf(facts.waypoints, service);
  return found.kind === 'found' && (found.by === 'label' || found.by === 'namespace');
}

/** @returns how a policy of the same namespace names a Service */
export function toTarget({ name }: Pick<MeshService, 'name'>): PolicyTargetReference {
  return { group: '', kind: 'Service', name };
}

function isSame(a: WaypointRef, b: WaypointRef): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

/** The new targets of a policy, for a sentence. */
export function describeTargets(targets: readonly PolicyTargetReference[]): string {
  const kinds = new Map<string, string[]>();
  for (const { kind, name } of targets) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  return [...kinds]
    .map(([kind, names]) => `${kind}${names.length > 1 ? 's' : ''} ${listed(names)}`)
    .join(' and ');
}
