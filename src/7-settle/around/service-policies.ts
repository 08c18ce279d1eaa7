import { placeOf } from '../../2-decode/place-of.ts';
import type { Facts } from '../../3-link/facts.ts';
import { ownerOf } from '../../3-link/gitops/ownership.ts';
import { serviceNameOf } from '../../3-link/host.ts';
import { coverageOf, type Policy, policiesOf, targetsOf } from '../../3-link/policies/policies.ts';
import { attributesOf, type Peer, principalOf } from '../../3-link/policies/policy-attributes.ts';
import type { MeshService } from '../../3-link/registry.ts';
import { inheritedMetadata } from '../../3-link/subsets/inherited-by-versions.ts';
import { coreService } from '../../3-link/subsets/versions.ts';
import { type WaypointOf, waypointOf } from '../../3-link/waypoints.ts';
import type { Edit } from '../../6-emit/edit.ts';
import { usedVersions } from '../../6-emit/version-services.ts';
import type { Place, Report } from '../../diagnostics/diagnostic.ts';
import { attachedScopes, type Unit } from '../unit.ts';
import { admitsOnly, effectAtZtunnel, effectOnWaypoint } from './policy-effects.ts';
import {
  type AttachedService,
  describeTargets,
  isServed,
  type Move,
  movesOf,
  type NoMove,
  toTarget,
} from './policy-moves.ts';
import { listed, peerOfWaypoint, placeOfSelection } from './policy-places.ts';

/**
 * Says what becomes of policies that protect the pods of Services whose routes attach to a waypoint, and moves them to the
 * waypoint where that is asked for and means the same.
 *
 * @param units those that are converted
 * @returns the changes to policies of the input
 */
export function servicePolicies(facts: Facts, units: readonly Unit[], report: Report): readonly Edit[] {
  const attached = attachedServices(units);
  const added = addedServices(facts, units);
  const peers = attached.map(({ waypoint }) => peerOfWaypoint(facts.waypoints, waypoint));
  const converts = facts.options.policies === 'convert';
  const moves = converts ? movesOf(facts, attached, added, peers) : new Map<Policy, Move | NoMove>();
  const edits: Edit[] = [];
  for (const policy of policiesOf(facts.resources)) {
    const concerned = attached.filter(
      ({ service }) => coverageOf(policy, service, facts.rootNamespace) !== 'none',
    );
    const [first] = concerned;
    if (first === undefined || admitsOnly(policy, peers)) continue;
    const peer = peerOfWaypoint(facts.waypoints, first.waypoint);
    const move = facts.inputs.has(policy) ? moves.get(policy) : undefined;
    if (move !== undefined && 'targets' in move && isCalledFor(policy, move, moves)) {
      edits.push(...moveEdits(policy, move));
      reportMove(policy, move, peer, report);
      reportAdded(move.services, added, placeOfSelection(policy), report);
      continue;
    }
    if (!needsWaypoint(policy)) continue;
    reportNeed(facts, policy, concerned, peer, report);
    if (move !== undefined && 'reason' in move)
      report('policy-keeps-pods', placeOfSelection(policy), { reason: move.reason, remedy: move.remedy });
  }
  return [...edits, ...targetEdits(facts, added, report)];
}

/** @returns the Services inside the mesh whose routes attach to a waypoint */
export function attachedServices(units: readonly Unit[]): readonly AttachedService[] {
  const found = new Map<string, AttachedService>();
  for (const { scope } of attachedScopes(units)) {
    if (scope.kind !== 'mesh' || scope.waypoint.kind !== 'found') continue;
    found.set(scope.service.host, { service: scope.service, waypoint: scope.waypoint.waypoint });
  }
  return [...found.values()];
}

/** The Services that are written for subsets: new names for pods that have one. */
function addedServices(facts: Facts, units: readonly Unit[]): readonly MeshService[] {
  const added = new Map<string, MeshService>();
  for (const { version } of units.flatMap(({ vs }) => usedVersions(facts, vs))) {
    if (version.kind !== 'new') continue;
    const { root, name, selector } = version;
    const { resource: _resource, ...rest } = root;
    const labels = inheritedMetadata(coreService(root)).labels ?? {};
    added.set(`${root.namespace}/${name}`, { ...rest, name, selector, labels });
  }
  return [...added.values()];
}

/** Whether ztunnel would do something else with a policy than a sidecar. */
function needsWaypoint(policy: Policy): boolean {
  const { request, peer } = attributesOf(policy);
  return request.length + peer.length > 0;
}

/** A policy that ztunnel is as good for goes along where one that it is decided with goes. */
function isCalledFor(policy: Policy, move: Move, moves: ReadonlyMap<Policy, Move | NoMove>): boolean {
  if (needsWaypoint(policy)) return true;
  if (policy.type !== 'istio.AuthorizationPolicy' || (policy.spec.action ?? 'ALLOW') !== 'ALLOW')
    return false;
  return [...moves].some(
    ([other, its]) =>
      other.type === 'istio.AuthorizationPolicy' &&
      (other.spec.action ?? 'ALLOW') === 'ALLOW' &&
      'targets' in its &&
      needsWaypoint(other) &&
      its.services.some(service => move.services.includes(service)),
  );
}

function moveEdits(policy: Policy, { targets }: Move): readonly Edit[] {
  const { source } = policy;
  if (source === undefined) return [];
  const path = ['spec', 'targetRefs'];
  return [{ kind: 'set-field', source, path, value: targets, insteadOf: 'selector' }];
}

function reportMove(policy: Policy, { targets, waypoint }: Move, peer: Peer, report: Report): void {
  report('policy-moved', placeOfSelection(policy), {
    targets: describeTargets(targets),
    waypoint: `waypoint ${waypoint.namespace}/${waypoint.name}`,
    principal: principalOf(peer),
  });
}

function reportNeed(
  facts: Facts,
  policy: Policy,
  concerned: readonly AttachedService[],
  peer: Peer,
  report: Report,
): void {
  const place = placeOfSelection(policy);
  const pods = describePods(facts, policy, concerned);
  const { request, peer: ofPeer } = attributesOf(policy);
  const effect = effectAtZtunnel(policy, peer);
  if (concerned.some(({ service }) => facts.dataPlanes.of(service) === 'ambient')) {
    report('policy-at-ztunnel', place, {
      pods,
      effect: request.length > 0 ? effect : `sees the waypoint instead of the client, so ${effect}`,
    });
  } else if (request.length > 0) {
    report('policy-needs-waypoint', place, { attributes: listed(request), pods, effect });
  } else {
    const waypoint = concerned[0]?.waypoint;
    report('policy-sees-waypoint', place, {
      attributes: listed(ofPeer),
      pods,
      waypoint: waypoint === undefined ? '' : `${waypoint.namespace}/${waypoint.name}`,
      effect: effectOnWaypoint(policy, peer),
      principal: principalOf(peer),
    });
  }
}

function describePods(
  { rootNamespace }: Facts,
  policy: Policy,
  concerned: readonly AttachedService[],
): string {
  const names = concerned.map(({ service }) => `${service.namespace}/${service.name}`);
  const areAll = concerned.every(({ service }) => coverageOf(policy, service, rootNamespace) === 'all');
  const services = `${names.length > 1 ? 'Services' : 'Service'} ${listed(names)}`;
  return areAll ? `the pods of ${services}` : `those pods of ${services} that it selects`;
}

/** Policies that name a Service do not know of those that the conversion adds for its pods. */
function targetEdits(facts: Facts, added: readonly MeshService[], report: Report): readonly Edit[] {
  return policiesOf(facts.resources).flatMap(policy => {
    const { source } = policy;
    const targets = targetsOf(policy);
    const missed = added.filter(service => isMissed(facts, policy, service));
    if (missed.length === 0 || source === undefined) return [];
    const { targetRefs = [] } = policy.spec;
    const isMended =
      facts.options.policies === 'convert' &&
      facts.inputs.has(policy) &&
      ownerOf(policy) === undefined &&
      targetRefs.length > 0 &&
      targetRefs.length + missed.length <= 16 &&
      missed.every(service => isServed(facts, service));
    if (!isMended) {
      const [target] = targets;
      const place = placeOf(policy, ...(target?.field ?? ['spec']));
      reportAdded(missedRoots(facts, missed), missed, place, report);
      return [];
    }
    return missed.map(
      (service, index): Edit => ({
        kind: 'set-field',
        source,
        path: ['spec', 'targetRefs', targetRefs.length + index],
        value: toTarget(service),
      }),
    );
  });
}

/** Whether a policy protects a Service and not the one that is added beside it. */
function isMissed(facts: Facts, policy: Policy, added: MeshService): boolean {
  const root = facts.registry.byHost.get(added.host);
  if (root === undefined) return false;
  const isHome = root.namespace === policy.namespace;
  const targets = targetsOf(policy).map(({ ref }) => ref);
  if (isHome && targets.some(({ kind, name }) => kind === 'Service' && name === root.name))
    return !targets.some(({ kind, name }) => kind === 'Service' && name === added.name);
  const found = waypointOf(facts.waypoints, root);
  if (found.kind !== 'found' || isServed(facts, added)) return false;
  return targets.some(
    ({ kind, name }) =>
      (kind === 'Gateway' && found.waypoint.namespace === policy.namespace && found.waypoint.name === name) ||
      (kind === 'GatewayClass' && policy.namespace === facts.rootNamespace),
  );
}

function missedRoots(facts: Facts, missed: readonly MeshService[]): readonly MeshService[] {
  return [...new Set(missed.map(({ host }) => host))].flatMap(host => facts.registry.byHost.get(host) ?? []);
}

/** Says which of the added Services lead to pods of a Service past a policy. */
function reportAdded(
  services: readonly MeshService[],
  added: readonly MeshService[],
  place: Place,
  report: Report,
): void {
  const named = new Set(services.map(({ name }) => name));
  for (const root of services.filter(service => !added.includes(service))) {
    const versions = added.filter(
      ({ host, name }) => host === root.host && name !== root.name && !named.has(name),
    );
    if (versions.length === 0) continue;
    report('policy-misses-version', place, {
      versions: describeTargets(versions.map(toTarget)),
      service: `Service ${root.name}`,
    });
  }
}

/**
 * Looks whether what policies of the input name is there, and is enforced.
 *
 * @see istio.io/istio/pilot/pkg/serviceregistry/ambient/policies.go, WaypointPolicyStatusCollection
 */
export function reportTargets(
  facts: Facts,
  units: readonly Unit[],
  made: ReadonlySet<string>,
  report: Report,
): void {
  const attached = attachedServices(units);
  const waypoints = new Set(attached.map(({ waypoint }) => `${waypoint.namespace}/${waypoint.name}`));
  for (const policy of policiesOf(facts.resources).filter(one => facts.inputs.has(one))) {
    const { namespace } = policy;
    for (const { ref, field } of targetsOf(policy)) {
      const place = placeOf(policy, ...field, 'name');
      const { kind, name } = ref;
      const key = `${namespace}/${name}`;
      if (kind === 'GatewayClass') {
        const reason =
          namespace !== facts.rootNamespace
            ? `the policy is not in namespace ${facts.rootNamespace}`
            : name !== 'istio-waypoint'
              ? 'its class is not istio-waypoint'
              : undefined;
        if (reason !== undefined) report('policy-target-class', place, { name, reason });
      } else if (kind === 'Gateway') {
        if (!facts.gateways.has(key) && !waypoints.has(key) && !made.has(key))
          report('policy-target-not-shown', place, { kind, name, namespace });
        const service = reusedService(facts, key, made);
        if (service !== undefined) report('policy-target-reuses-pods', place, { name, service });
      } else if (kind === 'Service' || kind === 'ServiceEntry') {
        const service = [...facts.registry.byHost.values(), ...attached.map(one => one.service)].find(
          one => one.kind === kind && one.namespace === namespace && one.name === name,
        );
        if (service === undefined) report('policy-target-not-shown', place, { kind, name, namespace });
        else if (!isBound(waypointOf(facts.waypoints, service)))
          report('policy-target-without-waypoint', place, { kind, name });
      }
    }
  }
}

const gatewayLabel = 'gateway.networking.k8s.io/gateway-name';

/**
 * The Service whose pods a Gateway makes use of, without being able to make them its own: what has targetRefs is passed over
 * by pods that do not have the name of their Gateway as a label.
 *
 * @see istio.io/istio/pilot/pkg/model/policyattachment.go, ShouldAttachPolicy
 */
function reusedService(facts: Facts, key: string, made: ReadonlySet<string>): string | undefined {
  const addresses = facts.gateways.get(key)?.spec.addresses ?? [];
  const written = addresses.find(({ type }) => type === 'Hostname')?.value;
  const reused = made.has(key) ? facts.options.gatewayService : undefined;
  if (written === undefined && reused === undefined) return undefined;
  const [namespace = '', name = ''] = key.split('/');
  const named = written === undefined ? undefined : serviceNameOf(written);
  const service =
    reused ?? (named === undefined ? `${namespace}/${written}` : `${named.namespace}/${named.name}`);
  const shown = facts.resources.find(
    one => one.type === 'core.Service' && `${one.namespace}/${one.name}` === service,
  );
  const selector = shown?.type === 'core.Service' ? shown.spec.selector : undefined;
  return selector?.[gatewayLabel] === name ? undefined : service;
}

/** Whether requests really go through a waypoint: that it is the only one, or that an option names it, is no label yet. */
function isBound(found: WaypointOf): boolean {
  return found.kind === 'found' && found.by !== 'only' && found.by !== 'option';
}
