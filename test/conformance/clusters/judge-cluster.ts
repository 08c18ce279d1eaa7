import { groupBy } from '../../../src/3-link/group-by.ts';
import { cutOverSteps } from '../../../src/reporters/cut-over.ts';
import { describeOutcome, describeRequest } from '../../../src/semantics/describe.ts';
import type { Outcome } from '../../../src/semantics/outcome.ts';
import { addressOf } from '../addresses.ts';
import type { Judge, RoutesAnswer } from '../judge.ts';
import { compareProxies, type Difference, type Memory } from './compare.ts';
import { type ConvertedCluster, convertCluster } from './conversion.ts';
import { isAppliedInPart, isDeclaredInMesh } from './declared.ts';
import { deletionsFor, hasOrder, isTold, toldBetween } from './deletion-orders.ts';
import { compareGateways, successorsOf } from './gateways.ts';
import { applyChange, type Change } from './plan.ts';
import { type ClusterProxy, proxiesOfCluster } from './proxies.ts';
import { isSame, type Seen, seeProxy } from './seen.ts';
import { find, type Spot } from './spots.ts';
import { type State, textOf, type WholeCluster } from './whole-cluster.ts';

/** Something that must not be. */
export interface Failure {
  /** The same for failures of one kind, whatever the names in them. */
  readonly sign: string;
  /** The proxy at which it was seen; none for what concerns objects. */
  readonly proxy?: string;
  /** Where the request or connection arrives. */
  readonly spot?: Spot;
  /** VirtualServices that are deleted by then, as `NAMESPACE/NAME`; none before and after. */
  readonly gone?: ReadonlySet<string>;
  /** In words. */
  readonly text: string;
}

/** What came of judging a cluster. */
export interface Judgement {
  readonly converted: ConvertedCluster;
  readonly failures: readonly Failure[];
  /** Objects of the input that an API server or istiod refuses. */
  readonly refused: number;
  /** How many states between before and after were looked at. */
  readonly steps: number;
  readonly proxies: number;
  /** Sent through tables that differ; where they are the same text, nothing can be told apart. */
  readonly requests: number;
  /** Whether VirtualServices go for which no order is without changes, as the plan says. */
  readonly unordered: boolean;
}

/** A cluster on its way from before to after. */
export interface Moment {
  /** `step NUMBER of NUMBER, ...`. */
  readonly what: string;
  readonly state: State;
  /** Whether all that comes is there, so that clients can be sent to new Gateways. */
  readonly isComplete: boolean;
}

/** Where to look; everywhere unless it says less. */
export interface Scrutiny {
  readonly steps?: boolean;
  /** The states between; those after each object of the plan, unless somebody says otherwise. */
  readonly moments?: (converted: ConvertedCluster) => readonly Moment[];
  /** The label of the only proxy to look at. */
  readonly proxy?: string;
}

/** A cluster at one moment, at every proxy. */
type Look = ReadonlyMap<string, Seen>;

/** Converts a cluster, and holds every state on the way to what istiod said before and will say afterwards. */
export async function judgeCluster(
  cluster: WholeCluster,
  judge: Judge,
  { steps = true, moments: momentsOf = statesBetween, proxy }: Scrutiny = {},
): Promise<Judgement> {
  const converted = convertCluster(cluster);
  const { before, after, changes, unplanned } = converted;
  const nothing = {
    converted,
    failures: [],
    refused: 0,
    steps: 0,
    proxies: 0,
    requests: 0,
    unordered: false,
  };
  if (changes.length === 0) return nothing;
  const moments = steps ? momentsOf(converted) : [];
  const all = proxiesOfCluster(cluster, [before, after]);
  // Clients of Pods are sent to the Gateways that take their place.
  const isLookedAt = ({ label, gateway }: ClusterProxy) =>
    proxy === undefined || label === proxy || (proxy.startsWith('pods') && gateway !== undefined);
  const proxies = all.filter(isLookedAt);
  const answers = await Promise.all(
    [before, ...moments.map(({ state }) => state), after].map(state => ask(judge, converted, proxies, state)),
  );
  const [first, last] = [answers[0], answers.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no answers');
  const refused = first.rejected.length;
  if (refused > 0) return { ...nothing, refused, proxies: proxies.length };
  const isNew = newHosts(converted);
  const looks = answers.map(answer => lookOf(proxies, answer));
  const memory: Memory = { known: new Map(), requests: 0 };
  const ofStates = compareSteps(converted, moments, proxies, looks, memory, isNew);
  const thorough: Memory = { known: new Map(), requests: 0, isThorough: true };
  const unordered = await withoutOrder(converted, ofStates, async state => {
    const look = lookOf(proxies, await ask(judge, converted, proxies, state));
    const moment = { what: 'step', state, isComplete: true };
    const ends = [looks[0], look, looks.at(-1)];
    return compareSteps(converted, [moment], proxies, ends, thorough, isNew);
  });
  const failures = [
    ...unplanned.map(what => ({
      sign: `plan ${what.split(' ')[0]} ${what.split(' ')[2]}`,
      text: `the plan does not name: ${what}`,
    })),
    ...last.rejected.map(({ kind, name, errors }) => ({
      sign: `refused ${kind}`,
      text: `${kind} ${name} is refused: ${errors.join('; ')}`,
    })),
    ...compareEnds(converted, proxies, looks, memory, isNew),
    ...ofStates.filter(failure => !unordered.has(failure)),
  ];
  return {
    converted,
    failures,
    refused,
    steps: moments.length,
    proxies: proxies.length,
    requests: memory.requests,
    unordered: unordered.size > 0,
  };
}

/**
 * The failures that the plan tells of, by the host and by the deletions between which they are, since no order is right at every proxy of
 * their kind. At old Pods the plan waits before the first deletion until nobody asks them; when the last VirtualService of a host is gone,
 * only a redirect of an Istio Gateway is left there, and no order changes that. Where there is an order they stay failures.
 *
 * @param failuresIn asked once for each state
 */
async function withoutOrder(
  converted: ConvertedCluster,
  failures: readonly Failure[],
  failuresIn: (state: State) => Promise<readonly Failure[]>,
): Promise<ReadonlySet<Failure>> {
  const found = new Set<Failure>();
  const { conversion, before, after, changes } = converted;
  const first = changes.findIndex(isDeletion);
  const steps = cutOverSteps(conversion);
  const told = toldBetween(steps);
  if (first === -1) return found;
  const waits = steps.some(({ title }) => title.startsWith('Point DNS'));
  const hostOf = ({ spot }: Failure) =>
    spot?.scheme === 'tcp' || spot?.scheme === 'tls' ? undefined : spot?.host;
  const deletions = changes.filter(isDeletion);
  const isAtLeftPods = ({ proxy, spot }: Failure) =>
    spot?.kind === 'gateway' && waits && proxy?.startsWith('pods ') === true;
  for (const failure of failures) {
    const { gone } = failure;
    const concerned = deletionsFor(hostOf(failure), before, deletions);
    const isLast = concerned.every(({ key }) => gone?.has(key.slice(virtualServiceKey.length)) === true);
    if (gone !== undefined && isAtLeftPods(failure) && isLast) found.add(failure);
  }
  const excusable = failures.filter(
    failure =>
      failure.gone !== undefined &&
      failure.spot !== undefined &&
      (failure.spot.kind !== 'gateway' || isAtLeftPods(failure)) &&
      isTold(told, failure.gone, failure.spot),
  );
  const prepared = changes.slice(0, first).reduce((state, one) => applyChange(state, one, after), before);
  const known = new Map<string, readonly Failure[]>();
  const failuresOnce = async (state: State) => {
    const key = [...state.keys()].join('\n');
    const answer = known.get(key) ?? (await failuresIn(state));
    known.set(key, answer);
    return answer;
  };
  const isInMesh = ({ spot }: Failure) => spot?.kind !== 'gateway';
  for (const [mesh, ofKind] of groupBy(excusable, isInMesh))
    for (const [host, own] of groupBy(ofKind, hostOf)) {
      const concerned = deletionsFor(host, before, deletions);
      // Inside the mesh nobody waits for old Pods.
      const isRight = async (state: State) =>
        (await failuresOnce(state)).every(failure => mesh && !isInMesh(failure));
      if (await hasOrder(prepared, after, concerned, isRight)) continue;
      for (const failure of own) found.add(failure);
    }
  return found;
}

function isDeletion({ verb, key }: Change): boolean {
  return verb === 'delete' && key.startsWith(virtualServiceKey);
}

/** Nobody calls the Services that a conversion makes. */
function newHosts({ before, after }: ConvertedCluster): (spot: Spot) => boolean {
  const made = [...after.keys()].filter(key => !before.has(key) && key.startsWith(' Service '));
  const hosts = new Set(
    made.map(key => {
      const [namespace, name] = (key.split(' ')[2] ?? '').split('/');
      return `${name}.${namespace}.svc.cluster.local`;
    }),
  );
  const addresses = new Set([...hosts].map(addressOf));
  // A headless Service has names for its pods, too.
  const isBelow = (host: string) => hosts.has(host.slice(host.indexOf('.') + 1));
  return ({ host, address = '' }) => hosts.has(host) || isBelow(host) || addresses.has(address);
}

/** Whether a host has not got a port: clients find the listener of others there, and the virtual host of its name. */
function portsOfOthers(state: State): (spot: Spot) => boolean {
  const own = new Set(
    [...state.values()].flatMap(manifest => {
      const { name, namespace } = manifest['metadata'] as Record<string, string>;
      const { ports = [], hosts = [] } = (manifest['spec'] ?? {}) as {
        readonly ports?: readonly { readonly port?: number; readonly number?: number }[];
        readonly hosts?: readonly string[];
      };
      if (manifest['kind'] === 'Service')
        return ports.map(({ port }) => `${name}.${namespace}.svc.cluster.local:${port}`);
      if (manifest['kind'] !== 'ServiceEntry') return [];
      return ports.flatMap(({ number }) => hosts.map(host => `${host.replace(/^\*/, 'any')}:${number}`));
    }),
  );
  return ({ host, port, scheme }) => scheme === 'http' && !own.has(`${host}:${port}`);
}

/**
 * Whether Envoy answers 503 either way: it has no cluster for a request, or it passes one on to the address of a Service at a port
 * that this has not got, where nobody listens. Who calls a host outside of the mesh may be answered.
 */
function isDeadEnd(outcome: Outcome): boolean {
  if (outcome.kind === 'response') return outcome.status === 0;
  return outcome.kind === 'forward' && outcome.destinations.every(({ backend }) => backend === 'missing 503');
}

function isDeadEndOfService(
  { spot, left, right }: Difference,
  isOther: (spot: Spot) => boolean,
  isAddress: (host: string) => boolean,
): boolean {
  return isAddress(spot.host) && isOther(spot) && isDeadEnd(left) && isDeadEnd(right);
}

/** Whether a host is that of a Service with an address of its own, behind which nobody listens at other ports than the Service's. */
function serviceAddresses(state: State): (host: string) => boolean {
  const hosts = new Set(
    [...state.values()].flatMap(manifest => {
      const { name, namespace } = manifest['metadata'] as Record<string, string>;
      const { type, clusterIP } = (manifest['spec'] ?? {}) as Record<string, string | undefined>;
      const isAddress = manifest['kind'] === 'Service' && type !== 'ExternalName' && clusterIP !== 'None';
      return isAddress ? [`${name}.${namespace}.svc.cluster.local`] : [];
    }),
  );
  return host => hosts.has(host);
}

/** The states after each change but the last. */
function statesBetween({ before, after, changes }: ConvertedCluster): readonly Moment[] {
  const made = changes.findLastIndex(({ verb }) => verb === 'create');
  let state = before;
  return changes.slice(0, -1).map((change, index) => {
    state = applyChange(state, change, after);
    const what = `step ${index + 1} of ${changes.length}, ${change.verb} ${change.key.trim()}`;
    return { what, state, isComplete: index >= made };
  });
}

function ask(
  judge: Judge,
  { cluster, bundle }: ConvertedCluster,
  proxies: readonly ClusterProxy[],
  state: State,
): Promise<RoutesAnswer> {
  const there = proxies.filter(({ gateway }) => gateway === undefined || state.has(gateway));
  const requests = there.map(({ request }) => request);
  return judge.routesAndEndpoints(textOf(state, cluster.pods), requests, bundle);
}

function lookOf(proxies: readonly ClusterProxy[], answer: RoutesAnswer): Look {
  return new Map(
    proxies.flatMap(({ label, request }) => {
      const own = answer.proxies[request.id];
      return own === undefined ? [] : [[label, seeProxy(own, answer)] as const];
    }),
  );
}

function compareEnds(
  converted: ConvertedCluster,
  proxies: readonly ClusterProxy[],
  looks: readonly (Look | undefined)[],
  memory: Memory,
  isNew: (spot: Spot) => boolean,
): readonly Failure[] {
  const [before, after] = [looks[0], looks.at(-1)];
  const isOther = portsOfOthers(converted.before);
  const isAddress = serviceAddresses(converted.before);
  return proxies.flatMap(({ label, request: { kind, namespace, labels = {}, gateway } }) => {
    const left = before?.get(label);
    const right = after?.get(label);
    if (left === undefined) return [];
    if (kind !== 'gateway') {
      if (right === undefined) return [{ sign: `gone ${kind}`, text: `${label} is not there any more` }];
      const client = kind === 'sidecar' ? namespace : undefined;
      return compareProxies(kind, left, right, memory)
        .filter(
          difference =>
            !isNew(difference.spot) &&
            !isDeadEndOfService(difference, isOther, isAddress) &&
            !isDeclaredInMesh(converted, difference, client),
        )
        .map(difference => failureOf('before and after', label, difference, isOther(difference.spot)));
    }
    if (gateway !== undefined)
      return right === undefined
        ? []
        : compareProxies(kind, left, right, memory).map(each => failureOf('before and after', label, each));
    const all = successorsOf(converted, labels);
    const successors = all.flatMap(successor => {
      const seen = after?.get(`gateway ${successor.to}`);
      return seen === undefined ? [] : [{ ...successor, seen }];
    });
    const keys = new Set(all.map(({ from }) => from));
    return compareGateways(converted, left, right, { successors, keys }, memory, labels).map(difference =>
      failureOf('before and after', label, difference),
    );
  });
}

/** After each step every request does what it did before or what it will do after. */
function compareSteps(
  converted: ConvertedCluster,
  moments: readonly Moment[],
  proxies: readonly ClusterProxy[],
  looks: readonly (Look | undefined)[],
  memory: Memory,
  isNew: (spot: Spot) => boolean,
): readonly Failure[] {
  const [first, last] = [looks[0], looks.at(-1)];
  const { before } = converted;
  const isOther = portsOfOthers(before);
  const isAddress = serviceAddresses(before);
  const isBetween = (state: State, label: string, spot: Spot) =>
    label.startsWith('sidecar ') && isAppliedInPart(converted, spot, state);
  return moments.flatMap(({ what: step, state, isComplete }, index) => {
    const look = looks[index + 1];
    return proxies.flatMap(({ label, request: { kind }, gateway }) => {
      const [left, now, right] = [first, look, last].map(each => each?.get(label));
      if (now === undefined || right === undefined) return [];
      if (left === undefined) {
        // Clients are sent to a new Gateway when all its routes are there.
        const isUsed = gateway !== undefined && !before.has(gateway) && isComplete;
        return isUsed
          ? compareProxies(kind, now, right, memory).map(each => failureOf(step, label, each))
          : [];
      }
      return compareProxies(kind, left, now, memory)
        .filter(
          difference =>
            !isNew(difference.spot) &&
            !isDeadEndOfService(difference, isOther, isAddress) &&
            !isBetween(state, label, difference.spot) &&
            !isSame(difference.right, find(right, difference.spot).outcome(difference.request)),
        )
        .map(difference => ({ ...failureOf(step, label, difference), gone: goneOf(before, state) }));
    });
  });
}

/** @returns `NAMESPACE/NAME` of the VirtualServices that a state has not got any more */
function goneOf(before: State, state: State): ReadonlySet<string> {
  const keys = [...before.keys()].filter(key => key.startsWith(virtualServiceKey) && !state.has(key));
  return new Set(keys.map(key => key.slice(virtualServiceKey.length)));
}

const virtualServiceKey = 'networking.istio.io VirtualService ';

function failureOf(
  when: string,
  label: string,
  { spot, request, aspects, left, right }: Difference,
  isOther = false,
): Failure {
  const isStep = when.startsWith('step');
  const port = isOther ? ', a port of others' : '';
  const kinds = `${left.kind} to ${right.kind}`;
  const [what = ''] = label.split(' ');
  const details = aspects.flatMap(aspect => {
    const [one, other] = [left, right].map(outcome => detailOf(outcome, aspect));
    return one === undefined || other === undefined
      ? []
      : [`  ${aspect}: ${one}`, `  ${' '.repeat(aspect.length)}  ${other}`];
  });
  return {
    sign: `${
      isStep
        ? when
            .split(' ')
            .slice(4, 7)
            .join(' ')
            .replace(/[\w-]+\/.*/, '')
        : 'ends'
    } | ${what} ${spot.scheme}${port} | ${aspects.join()} | ${kinds}`,
    proxy: label,
    spot,
    text: [
      `${when}: ${label}, ${spot.address ?? ''} ${describeRequest(request)} (${aspects.join(', ')})`,
      `  before: ${describeOutcome(left)}`,
      `  then:   ${describeOutcome(right)}`,
      ...details,
    ].join('\n'),
  };
}

function detailOf(outcome: Difference['left'], aspect: Difference['aspects'][number]): string | undefined {
  if (outcome.kind !== 'forward') return undefined;
  switch (aspect) {
    case 'destinations':
      return JSON.stringify(outcome.destinations.map(({ backend, weight }) => [backend, weight]));
    case 'trafficPolicy':
    case 'authority':
    case 'requestHeaders':
    case 'responseHeaders':
      return JSON.stringify(outcome.destinations.map(destination => destination[aspect]));
    case 'nextHop':
    case 'tls':
    case 'kind':
    case 'response':
    case 'redirect':
      return undefined;
    default:
      return JSON.stringify(outcome[aspect]);
  }
}
