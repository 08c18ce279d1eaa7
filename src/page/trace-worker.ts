// The program that follows a request, in a worker of the page: the engine of vs2route over the objects of the report.
import type { AnyResource } from '../2-decode/resource.ts';
import { withClientPorts } from '../3-link/gateway-client-ports.ts';
import type { DecidingRule } from '../deciding-rule.ts';
import { locator } from '../diagnostics/locate.ts';
import { readOne } from '../read-resources.ts';
import type { PageTraceOptions } from '../reporters/page/page-data.ts';
import type { Address } from '../semantics/request.ts';
import { type TracedSide, traceBetween } from '../trace.ts';
import type { RuleView, TraceAnswer, TracedSideView, TraceObject, TraceOrder } from './trace-messages.ts';

interface Known {
  readonly before: readonly AnyResource[];
  readonly after: readonly AnyResource[];
  readonly options: PageTraceOptions;
  readonly places: ReadonlyMap<string, TraceObject>;
}

const state: { known?: Known } = {};

addEventListener('message', ({ data }: MessageEvent<TraceOrder>) => {
  try {
    if (data.kind === 'objects') state.known = read(data);
    else if (state.known !== undefined) postMessage(trace(state.known, data.request));
  } catch (error) {
    postMessage({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    } satisfies TraceAnswer);
  }
});

function read({ before, after, options }: Extract<TraceOrder, { kind: 'objects' }>): Known {
  const places = new Map<string, TraceObject>();
  const readAll = (objects: readonly TraceObject[], side: string): readonly AnyResource[] =>
    objects.flatMap((object, index) => {
      const path = `${side}/${index}.yaml`;
      places.set(path, object);
      return readOne({ path, text: object.yaml }).resources.map(one =>
        landing(one, object, side === 'after'),
      );
    });
  return {
    before: withClientPorts(readAll(before, 'before')).resources,
    after: withClientPorts(readAll(after, 'after')).resources,
    options,
    places,
  };
}

/** An object that was read lands where the report says, whatever moves it there; one that is made, where it says itself. */
function landing(resource: AnyResource, { ns }: TraceObject, isMade: boolean): AnyResource {
  if (resource.type === 'core.Namespace' || resource.type === 'gateway.GatewayClass') return resource;
  return { ...resource, namespace: (isMade ? resource.metadata.namespace : undefined) ?? ns };
}

function trace(
  { before, after, options, places }: Known,
  asked: Extract<TraceOrder, { kind: 'trace' }>['request'],
): TraceAnswer {
  const locate = locator();
  const guess = { scheme: 'http', port: 80, ...asked } as const;
  const first = traceBetween(before, after, guess, options, locate);
  const [only] = first.addresses.filter(
    ({ port, scheme }) =>
      (asked.port === undefined || asked.port === port) &&
      (asked.scheme === undefined || asked.scheme === scheme),
  );
  const found =
    first.views.length > 0 || only === undefined
      ? first
      : traceBetween(before, after, { ...guess, port: only.port, scheme: only.scheme }, options, locate);
  return {
    kind: 'traced',
    description: found.description,
    views: found.views.map(view => ({
      vantage: view.vantage,
      before: sideView(view.before, places),
      after: sideView(view.after, places),
    })),
    addresses: found.addresses.map(addressText),
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
    place: object === undefined || object.file === '' ? '' : `${object.file}:${line}`,
  };
}
