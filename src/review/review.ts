import { hostsOverlap, isWildcard } from '../3-link/hostname.ts';
import { escaped } from '../3-link/regexp-literal.ts';
import type { DecidingRule } from '../deciding-rule.ts';
import { type Effect, failingShare } from '../semantics/effect.ts';
import type { DiffFile } from '../suggest/diff.ts';
import type { RemovedUse } from '../suggest/removed-uses.ts';
import type { ConnectionCause } from '../verify/connections.ts';
import type { Cause, Verification } from '../verify/verify.ts';
import { type ChangedObject, firstLine } from './changed-objects.ts';
import type { IdleObject } from './idle-objects.ts';
import { type OutcomePart, outcomeParts } from './outcome-parts.ts';

/** The changes of a pull request for requests. */
export interface Review {
  /** The value to compare with. */
  readonly base: { readonly name: string; readonly commit: string };
  /** Empty where there is only one. */
  readonly environments: readonly string[];
  /** The tools that built overlays and charts. */
  readonly builders: readonly string[];
  /** How many requests and connections were sent through both sides. */
  readonly checked: number;
  readonly verdict: 'same' | 'changed' | 'lost';
  readonly causes: readonly ReviewCause[];
  /** Causes beyond those that are told. */
  readonly more: number;
  /** How many of the requests and connections no longer get to anybody. */
  readonly lost: number;
  /** Migrations by hand after which every request does what it did. */
  readonly moves: readonly { readonly before: string; readonly after: string; readonly file: string }[];
  /** Objects that are removed and that VirtualServices still use. */
  readonly removals: readonly RemovedUse[];
  /** A VirtualService that is added beside an older one for its host, with its place. */
  readonly idle: readonly (IdleObject & { readonly place: ReviewCause['place'] })[];
  readonly verification: Verification;
  /** Files that were not read, whether they differ or not. */
  readonly unread: readonly { readonly path: string; readonly reason: string; readonly differs: boolean }[];
}

/** The change of one place in the manifests. */
export interface ReviewCause {
  /** From the root of the repository; undefined where no file of the pull request says it. */
  readonly place: { readonly file: string; readonly line: number } | undefined;
  readonly object: string | undefined;
  readonly effect: Effect;
  /** How many requests or connections. */
  readonly count: number;
  readonly rows: readonly ReviewRow[];
  /** A command that sends such a request. */
  readonly command: string;
}

export interface ReviewRow {
  /** For people: `all to cart.shop:8080`. */
  readonly requests: string;
  /** The clients, where others send requests there that end as before; empty for all. */
  readonly from: readonly string[];
  readonly environments: readonly string[];
  readonly before: readonly OutcomePart[];
  readonly after: readonly OutcomePart[];
}

/** So many causes are told. */
export const MAX_CAUSES = 10;

/** So many rows a cause has. */
const MAX_ROWS = 6;

export interface ReviewInput {
  readonly verification: Verification;
  readonly base: Review['base'];
  readonly environments: readonly string[];
  readonly builders: readonly string[];
  readonly diff: readonly DiffFile[];
  readonly objects: readonly ChangedObject[];
  readonly removals: readonly RemovedUse[];
  readonly idle: readonly IdleObject[];
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

/** Puts what a verification found in the terms of a pull request: by the place that causes it, what is lost first. */
export function reviewOf(input: ReviewInput): Review {
  const { verification, environments, diff, objects } = input;
  const files = new Map(diff.map(file => [file.path, file]));
  const groups = new Map<string, Told[]>();
  const told = [
    ...verification.causes
      .filter(({ example: { outcomes } }) => outcomes.some(outcome => failingShare(outcome) < 1))
      .map(cause => ofRequests(cause, objects, files)),
    ...verification.connectionCauses.map(cause => ofConnections(cause, objects, files)),
  ];
  for (const one of told) {
    const key = JSON.stringify([one.place ?? null, one.object ?? null]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  const causes = [...groups.values()].map(causeOf).toSorted(byWeight);
  const differing = new Set(verification.unread.map(({ path }) => path));
  const notRead = new Map(
    [...verification.unread, ...input.unread].map(({ path, reason }) => [
      path,
      { path, reason, differs: differing.has(path) },
    ]),
  );
  const lost = told.filter(({ effect }) => effect === 'lost').reduce((sum, { count }) => sum + count, 0);
  const isSame = causes.length === 0 && verification.addresses.length === 0;
  return {
    base: input.base,
    environments: environments.filter(name => name !== ''),
    builders: input.builders,
    checked: verification.requests + verification.connections,
    verdict: lost > 0 ? 'lost' : isSame ? 'same' : 'changed',
    causes: causes.slice(0, MAX_CAUSES),
    more: Math.max(0, causes.length - MAX_CAUSES),
    lost,
    moves: movesOf(objects),
    removals: input.removals,
    idle: input.idle.map(one => {
      const own = objects.find(({ kind, name }) => kind === one.object.kind && name === one.object.name);
      return { ...one, place: own === undefined ? undefined : { file: own.file, line: own.line } };
    }),
    verification,
    unread: [...notRead.values()],
  };
}

interface Told extends Omit<ReviewCause, 'rows'> {
  readonly row: ReviewRow;
}

function byWeight(a: ReviewCause, b: ReviewCause): number {
  const weight = ({ effect }: ReviewCause) => (effect === 'lost' ? 0 : 1);
  const text = ({ place }: ReviewCause) =>
    `${place?.file ?? '~'}:${String(place?.line ?? 0).padStart(9, '0')}`;
  return weight(a) - weight(b) || b.count - a.count || (text(a) < text(b) ? -1 : 1);
}

function causeOf(group: readonly Told[]): ReviewCause {
  const first = group.find(({ effect }) => effect === 'lost') ?? group[0];
  const rows = new Map<string, ReviewRow>();
  for (const { row } of group) {
    const key = JSON.stringify([row.requests, row.from, row.before, row.after]);
    const known = rows.get(key);
    const environments = [...new Set([...(known?.environments ?? []), ...row.environments])];
    rows.set(key, { ...row, environments });
  }
  return {
    place: first?.place,
    object: first?.object,
    effect: first?.effect ?? 'changed',
    count: group.reduce((sum, { count }) => sum + count, 0),
    command: first?.command ?? '',
    rows: [...rows.values()].slice(0, MAX_ROWS),
  };
}

function ofRequests(
  cause: Cause,
  objects: readonly ChangedObject[],
  files: ReadonlyMap<string, DiffFile>,
): Told {
  const { example, aspects, effect, requests, hosts, vantages } = cause;
  const [before, after] = outcomeParts(...example.outcomes, aspects).map(parts =>
    hosts.length === 1 ? parts : withoutExample(parts, example.request),
  ) as [readonly OutcomePart[], readonly OutcomePart[]];
  const which = cause.all ? 'all to ' : cause.isRest ? 'all others to ' : undefined;
  const what = which === undefined ? example.description : `${which}${hosts.slice(0, 3).join(', ')}`;
  const rest = hosts.length > 3 && which !== undefined ? ` and ${hosts.length - 3} more` : '';
  const { place, object } = placeOf([example.after.rule, example.before.rule], cause, objects, files);
  return {
    place,
    object,
    effect,
    count: requests,
    command: example.curl,
    row: {
      requests: `${what}${rest}`,
      from: cause.everywhere ? [] : clientsIn(vantages),
      environments: environmentsIn(vantages),
      before,
      after,
    },
  };
}

/** Several hosts have one row, which does not speak of one of them. */
function withoutExample(
  parts: readonly OutcomePart[],
  { host, port }: Cause['example']['request'],
): readonly OutcomePart[] {
  return parts.map(({ text, isChanged }) => ({
    text: text.startsWith(`${host}:${port}`)
      ? text.replace(`${host}:${port}`, 'the Service itself')
      : text
          .replace(
            new RegExp(`^(50\\d): ${escaped(host)}(?:\\.svc\\.cluster\\.local)? subset\\b`),
            '$1: its subset',
          )
          .replace(new RegExp(`^(50\\d): ${escaped(host)}(?:\\.svc\\.cluster\\.local)?\\b`), '$1: it'),
    isChanged,
  }));
}

/** The clients that send requests, in words, where not all do. */
function clientsIn(vantages: readonly string[]): readonly string[] {
  const names = vantages.map(vantage => {
    const place = vantage.replace(/^[^:\s]+: /, '');
    const [, namespace = '', labels = ''] = /^sidecar in (\S+)(.*)$/.exec(place) ?? [];
    if (namespace === 'elsewhere') return `other namespaces${labels}`;
    return namespace === '' ? place : `namespace ${namespace}${labels}`;
  });
  return [...new Set(names)];
}

function ofConnections(
  cause: ConnectionCause,
  objects: readonly ChangedObject[],
  files: ReadonlyMap<string, DiffFile>,
): Told {
  const { example, connections, vantages } = cause;
  const { host, port, sni, command, before, after } = example;
  const part = (text: string): readonly OutcomePart[] => [{ text, isChanged: true }];
  const { place, object } = placeOf([after.rule, before.rule], cause, objects, files);
  return {
    place,
    object,
    effect: after.rule === undefined || /nothing:/.test(after.outcome) ? 'lost' : 'changed',
    count: connections,
    command,
    row: {
      requests: `connections to ${host}:${port}${sni === undefined ? '' : ` for ${sni}`}`,
      from: [],
      environments: environmentsIn(vantages),
      before: part(before.outcome),
      after: part(after.outcome),
    },
  };
}

function environmentsIn(vantages: readonly string[]): readonly string[] {
  const names = vantages.flatMap(vantage => /^([^:\s]+): /.exec(vantage)?.[1] ?? []);
  return [...new Set(names)];
}

/**
 * The place of a pull request that causes a difference: the rule that decides, where its file changes; else an object that
 * changes and that the difference speaks of, such as a DestinationRule or a Service; else the only object that changes; else the
 * only kustomization that changes, since it can change any object.
 */
function placeOf(
  rules: readonly (DecidingRule | undefined)[],
  {
    example,
    vantages,
    aspects,
  }: Pick<Cause | ConnectionCause, 'example' | 'vantages'> & { readonly aspects?: Cause['aspects'] },
  objects: readonly ChangedObject[],
  files: ReadonlyMap<string, DiffFile>,
): Pick<ReviewCause, 'place' | 'object'> {
  const related = relatedTo(rules, example, vantages, objects);
  // Settings that a route does not have are in a DestinationRule.
  const ofPolicy = aspects?.every(aspect => aspect === 'trafficPolicy') === true;
  // The part that is taken away is missing afterwards.
  const gone = related.find(object => object.change === 'removed' && isMissing(example, object));
  if (gone !== undefined) return objectPlace(gone);
  const policy = ofPolicy ? related.find(({ kind }) => kind === 'DestinationRule') : undefined;
  if (policy !== undefined) return objectPlace(policy);
  for (const rule of rules) {
    const found = rule?.location === undefined ? undefined : changedRule(rule, objects, files);
    if (found !== undefined) return found;
  }
  const chosen =
    related[0] ?? soleOf(objects) ?? soleOf(objects.filter(({ kind }) => kind === 'Kustomization'));
  if (chosen !== undefined) return objectPlace(chosen);
  const rule = rules.find(one => one?.location !== undefined);
  if (rule?.location === undefined) return { place: undefined, object: undefined };
  const { kind, namespace, name } = rule.resource;
  return {
    place: { file: rule.location.file, line: rule.location.start.line },
    object: `${kind} ${namespace}/${name}`,
  };
}

function soleOf(objects: readonly ChangedObject[]): ChangedObject | undefined {
  return objects.length === 1 ? objects[0] : undefined;
}

/** Whether requests get to nobody afterwards, since a Service of this name or a subset of this host does not exist. */
function isMissing(
  { after: { outcome } }: Cause['example'] | ConnectionCause['example'],
  { kind, name, host }: ChangedObject,
): boolean {
  if (kind === 'Service') return new RegExp(`\\b50\\d: ${escaped(name)}\\.`).test(outcome);
  if (kind !== 'DestinationRule' || host === undefined) return false;
  const service = escaped(host.split('.')[0] ?? '');
  return new RegExp(`\\b50\\d: ${service}\\.\\S+ subset `).test(outcome);
}

/** The objects that change and that a difference speaks of. */
function relatedTo(
  rules: readonly (DecidingRule | undefined)[],
  example: Cause['example'] | ConnectionCause['example'],
  vantages: readonly string[],
  objects: readonly ChangedObject[],
): readonly ChangedObject[] {
  const said = `${example.before.outcome} ${example.after.outcome} ${vantages.join(' ')}`;
  const own = rules.flatMap(rule => rule?.resource.name ?? []);
  const host = 'request' in example ? example.request.host : example.host;
  return objects.filter(object => {
    if (object.host !== undefined && isWildcard(object.host)) return covers(object.host, said);
    const names = [object.name, ...(object.host === undefined ? [] : [object.host.split('.')[0] ?? ''])];
    return names.some(
      name =>
        name !== '' &&
        (own.includes(name) ||
          host.split('.')[0] === name ||
          new RegExp(`(^|[\\s/(,])${escaped(name)}([.,:\\s]|$)`).test(said)),
    );
  });
}

/** Whether a wildcard covers a host that some words speak of, under its full name or without the suffix of the cluster. */
function covers(wildcard: string, said: string): boolean {
  const words = said.split(/[\s,;()]+/).map(word => word.replace(/:\d+$/, ''));
  return words.some(
    word =>
      /\w\.\w/.test(word) && [word, `${word}.svc.cluster.local`].some(host => hostsOverlap(wildcard, host)),
  );
}

function objectPlace({ kind, name, file, line }: ChangedObject): Pick<ReviewCause, 'place' | 'object'> {
  return { place: { file, line }, object: `${kind} ${name}` };
}

function changedRule(
  { location, resource: { kind, namespace, name } }: DecidingRule,
  objects: readonly ChangedObject[],
  files: ReadonlyMap<string, DiffFile>,
): Pick<ReviewCause, 'place' | 'object'> | undefined {
  if (location === undefined) return undefined;
  const object = `${kind} ${namespace}/${name}`;
  const own = objects.find(one => one.kind === kind && one.name === name && one.file === location.file);
  if (own?.change === 'removed') return { place: { file: own.file, line: own.line }, object };
  const file = files.get(location.file);
  if (file === undefined || file.status === 'deleted') return undefined;
  const range = { start: location.start.line, end: location.end.line };
  const line = firstLine(file, range);
  const lines = file.hunks.flatMap(hunk => hunk.lines);
  const isIn = lines.some(
    ({ kind: change, newLine }) => change !== 'context' && newLine >= range.start && newLine <= range.end + 1,
  );
  if (isIn) return { place: { file: location.file, line }, object };
  // The rule is as it was; its object is not.
  return own === undefined ? undefined : { place: { file: own.file, line: own.line }, object };
}

/** VirtualServices that go and routes of the same name that come. */
function movesOf(objects: readonly ChangedObject[]): Review['moves'] {
  const routes = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];
  return objects
    .filter(({ kind, change }) => kind === 'VirtualService' && change === 'removed')
    .flatMap(gone => {
      const route = objects.find(
        ({ kind, name, change }) => routes.includes(kind) && name === gone.name && change !== 'removed',
      );
      return route === undefined
        ? []
        : [{ before: `VirtualService ${gone.name}`, after: `${route.kind} ${route.name}`, file: gone.file }];
    });
}

/** When a review makes a command fail. */
export type ReviewFailOn = 'lost' | 'changed' | 'never';

export const reviewFailLevels: readonly ReviewFailOn[] = ['lost', 'changed', 'never'];

/** Whether a review is what a command is to fail for. */
export function failsReview({ verdict }: Pick<Review, 'verdict'>, failOn: ReviewFailOn): boolean {
  if (failOn === 'never') return false;
  return verdict === 'lost' || (failOn === 'changed' && verdict === 'changed');
}
