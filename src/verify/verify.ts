import type { AnyResource } from '../2-decode/resource.ts';
import {
  admit,
  keepWritten,
  type Target,
  type WrittenObjects,
  withoutRefusedFields,
} from '../3-link/admit.ts';
import { withCrdDefaults } from '../3-link/crd-defaults.ts';
import { dataPlanesOf } from '../3-link/data-plane.ts';
import { withoutShownInputs } from '../3-link/environments/duplicates.ts';
import { withFieldSchemas } from '../3-link/field-schemas.ts';
import { withClientPorts } from '../3-link/gateways/gateway-client-ports.ts';
import { findService } from '../3-link/registry.ts';
import { targetOf } from '../3-link/target-version.ts';
import { type Decided, ruleOf } from '../deciding-rule.ts';
import { refuses } from '../diagnostics/catalog.ts';
import type { Diagnostic, Finding } from '../diagnostics/diagnostic.ts';
import { collect, locator, toDiagnostics } from '../diagnostics/locate.ts';
import type { ResourceRef } from '../diagnostics/resource-ref.ts';
import { defaultOptions, type Options } from '../options.ts';
import { type ReadFile, readOne, readResources } from '../read-resources.ts';
import { absentGateways } from '../semantics/absent-gateways.ts';
import { absentServices } from '../semantics/absent-services.ts';
import { type AddressMove, addressMoves } from '../semantics/addresses.ts';
import { newHosts } from '../semantics/changed-hosts.ts';
import { compareTables, type DecidedOutcome, type Difference } from '../semantics/compare.ts';
import { connectionPlacesBetween } from '../semantics/connection-vantages.ts';
import { curlOf, describeRequest } from '../semantics/describe.ts';
import { describeBoth } from '../semantics/describe-both.ts';
import { type Effect, effectOf, failingShare } from '../semantics/effect.ts';
import { isCatchAll } from '../semantics/match.ts';
import type { Aspect, Outcome } from '../semantics/outcome.ts';
import { type Outlook, placesBetween } from '../semantics/places.ts';
import type { Request } from '../semantics/request.ts';
import { buildWorld, type World } from '../semantics/world.ts';
import { assumedVersions, emptyServices } from '../subset-services.ts';
import type { SourceFile } from '../yaml/source.ts';
import { withAges } from './ages.ts';
import { type ConnectionCause, verifyConnections } from './connections.ts';
import { otherProxies } from './other-proxies.ts';
import { type Presence, presenceOf } from './presence.ts';
import { changedReach } from './reach.ts';
import { contradictedRootNamespace } from './root-namespace.ts';
import { type UnreadDifference, unreadDifferences } from './unread.ts';

/** A host that a Service or a ServiceEntry brings. */
export interface AddedHost {
  readonly host: string;
  readonly resource: ResourceRef;
}

/** The differences of two sets of manifests. */
export interface Verification extends Presence {
  /** Whether every request and every connection is treated alike, no host loses a port, and nothing leaves open what one side does. */
  readonly same: boolean;
  /** There where only the hosts were asked that a change can reach. */
  readonly asked?: 'changed';
  /** How many witness requests went through both. */
  readonly requests: number;
  /** Whether there were too many regions for every one of them to have a request. */
  readonly sampled: boolean;
  /** From where they were sent: `sidecar in bookinfo`, `gateway infra/edge`. */
  readonly vantages: readonly string[];
  readonly causes: readonly Cause[];
  /** How many connections were opened, at ports that do not carry HTTP. */
  readonly connections: number;
  readonly connectionCauses: readonly ConnectionCause[];
  /**
   * Errors in what one side has and the other has not: an API server or istiod refuses it, so that it is open what runs
   * there. Those of both sides are in what nobody changed.
   */
  readonly faults: readonly Diagnostic[];
  /** Hosts that only the second side has: nobody can have sent a request there before, so that they are not compared. */
  readonly added: readonly AddedHost[];
  /** Hosts that other pods serve, at another address; one that lacks ports of them is a difference. */
  readonly addresses: readonly AddressMove[];
  /** Files that could not be read and are not the same on both sides: each leaves open what runs there. */
  readonly unread: readonly UnreadDifference[];
  /** The faults of the manifests themselves. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Requests that differ for the same reason: the same two rules, in the same aspects. */
export interface Cause {
  readonly summary: string;
  readonly aspects: readonly Aspect[];
  /** The worst of its requests: `lost` where some no longer get to anybody. */
  readonly effect: Effect;
  /** How many of the witness requests. */
  readonly requests: number;
  readonly vantages: readonly string[];
  /** Where the requests go, as `HOST:PORT`. */
  readonly hosts: readonly string[];
  /** Whether these are all requests that were sent there, from the places that the cause names. */
  readonly all: boolean;
  /** Whether these are the requests that no other rule takes. */
  readonly isRest: boolean;
  /** Whether nobody sends requests there from a place that the cause does not name. */
  readonly everywhere: boolean;
  readonly example: {
    /** The outcomes of the example, before and after. */
    readonly outcomes: readonly [Outcome, Outcome];
    readonly request: Request;
    readonly description: string;
    readonly curl: string;
    readonly before: Decided;
    readonly after: Decided;
  };
}

/** The options of a verification; without `from`, clients with sidecars and clients of waypoints have to agree. */
export interface VerifyOptions
  extends Pick<
    Options,
    | 'profile'
    | 'gatewayMap'
    | 'namespace'
    | 'defaultPort'
    | 'trustedProxies'
    | 'rootNamespace'
    | 'gatewayApi'
    | 'channel'
    | 'targetFromInput'
  > {
  /** `labels`: what labels say of each Service, and sidecars where they say nothing, as `convert` takes it. */
  readonly from?: Options['from'] | 'labels';
}

const { from: _from, ...bothProxies } = defaultOptions;

function outlookOf(
  { gatewayMap, from }: VerifyOptions,
  { registry, mesh }: World,
  resources: readonly AnyResource[],
): Outlook {
  if (from !== 'labels') return { gatewayMap, from, keepsPorts: true, comparesLabels: true };
  const planes = dataPlanesOf(resources, mesh.waypoints, undefined);
  const fromOf = (host: string) => {
    const service = findService(registry, host);
    return service === undefined ? 'sidecar' : planes.seenFrom(service);
  };
  return { gatewayMap, fromOf, keepsPorts: true, comparesLabels: true };
}

/**
 * Finds out whether two sets of manifests send every request and every connection to the same place, whoever wrote them:
 * any mix of VirtualServices, DestinationRules, Istio Gateways, routes, Gateways and Services, for every host and port
 * that either side names, from sidecars, waypoints and gateways.
 *
 * @param before what runs today
 * @param after what is to run
 * @param facts what both sides have, as far as they do not say otherwise: Services, for example
 * @param many from so many objects on, two sides that differ in VirtualServices alone are asked for the hosts of these alone
 * @returns the differences by cause, each with a request that shows it; `same` when there are none. A fault of the
 * texts is a diagnostic: nothing is thrown.
 */
export function verify(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: VerifyOptions = bothProxies,
  many = Number.POSITIVE_INFINITY,
): Verification {
  const { written, look } = keepWritten();
  // A file that both sides have under one path is read once.
  const known = new Map<string, { readonly text: string; readonly read: ReadFile }>();
  const reader = (file: SourceFile): ReadFile => {
    const { path, text } = file;
    const found = known.get(path);
    if (found?.text === text) return found.read;
    const one = readOne(file, look);
    known.set(path, { text, read: one });
    return one;
  };
  const read = (files: readonly SourceFile[]) => {
    const { report, findings } = collect();
    return { resources: readResources(files, options.namespace, report, reader), findings };
  };
  const texts = [read(before), read(after), read(facts)] as const;
  const everything = texts.flatMap(({ resources }) => resources);
  const judged = (side: 0 | 1 | 2): JudgedText => {
    const others = [texts[side === 1 ? 0 : 1], texts[2]].map(({ resources }) => resources);
    const target = targetOf(options, [texts[side].resources, ...others]);
    const { resources, findings } = texts[side];
    return judge({ resources, findings: withFieldSchemas(findings, everything) }, written, target);
  };
  const [left, right, shown] = [judged(0), judged(1), judged(2)];
  // Facts about an object that either side has are that side's business.
  const others = withoutShownInputs([...left.resources, ...right.resources], shown.resources).shown;
  const sideOf = ({ resources }: JudgedText): readonly AnyResource[] =>
    withClientPorts([...withoutShownInputs(resources, shown.resources).inputs, ...others]).resources;
  const old = sideOf(left);
  const now = withAges(old, sideOf(right));
  const sides = [old, now] as const;
  const contradicted = contradictedRootNamespace([...old, ...now], options.rootNamespace);
  const versions = assumedVersions([...old, ...now], options.rootNamespace);
  const empty = emptyServices(sides, options);
  const services = absentServices(sides);
  const gateways = absentGateways(sides, options.gatewayMap);
  const worldOf = (side: 0 | 1): World =>
    buildWorld([...sides[side], ...gateways.assumed[side]], {
      defaultPort: options.defaultPort,
      trustedProxies: options.trustedProxies,
      rootNamespace: options.rootNamespace,
      versions,
      empty,
      absent: services.absent[side],
      otherSide: sides[side === 0 ? 1 : 0],
      profile: options.profile,
    });
  const worlds = [worldOf(0), worldOf(1)] as const;
  const outlook = outlookOf(options, worlds[0], old);
  const reach = changedReach(sides, worlds, many);
  const places = placesBetween(...worlds, outlook);
  const vantages = reach === undefined ? places.all() : [...places.touchedBy(reach)];
  let requests = 0;
  let sampled = false;
  const found: Seen[] = [];
  const asks = new Map<string, Map<string, number>>();
  for (const vantage of vantages) {
    const comparison = compareTables(vantage.before, vantage.after, vantage.address, vantage.isName);
    requests += comparison.requests;
    const { host, port } = vantage.address;
    const there = asks.get(`${host}:${port}`) ?? new Map<string, number>();
    asks.set(
      `${host}:${port}`,
      there.set(vantage.label, (there.get(vantage.label) ?? 0) + comparison.requests),
    );
    sampled ||= comparison.sampled;
    for (const difference of comparison.differences) found.push({ vantage: vantage.label, difference });
  }
  const locate = locator();
  const causes = groupByCause(found, asks, locate);
  const connections = connectionPlacesBetween(...worlds, outlook);
  const connected = reach === undefined ? connections.all() : connections.touchedBy(reach);
  const ofConnections = verifyConnections(connected, locate);
  const addresses = addressMoves(...worlds, options.gatewayMap);
  const isLost = addresses.some(({ lacks }) => lacks.length > 0);
  const unread = unreadDifferences({ ...left, files: before }, { ...right, files: after });
  const faults = [
    ...faultsOfOneSide(toDiagnostics(left.findings), toDiagnostics(right.findings)),
    ...toDiagnostics(contradicted),
  ];
  return {
    same: !isLost && causes.length + ofConnections.causes.length + faults.length + unread.length === 0,
    ...(reach !== undefined && { asked: 'changed' }),
    requests,
    sampled,
    vantages: [...new Set([...vantages, ...connected].map(({ label }) => label))],
    causes,
    connections: ofConnections.connections,
    connectionCauses: ofConnections.causes,
    ...presenceOf(sides, services, gateways, locate),
    added: newHosts(...worlds).map(({ service: { kind, namespace, name }, host }) => ({
      host,
      resource: { kind, namespace, name },
    })),
    addresses,
    unread,
    faults,
    diagnostics: toDiagnostics(
      [
        ...[left, right, shown].flatMap(({ findings }) => findings),
        ...contradicted,
        ...otherProxies(sides, options.profile),
      ],
      [...before, ...after, ...facts],
    ),
  };
}

interface JudgedText {
  readonly resources: readonly AnyResource[];
  readonly findings: readonly Finding[];
}

/** Lets the CRDs of a target judge what was read: objects as they would be stored, with what is held against them. */
function judge({ resources, findings }: JudgedText, written: WrittenObjects, target: Target): JudgedText {
  const { report, findings: refused } = collect();
  admit(resources, written, target, findings, report);
  return {
    resources: withCrdDefaults(resources, target),
    findings: [...withoutRefusedFields(findings, refused), ...refused],
  };
}

function faultsOfOneSide(before: readonly Diagnostic[], after: readonly Diagnostic[]): readonly Diagnostic[] {
  const keyOf = ({ code, message, path, resource }: Diagnostic): string =>
    JSON.stringify([code, message, path, resource]);
  const [old, now] = [before, after].map(side => side.filter(({ fate }) => refuses(fate)));
  const notIn = (others: readonly Diagnostic[] = []) => {
    const known = new Set(others.map(keyOf));
    return (error: Diagnostic) => !known.has(keyOf(error));
  };
  return [...(old ?? []).filter(notIn(now)), ...(now ?? []).filter(notIn(old))];
}

/** A difference, and from where it is seen. */
interface Seen {
  readonly vantage: string;
  readonly difference: Difference;
}

function groupByCause(
  found: readonly Seen[],
  asks: ReadonlyMap<string, ReadonlyMap<string, number>>,
  locate: ReturnType<typeof locator>,
): readonly Cause[] {
  const groups = new Map<string, Seen[]>();
  for (const one of found) {
    const { before, after, aspects } = one.difference;
    const key = JSON.stringify([originKey(before), originKey(after), aspects]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return [...groups.values()].flatMap((group): readonly Cause[] => {
    const nearest = group.reduce((best, one) =>
      sizeOf(one.difference) < sizeOf(best.difference) ? one : best,
    );
    const { difference } = nearest;
    const [old, now] = describeBoth(difference.before.outcome, difference.after.outcome, difference.aspects);
    return [
      {
        summary: summarize(difference),
        aspects: difference.aspects,
        effect: worstOf(
          group.map(one => effectOf(one.difference.before.outcome, one.difference.after.outcome)),
        ),
        requests: group.length,
        vantages: [...new Set(group.map(({ vantage }) => vantage))],
        ...reachOf(group, asks),
        isRest: takesAll(difference.before) && takesAll(difference.after),
        example: {
          outcomes: [difference.before.outcome, difference.after.outcome],
          request: difference.request,
          description: describeRequest(difference.request),
          curl: curlOf(difference.request),
          before: { outcome: old, rule: ruleOf(difference.before.decision.rule, locate) },
          after: { outcome: now, rule: ruleOf(difference.after.decision.rule, locate) },
        },
      },
    ];
  });
}

/** The hosts of some requests, whether these are all that were sent there, and whether from everywhere. */
function reachOf(
  group: readonly Seen[],
  asks: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Pick<Cause, 'hosts' | 'all' | 'everywhere'> {
  const counts = new Map<string, Map<string, number>>();
  for (const { vantage, difference } of group) {
    const host = `${difference.request.host}:${difference.request.port}`;
    const own = counts.get(host) ?? new Map<string, number>();
    counts.set(host, own.set(vantage, (own.get(vantage) ?? 0) + 1));
  }
  const each = [...counts];
  return {
    hosts: each.map(([host]) => host),
    all: each.every(([host, own]) =>
      [...own].every(([vantage, count]) => count >= (asks.get(host)?.get(vantage) ?? count)),
    ),
    everywhere: each.every(([host, own]) => own.size >= (asks.get(host)?.size ?? own.size)),
  };
}

/** Whether no request to its host passes a decision by. */
function takesAll({ decision: { rule } }: DecidedOutcome): boolean {
  return rule === undefined || isCatchAll(rule.match);
}

function worstOf(effects: readonly Effect[]): Effect {
  if (effects.includes('lost')) return 'lost';
  return effects.every(effect => effect === 'gained') ? 'gained' : 'changed';
}

function originKey({ decision, outcome }: DecidedOutcome): unknown {
  const { rule } = decision;
  if (rule === undefined) return outcome.kind;
  const { resource, path } = rule.origin;
  return [resource.kind, resource.namespace, resource.name, path];
}

function sizeOf({ request }: Difference): number {
  return (
    request.path.length +
    100 * (Object.keys(request.headers).length + Object.keys(request.queryParams).length)
  );
}

/** Says in a few words what became of the requests. */
function summarize({ before, after, aspects }: Difference): string {
  const [old, now] = [before.outcome, after.outcome];
  const [mine, theirs] = [before.decision.rule?.match.path, after.decision.rule?.match.path];
  if (
    mine?.kind === 'prefix' &&
    mine.value !== '/' &&
    theirs !== mine &&
    old.kind === 'forward' &&
    isInsideSegment(mine.value, before, after)
  ) {
    return `prefix ${mine.value} is compared by whole segments now`;
  }
  if (now.kind === 'unknown') return 'the specification does not define the outcome of these requests';
  if (old.kind === 'forward' && now.kind === 'no-route')
    return 'these requests match no rule any more and get 404';
  if (old.kind === 'no-route' && now.kind !== 'no-route')
    return 'these requests match a rule, and matched none before';
  if (now.kind === 'response' && now.status === 500)
    return 'these requests have no backend any more and get 500';
  const lost = failingShare(now) - failingShare(old);
  if (now.kind === 'forward' && lost > 0)
    return lost === 1
      ? 'these requests lose their destination'
      : `${Math.round(1000 * lost) / 10} % of these requests lose their destination`;
  if (now.kind === 'forward' && lost === -1)
    return 'these requests reach a destination, and reached none before';
  if (aspects.includes('destinations')) return 'these requests go somewhere else';
  if (aspects.includes('kind')) return `${old.kind} becomes ${now.kind}`;
  return `these requests differ in ${aspects.map(nameOfAspect).join(', ')}`;
}

function nameOfAspect(aspect: Aspect): string {
  if (aspect === 'cors') return 'CORS';
  return aspect.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
}

/** Whether a path goes on behind a prefix without a slash between. */
function isInsideSegment(prefix: string, before: DecidedOutcome, after: DecidedOutcome): boolean {
  const path = before.outcome.kind === 'forward' ? before.outcome.path : '';
  const next = path.startsWith(prefix) ? path[prefix.length] : undefined;
  return (
    next !== undefined &&
    next !== '/' &&
    !prefix.endsWith('/') &&
    after.decision.rule !== before.decision.rule
  );
}
