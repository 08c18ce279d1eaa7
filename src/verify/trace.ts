import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { admit, keepWritten } from '../3-link/admit.ts';
import { withCrdDefaults } from '../3-link/crd-defaults.ts';
import { withoutShownInputs } from '../3-link/environments/duplicates.ts';
import { withClientPorts } from '../3-link/gateways/gateway-client-ports.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import { targetOf } from '../3-link/target-version.ts';
import type { Conversion } from '../conversion.ts';
import { convert } from '../convert.ts';
import { type DecidingRule, ruleOf } from '../deciding-rule.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { collect, locator, toDiagnostics } from '../diagnostics/locate.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';
import { defaultOptions, type Options } from '../options.ts';
import { readOne, readResources } from '../read-resources.ts';
import { decide, outcomeOf, type Table } from '../semantics/decide.ts';
import { describeOutcome, describeRequest } from '../semantics/describe.ts';
import { type Condition, isMet, type Match } from '../semantics/match.ts';
import { matchesPath, type PathMatcher } from '../semantics/path-matcher.ts';
import { type Outlook, placesBetween } from '../semantics/places.ts';
import {
  type Address,
  type Dimension,
  type Probe,
  type Request,
  readDimension,
} from '../semantics/request.ts';
import type { Rule } from '../semantics/rule.ts';
import { missingGateways } from '../semantics/stand-ins.ts';
import type { Vantage } from '../semantics/vantage.ts';
import { buildWorld } from '../semantics/world.ts';
import { emptyServices } from '../subset-services.ts';
import { formatFieldPath, pathInDocument, type SourceFile } from '../yaml/source.ts';

/** Which rules a request meets, before the conversion and after it. */
export interface Trace {
  readonly request: Request;
  readonly description: string;
  /** None where nothing of the input speaks of the host and the port. */
  readonly views: readonly TraceView[];
  /** Everything that is served under a name of the host. */
  readonly addresses: readonly Address[];
  /** Objects that the CRDs refuse: what runs in their place is open. */
  readonly refused: readonly Diagnostic[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The way of a request through one proxy. */
export interface TraceView {
  /** `sidecar in bookinfo`, `gateway infra/edge`. */
  readonly vantage: string;
  readonly before: TracedSide;
  readonly after: TracedSide;
}

export interface TracedSide {
  /** The rules that were asked before and did not match, in their order. */
  readonly passed: readonly PassedRule[];
  /** Undefined where no rule takes the request. */
  readonly rule: DecidingRule | undefined;
  readonly outcome: string;
}

export interface PassedRule {
  readonly rule: DecidingRule;
  /** The first condition that the request does not meet. */
  readonly reason: string;
}

/**
 * Follows one request through the VirtualServices as they are, and through the routes they would become.
 *
 * @param files what is converted
 * @param request its host decides where it is looked at: a Service inside the mesh, under any of its names, or a gateway
 * @param facts what is read for what it says of Services, Gateways and the like, and left alone
 * @returns for each proxy the rule that takes the request before and after, each rule that was asked before it, and why that
 * does not match; no views where nothing speaks of the host and the port
 */
export function trace(
  files: readonly SourceFile[],
  request: Request,
  facts: readonly SourceFile[] = [],
  options: Options = defaultOptions,
): Trace {
  const conversion = convert(files, facts, options);
  const { report: heard, findings } = collect();
  const { written, look } = keepWritten();
  const [own = [], other = []] = [files, facts].map(texts =>
    readResources(texts, options.namespace, heard, file => readOne(file, look)),
  );
  const target = targetOf(options, [own, other]);
  const { report, findings: refused } = collect();
  admit([...own, ...other], written, target, findings, report);
  const stored = withCrdDefaults([...own, ...other], target);
  const { inputs, shown } = withoutShownInputs(stored.slice(0, own.length), stored.slice(own.length));
  const before = withClientPorts([...inputs, ...shown]).resources;
  const converted = new Set(
    conversion.edits.flatMap(edit => (edit.kind === 'replace' ? [placeKey(edit.source)] : [])),
  );
  const after = [
    ...before.filter(({ source }) => source === undefined || !converted.has(placeKey(source))),
    ...conversion.outputs.map(({ resource }) => resource),
  ];
  const locate = locator();
  return {
    ...traceBetween(before, after, request, options, locate, originsOf(conversion, locate)),
    refused: toDiagnostics(refused, [...files, ...facts]),
    diagnostics: conversion.diagnostics,
  };
}

/**
 * Follows one request through two sets of objects, whoever made them.
 *
 * @param originOf the entry that a rule of the second set was written for, if that is known
 */
export function traceBetween(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
  request: Request,
  options: Options,
  locate: ReturnType<typeof locator>,
  originOf: RuleSource = () => undefined,
): Omit<Trace, 'diagnostics' | 'refused'> {
  const vantages = vantagesFor(before, after, request, options);
  const views = vantages
    .filter(({ address }) => address.port === request.port && address.scheme === request.scheme)
    .map(
      (vantage): TraceView => ({
        vantage: vantage.label,
        before: follow(vantage.before, request, locate),
        after: withOrigins(follow(vantage.after, request, locate), originOf),
      }),
    );
  return {
    request,
    description: describeRequest(request),
    views,
    addresses: distinct(vantages.map(({ address }) => address)),
  };
}

function distinct(addresses: readonly Address[]): readonly Address[] {
  return [...new Map(addresses.map(address => [JSON.stringify(address), address])).values()];
}

type RuleSource = (rule: DecidingRule) => DecidingRule['from'];

/** @returns a function that finds the entry a rule of an output was written for */
function originsOf({ outputs, resources }: Conversion, locate: ReturnType<typeof locator>): RuleSource {
  const owners = new Map(resources.map(({ resource }) => [resource.source, refOf(resource)]));
  const byObject = new Map(outputs.map(output => [objectKey(output.resource), output]));
  return ({ resource, path }) => {
    const output = byObject.get(objectKey(resource));
    const origin = output?.origins.find(one => isWithin(path, formatFieldPath(one.output)));
    const owner = owners.get(output?.home);
    if (output === undefined || origin === undefined || owner === undefined) return undefined;
    const { home } = output;
    const place = {
      file: home.document.file,
      document: home.document,
      path: pathInDocument(home, origin.input),
      field: origin.input,
      at: 'value' as const,
    };
    const written = { resource: owner, path: formatFieldPath(origin.input), location: locate(place) };
    const { delegate } = origin;
    if (delegate === undefined) return written;
    return {
      resource: refOf(delegate.resource),
      path: formatFieldPath(delegate.path),
      location: locate(placeOf(delegate.resource, ...delegate.path)),
      root: written,
    };
  };
}

function objectKey({ kind, namespace, name }: ResourceRef): string {
  return `${kind} ${namespace}/${name}`;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

function withOrigins(side: TracedSide, originOf: RuleSource): TracedSide {
  const add = (rule: DecidingRule): DecidingRule => {
    const from = rule.location === undefined ? originOf(rule) : undefined;
    return from === undefined ? rule : { ...rule, from };
  };
  return {
    ...side,
    passed: side.passed.map(({ rule, reason }) => ({ rule: add(rule), reason })),
    rule: side.rule && add(side.rule),
  };
}

function placeKey({ document, path }: NonNullable<AnyResource['source']>): string {
  return JSON.stringify([document.file.path, document.index, path]);
}

/** Everywhere the host is served; a Service has its short names, too. */
function vantagesFor(
  before: readonly AnyResource[],
  after: readonly AnyResource[],
  request: Request,
  options: Options,
): readonly Vantage[] {
  const empty = emptyServices([before, after], options);
  const [left, right] = [before, after].map((resources, side) =>
    buildWorld([...resources, ...missingGateways(resources)], {
      defaultPort: options.defaultPort,
      trustedProxies: options.trustedProxies,
      rootNamespace: options.rootNamespace,
      empty,
      otherSide: side === 0 ? after : before,
      explains: true,
      profile: options.profile,
    }),
  );
  if (left === undefined || right === undefined) return [];
  return placesBetween(left, right, outlookOf(request, options))
    .all()
    .filter(({ address }) => isNameOf(request.host, address.host));
}

/**
 * On sidecars VirtualServices and routes count alike; on waypoints both do, too. A client that has only waypoints asks for
 * those.
 */
function outlookOf({ host }: Request, { gatewayMap, from }: Options): Outlook {
  return { gatewayMap, host, from: from === 'ambient' ? from : undefined };
}

function isNameOf(asked: string, host: string): boolean {
  if (asked === host || hostsOverlap(asked, host)) return true;
  const [name, namespace] = host.split('.');
  return [
    name,
    `${name}.${namespace}`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
  ].includes(asked);
}

function follow(table: Table, sent: Request, locate: ReturnType<typeof locator>): TracedSide {
  const request = table.schemeFrom === 'listener' ? withoutForwardedProto(sent) : sent;
  const probe = probeOf(table, request);
  const decision = decide(table, probe);
  if (typeof decision === 'string')
    throw new Error(`a whole request leaves nothing to ask, but ${decision} was asked`);
  const end = decision.rule === undefined ? table.rules.length : table.rules.indexOf(decision.rule);
  return {
    passed: table.rules.slice(0, end).flatMap((rule): readonly PassedRule[] => {
      const described = ruleOf(rule, locate);
      return described === undefined ? [] : [{ rule: described, reason: reasonOf(rule, request) }];
    }),
    rule: ruleOf(decision.rule, locate),
    outcome: describeOutcome(outcomeOf(table, decision, request)),
  };
}

/** A gateway that trusts no proxy overwrites X-Forwarded-Proto by the scheme of the listener. */
function withoutForwardedProto(request: Request): Request {
  const { 'x-forwarded-proto': _overwritten, ...headers } = request.headers;
  return { ...request, headers };
}

/** Everything the rules of a table can ask of a request. */
function probeOf({ rules }: Table, request: Request): Probe {
  const asked = rules.flatMap(({ match }: { readonly match: Match }) =>
    match.conditions.map(({ dimension }) => dimension),
  );
  return new Map(['path', ...asked].map(dimension => [dimension, readDimension(request, dimension)]));
}

function reasonOf({ match }: Rule, request: Request): string {
  if (match.elsewhere !== undefined) return match.elsewhere;
  if (!matchesPath(match.path, request.path)) return `path ${request.path} ${pathReason(match.path)}`;
  const failing = match.conditions.find(
    condition => !isMet(condition, readDimension(request, condition.dimension)),
  );
  return failing === undefined ? '' : conditionReason(failing, readDimension(request, failing.dimension));
}

function pathReason(path: PathMatcher): string {
  switch (path.kind) {
    case 'exact':
      return `is not ${path.value}`;
    case 'prefix':
      return `does not begin with ${path.value}`;
    case 'segments':
      return `does not lie under ${path.value}`;
    case 'regex':
      return `does not match ${path.source}`;
  }
}

function conditionReason({ dimension, matcher, invert }: Condition, value: string | null): string {
  const what = dimensionName(dimension);
  const said = value === null ? `${what} is absent` : `${what} is ${JSON.stringify(value)}`;
  if (matcher.kind === 'present') return invert ? `${said}, and has to be absent` : said;
  const wanted =
    matcher.kind === 'regex'
      ? `match ${matcher.source}`
      : matcher.kind === 'prefix'
        ? `begin with ${matcher.value}`
        : `be ${JSON.stringify(matcher.value)}`;
  return `${said}, and ${invert ? 'must not' : 'has to'} ${wanted}`;
}

function dimensionName(dimension: Dimension): string {
  if (dimension.startsWith('header:')) return `header ${dimension.slice('header:'.length)}`;
  if (dimension.startsWith('query:')) return `query parameter ${dimension.slice('query:'.length)}`;
  return dimension === 'authority' ? 'the host asked for' : dimension;
}
