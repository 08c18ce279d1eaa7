// Follows requests through the objects of a page, in a worker: by the engine itself, in each environment of the tree.
import type { AnyResource } from '../2-decode/resource.ts';
import { environmentsOf } from '../3-link/environments/environments.ts';
import { withClientPorts } from '../3-link/gateways/gateway-client-ports.ts';
import type { DecidingRule } from '../deciding-rule.ts';
import { locator } from '../diagnostics/locate.ts';
import { readOne } from '../read-resources.ts';
import type { PageTraceOptions } from '../reporters/page/page-data.ts';
import type { Address } from '../semantics/request.ts';
import { type Trace, type TracedSide, traceBetween } from '../verify/trace.ts';
import type {
  RuleView,
  TraceAnswer,
  TracedEnvironment,
  TracedSideView,
  TraceObject,
  TraceObjects,
  TraceRequest,
} from './trace-messages.ts';

/** Objects that were read for traces. */
export interface Known {
  readonly before: readonly Traced[];
  readonly after: readonly Traced[];
  readonly environments: readonly TreeEnvironment[];
  readonly options: PageTraceOptions;
  readonly places: ReadonlyMap<string, TraceObject>;
}

/** An object with what the page knows of it. */
interface Traced {
  readonly resource: AnyResource;
  readonly object: TraceObject;
}

/** One of several deployments that a tree holds. */
interface TreeEnvironment {
  /** The folder of its kustomization, or of its files. */
  readonly name: string;
  /** Files that belong to it; others are in the cluster beside them. */
  readonly own: ReadonlySet<string>;
  readonly has: (file: string) => boolean;
}

/** Reads the objects of a page. */
export function readObjects({ before, after, options }: TraceObjects): Known {
  const places = new Map<string, TraceObject>();
  const readAll = (objects: readonly TraceObject[], side: string): readonly Traced[] =>
    objects.flatMap((object, index) => {
      // A kustomization is told by the name of its file.
      const path = `${side}/${index}/${object.home.split('/').at(-1) || 'made.yaml'}`;
      places.set(path, object);
      return readOne({ path, text: object.yaml }).resources.map(one => ({
        resource: landing(one, object, side === 'after'),
        object,
      }));
    });
  const was = readAll(before, 'before');
  return {
    before: was,
    after: readAll(after, 'after'),
    environments: environmentsIn(was),
    options,
    places,
  };
}

/** An object that was read lands where the report says, whatever moves it there; one that is made, where it says itself. */
function landing(resource: AnyResource, { ns }: TraceObject, isMade: boolean): AnyResource {
  if (resource.type === 'core.Namespace' || resource.type === 'gateway.GatewayClass') return resource;
  return { ...resource, namespace: (isMade ? resource.metadata.namespace : undefined) ?? ns };
}

/** The environments of a tree by their files; none where everything can be in one cluster together. */
function environmentsIn(all: readonly Traced[]): readonly TreeEnvironment[] {
  const environments = environmentsOf(all.map(({ resource, object }) => writtenIn(resource, object.home)));
  const byKey = new Map<string, { root: string; has: (file: string) => boolean; files: Set<string> }>();
  for (const { object } of all)
    for (const { key, name, has } of environments.of(object.home)) {
      const found = byKey.get(key) ?? { root: name, has, files: new Set<string>() };
      byKey.set(key, found);
      found.files.add(object.home);
    }
  if (byKey.size < 2) return [];
  return [...byKey.values()]
    .map(({ root, has, files }) => ({
      name:
        [...files].every(file => folderOf(file) === root) || isOutside(root, files)
          ? root
          : sharedFolder(files),
      own: files,
      has: (file: string) => files.has(file) || has(file),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Objects are read under names of their own; environments are told by their real files. */
function writtenIn(resource: AnyResource, path: string): AnyResource {
  const { source } = resource;
  if (source === undefined) return resource;
  const { document } = source;
  return { ...resource, source: { ...source, document: { ...document, file: { ...document.file, path } } } };
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).join('/') || '.';
}

/** A kustomization that puts files of other folders into the cluster gives the environment its name. */
function isOutside(root: string, files: ReadonlySet<string>): boolean {
  return [...files].some(file => !file.startsWith(`${root}/`));
}

function sharedFolder(files: ReadonlySet<string>): string {
  const [first = [], ...others] = [...files].map(file => file.split('/').slice(0, -1));
  const length = first.findIndex((part, index) => others.some(other => other[index] !== part));
  return first.slice(0, length === -1 ? first.length : length).join('/') || '.';
}

/** So many environments are followed for one request. */
const MOST_ENVIRONMENTS = 12;

/**
 * Follows one request.
 *
 * @returns a part for each environment in which a rule of its own files is met; environments with the same answer are one
 */
export function traceIn(known: Known, asked: TraceRequest): TraceAnswer {
  const parts: TracedEnvironment[] = [];
  let description = '';
  for (const environment of environmentsFor(known, asked.host)) {
    const found = traceAnywhere(known, asked, environment);
    description = found.description;
    const part = viewOf(found, known, environment.name);
    if (part.views.some(({ before, after }) => [before, after].some(side => isOwn(side, environment))))
      parts.push(part);
  }
  if (parts.length > 0) return { kind: 'traced', description, parts: together(parts) };
  const found = traceAnywhere(known, asked);
  return { kind: 'traced', description: found.description, parts: [viewOf(found, known, '')] };
}

/** The environments with a file that may name a host. */
function environmentsFor({ before, environments }: Known, host: string): readonly TreeEnvironment[] {
  const [name = host] = host.split('.');
  const files = new Set(
    before.flatMap(({ object: { yaml, home } }) => (yaml.includes(name) || yaml.includes('*') ? [home] : [])),
  );
  return environments.filter(({ own }) => [...own].some(file => files.has(file))).slice(0, MOST_ENVIRONMENTS);
}

function isOwn({ rule, passed }: TracedSideView, { own }: TreeEnvironment): boolean {
  return [rule, ...passed.map(one => one.rule)].some(one => one !== undefined && own.has(one.home));
}

/** Environments in which the same happens, by the same rules, are told of once. */
function together(parts: readonly TracedEnvironment[]): readonly TracedEnvironment[] {
  const byAnswer = new Map<string, TracedEnvironment>();
  for (const part of parts) {
    const key = JSON.stringify([part.views, part.addresses]);
    const same = byAnswer.get(key);
    const environment = same === undefined ? part.environment : `${same.environment}, ${part.environment}`;
    byAnswer.set(key, { ...part, environment });
  }
  return [...byAnswer.values()];
}

/** A host that has one port only need not be asked for by it. */
function traceAnywhere(known: Known, asked: TraceRequest, environment?: TreeEnvironment): TraceFound {
  const present = (all: readonly Traced[]): readonly AnyResource[] =>
    withClientPorts(
      all
        .filter(({ object }) => environment === undefined || environment.has(object.home))
        .map(({ resource }) => resource),
    ).resources;
  const [before, after] = [present(known.before), present(known.after)];
  const locate = locator();
  const guess = { scheme: 'http', port: 80, ...asked } as const;
  const first = traceBetween(before, after, guess, known.options, locate);
  const [only] = first.addresses.filter(
    ({ port, scheme }) =>
      (asked.port === undefined || asked.port === port) &&
      (asked.scheme === undefined || asked.scheme === scheme),
  );
  return first.views.length > 0 || only === undefined
    ? first
    : traceBetween(before, after, { ...guess, port: only.port, scheme: only.scheme }, known.options, locate);
}

type TraceFound = Pick<Trace, 'description' | 'views' | 'addresses'>;

function viewOf({ views, addresses }: TraceFound, { places }: Known, environment: string): TracedEnvironment {
  return {
    environment,
    views: views.map(view => ({
      vantage: view.vantage,
      before: sideView(view.before, places),
      after: sideView(view.after, places),
    })),
    addresses: addresses.map(addressText),
  };
}

function addressText({ scheme, host, port }: Address): string {
  return `${scheme}://${host}:${port}`;
}

function sideView({ outcome, rule, passed }: TracedSide, places: Known['places']): TracedSideView {
  return {
    outcome,
    rule: rule && ruleView(rule, places),
    passed: passed.map(one => ({ rule: ruleView(one.rule, places), reason: one.reason })),
  };
}

function ruleView({ resource, path, location }: DecidingRule, places: Known['places']): RuleView {
  const object = location === undefined ? undefined : places.get(location.file);
  const line = (location?.start.line ?? 1) + (object?.first ?? 1) - 1;
  return {
    kind: resource.kind,
    ns: resource.namespace,
    name: resource.name,
    path,
    home: object?.home ?? '',
    place: object === undefined || object.file === '' ? '' : `${object.file}:${line}`,
  };
}
