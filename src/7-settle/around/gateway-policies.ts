import { placeOf } from '../../2-decode/place-of.ts';
import { isType, type Resource } from '../../2-decode/resource.ts';
import { canonicalJson } from '../../3-link/canonical.ts';
import type { Facts } from '../../3-link/facts.ts';
import { gatewayPodNames, podsNamespaceOf } from '../../3-link/gateways/gateway-pods.ts';
import { keepsPods } from '../../3-link/gateways/keeps-pods.ts';
import { groupBy } from '../../3-link/group-by.ts';
import { areSelected } from '../../3-link/labels.ts';
import { coverageOf, type Policy, policiesOf, targetsOf } from '../../3-link/policies/policies.ts';
import { attributesOf, matches, principalOf } from '../../3-link/policies/policy-attributes.ts';
import { installationNamespace } from '../../3-link/root-namespace.ts';
import type { Edit } from '../../6-emit/edit.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import type { FieldPath } from '../../yaml/source.ts';
import { effectOfCapture, effectOfLoss } from './policy-effects.ts';
import { heldByOthers, maxTargets, type NoMove } from './policy-moves.ts';
import { listed, placeOfSelection } from './policy-places.ts';

/** An Istio Gateway for which a Gateway with pods of its own is written. */
export interface ConvertedGateway {
  readonly gateway: Resource<'istio.Gateway'>;
  /** Whether it stays beside the new one. */
  readonly stays: boolean;
}

/** Converted Gateways that share pods. */
export interface GatewayPods {
  readonly gateways: readonly ConvertedGateway[];
  /** Whether the Gateways use them as well. */
  readonly stay: boolean;
  /** The labels of the pods, as far as they are known. */
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined where nothing tells. */
  readonly namespace: string | undefined;
  /** The namespaces that they may be in: the one that is known, else those of usual installations. */
  readonly namespaces: readonly string[];
  /** Names of service accounts that the pods may have. */
  readonly accounts: readonly string[];
  /** Names that their Deployment may have. */
  readonly deployments: readonly string[];
}

/**
 * Says what becomes of policies that protect the pods of Istio Gateways, or speak of them, once Gateways bring pods of
 * their own; and has policies name the new Gateways where that is asked for and leaves nothing out.
 *
 * @returns the changes to policies of the input
 */
export function gatewayPolicies(
  facts: Facts,
  converted: readonly ConvertedGateway[],
  report: Report,
): readonly Edit[] {
  // Pods that stay keep what protects them.
  const groups = groupByPods(facts, converted).filter(pods => !pods.stay);
  const edits: Edit[] = [];
  for (const policy of policiesOf(facts.resources)) {
    if (targetsOf(policy).length === 0) {
      const left = groups.filter(pods => isLeftBehind(facts, policy, pods));
      const move = targetsFor(facts, policy, left);
      if (move !== undefined && !('reason' in move)) {
        edits.push(...moveEdits(policy, move));
        reportMove(policy, left, report);
      } else {
        for (const pods of left) reportLeft(policy, pods, report);
        if (move !== undefined)
          report('policy-keeps-pods', placeOfSelection(policy), { reason: move.reason, remedy: move.remedy });
      }
      for (const pods of groups) reportCaught(facts, policy, pods, report);
    }
    for (const pods of groups) reportNames(policy, pods, report);
  }
  return edits;
}

/** @returns the converted Gateways by the pods that they share */
export function groupByPods(facts: Facts, converted: readonly ConvertedGateway[]): readonly GatewayPods[] {
  const groups = groupBy(converted, ({ gateway }) =>
    canonicalJson([gateway.spec.selector ?? {}, keepsPods(facts, gateway)]),
  );
  return [...groups.values()].map(gateways => {
    const selector = gateways[0]?.gateway.spec.selector ?? {};
    const services = facts.resources
      .filter(isType('core.Service'))
      .filter(({ spec }) => areSelected(spec.selector, selector));
    const isUsual = selector['istio'] === 'ingressgateway';
    const known =
      podsNamespaceOf(facts.servicesOfPods, selector) ?? (isUsual ? installationNamespace : undefined);
    const { names, namespaces } = gatewayPodNames(selector, services, gateways[0]?.gateway.namespace ?? '');
    return {
      gateways,
      stay: gateways.some(({ gateway }) => keepsPods(facts, gateway)),
      labels: Object.assign({}, ...services.map(({ spec }) => spec.selector ?? {}), selector) as Readonly<
        Record<string, string>
      >,
      // Where Istio's own installation puts its gateway, and under which service account.
      namespace: known,
      namespaces: known !== undefined && services.length > 0 ? [known] : namespaces,
      accounts: names.flatMap(name => [name, `${name}-service-account`]),
      deployments: names,
    };
  });
}

function isWhole(policy: Policy): boolean {
  return Object.keys(policy.spec.selector?.matchLabels ?? {}).length === 0;
}

/** Whether a policy protects the old pods and not all of the new ones. */
function isLeftBehind(
  { rootNamespace }: Facts,
  policy: Policy,
  { gateways, labels, namespace }: GatewayPods,
): boolean {
  if (isWhole(policy))
    return (
      policy.namespace !== rootNamespace &&
      policy.namespace === namespace &&
      gateways.some(({ gateway }) => gateway.namespace !== namespace)
    );
  const pods = { namespace: namespace ?? policy.namespace, selector: labels };
  return coverageOf(policy, pods, rootNamespace) === 'all';
}

/** The Gateways that a policy can name instead of the pods, or why it cannot; undefined where nobody asks for it. */
function targetsFor(
  facts: Facts,
  policy: Policy,
  left: readonly GatewayPods[],
): readonly Resource<'istio.Gateway'>[] | NoMove | undefined {
  if (facts.options.policies !== 'convert' || !facts.inputs.has(policy) || left.length === 0)
    return undefined;
  const owned = heldByOthers(facts, policy);
  if (owned !== undefined) return owned;
  const converted = left.flatMap(({ gateways }) => gateways);
  const targets = converted.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`);
  const remedy = `Keep this policy for the old pods. Write a second one with targetRefs to Gateway ${listed(targets)}, in its namespace.`;
  if (isWhole(policy))
    return { reason: `it has no selector and protects every pod of namespace ${policy.namespace}`, remedy };
  const known = new Set(converted.map(({ gateway }) => gateway));
  const { namespace } = policy;
  const other = [...facts.istioGateways.values()].find(
    ({ resource: { spec }, resource }) =>
      !known.has(resource) &&
      coverageOf(policy, { namespace, selector: spec.selector }, facts.rootNamespace) === 'all',
  )?.resource;
  if (other !== undefined)
    return {
      reason: `it also protects requests to Istio Gateway ${other.namespace}/${other.name}, which is not converted`,
      remedy,
    };
  const elsewhere = converted.find(({ gateway }) => gateway.namespace !== policy.namespace)?.gateway;
  if (elsewhere !== undefined)
    return {
      reason: `Gateway ${elsewhere.namespace}/${elsewhere.name} is in another namespace, and targetRefs name only objects of their own namespace`,
      remedy,
    };
  const kept = converted.find(({ stays }) => stays)?.gateway;
  if (kept !== undefined)
    return {
      reason: `Istio Gateway ${kept.namespace}/${kept.name} stays, so requests may still arrive at its pods, which only the selector protects`,
      remedy,
    };
  if (converted.length > maxTargets)
    return {
      reason: `it would need ${converted.length} targetRefs, and a policy has at most ${maxTargets}`,
      remedy: `Write two or more policies, each with at most ${maxTargets} targetRefs.`,
    };
  return converted.map(({ gateway }) => gateway);
}

function moveEdits(policy: Policy, gateways: readonly Resource<'istio.Gateway'>[]): readonly Edit[] {
  const { source } = policy;
  if (source === undefined) return [];
  const value = gateways.map(({ name }) => ({ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }));
  return [{ kind: 'set-field', source, path: ['spec', 'targetRefs'], value, insteadOf: 'selector' }];
}

function reportMove(policy: Policy, left: readonly GatewayPods[], report: Report): void {
  const gateways = left.flatMap(pods => pods.gateways);
  const names = gateways.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`);
  report('policy-moved-to-gateway', placeOfSelection(policy), {
    targets: `${names.length > 1 ? 'Gateways' : 'Gateway'} ${listed(gateways.map(({ gateway }) => gateway.name))}`,
    gateways: `Istio ${names.length > 1 ? 'Gateways' : 'Gateway'} ${listed(names)}`,
  });
  reportAddresses(policy, listed(names), report);
}

function reportLeft(policy: Policy, { gateways }: GatewayPods, report: Report): void {
  const names = listed(gateways.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`));
  report('policy-leaves-gateway', placeOfSelection(policy), {
    gateway: names,
    effect: effectOfLoss(policy),
  });
}

/** A policy without selector applies to the new pods where they are, be it meant or not. */
function reportCaught(
  { rootNamespace }: Facts,
  policy: Policy,
  { gateways, namespace }: GatewayPods,
  report: Report,
): void {
  if (!isWhole(policy)) return;
  if (policy.namespace === rootNamespace) {
    const names = gateways.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`);
    reportAddresses(policy, listed(names), report);
    return;
  }
  if (namespace === undefined || namespace === policy.namespace || admitsEverything(policy)) return;
  const here = gateways.filter(({ gateway }) => gateway.namespace === policy.namespace);
  if (here.length === 0) return;
  const names = listed(here.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`));
  report('policy-catches-gateway', placeOfSelection(policy), {
    gateway: names,
    effect: effectOfCapture(policy),
  });
}

function admitsEverything(policy: Policy): boolean {
  if (policy.type !== 'istio.AuthorizationPolicy') return false;
  const { action = 'ALLOW', rules = [] } = policy.spec;
  return action === 'ALLOW' && rules.some(rule => Object.keys(rule).length === 0);
}

function reportAddresses(policy: Policy, gateway: string, report: Report): void {
  const { addresses } = attributesOf(policy);
  if (addresses.length > 0)
    report('policy-source-address', placeOfSelection(policy), { attributes: listed(addresses), gateway });
}

/** Policies that tell the old pods by their service account or namespace do not know the new ones. */
function reportNames(policy: Policy, pods: GatewayPods, report: Report): void {
  if (policy.type !== 'istio.AuthorizationPolicy') return;
  const peers = pods.gateways.map(({ gateway }) => ({
    namespace: gateway.namespace,
    serviceAccount: `${gateway.name}-istio`,
  }));
  const principals = peers.map(principalOf);
  const said = new Set<string>();
  for (const { values, kind, field } of namedPeers(policy)) {
    const index = values.findIndex(value => speaksOf(value, kind, pods, policy.namespace));
    const value = values[index];
    if (value === undefined || said.has(value)) continue;
    const fresh =
      kind === 'namespace'
        ? peers.map(({ namespace }) => namespace)
        : kind === 'account'
          ? peers.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`)
          : principals;
    const missing = fresh.filter(name => !values.some(pattern => matches(pattern, name)));
    if (missing.length === 0) continue;
    said.add(value);
    const names = listed(pods.gateways.map(({ gateway }) => `${gateway.namespace}/${gateway.name}`));
    report('policy-names-gateway', placeOf(policy, ...field, index), {
      value,
      gateway: names,
      principal: listed(missing),
    });
  }
}

interface NamedPeers {
  readonly values: readonly string[];
  readonly kind: 'principal' | 'account' | 'namespace';
  readonly field: FieldPath;
}

function namedPeers({ spec }: Resource<'istio.AuthorizationPolicy'>): readonly NamedPeers[] {
  return (spec.rules ?? []).flatMap(({ from = [], when = [] }, rule) => [
    ...from.flatMap(({ source = {} }, item) =>
      (
        [
          ['principals', 'principal'],
          ['notPrincipals', 'principal'],
          ['serviceAccounts', 'account'],
          ['notServiceAccounts', 'account'],
          ['namespaces', 'namespace'],
          ['notNamespaces', 'namespace'],
        ] as const
      ).map(([name, kind]) => ({
        values: source[name] ?? [],
        kind,
        field: ['spec', 'rules', rule, 'from', item, 'source', name],
      })),
    ),
    ...when.flatMap(({ key, values = [], notValues = [] }, item) => {
      const kind =
        key === 'source.principal' ? 'principal' : key === 'source.namespace' ? 'namespace' : undefined;
      if (kind === undefined) return [];
      const field: FieldPath = ['spec', 'rules', rule, 'when', item];
      return [
        { values, kind, field: [...field, 'values'] } as const,
        { values: notValues, kind, field: [...field, 'notValues'] } as const,
      ];
    }),
  ]);
}

/** A star alone speaks of nobody in particular. */
function speaksOf(
  value: string,
  kind: NamedPeers['kind'],
  { namespaces, accounts }: GatewayPods,
  policyNamespace: string,
): boolean {
  if (value === '*') return false;
  if (kind === 'namespace') return namespaces.some(namespace => matches(value, namespace));
  const full = value.includes('/') ? value : `${policyNamespace}/${value}`;
  return namespaces.some(namespace =>
    accounts.some(serviceAccount =>
      kind === 'account'
        ? full === `${namespace}/${serviceAccount}`
        : matches(value, principalOf({ namespace, serviceAccount })),
    ),
  );
}
