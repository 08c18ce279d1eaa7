import type * as istio from '../istio/index.ts';

/** The result for one header: whether its value stays, and the values that are added after it. */
export interface HeaderEffect {
  readonly keep: boolean;
  readonly values: readonly string[];
}

/** By header name in lower case; headers that nothing touches are not listed. */
export type HeaderEffects = Readonly<Record<string, HeaderEffect>>;

const untouched: HeaderEffect = { keep: true, values: [] };
const nothing: HeaderEffects = {};

function isInternal(name: string): boolean {
  return name.startsWith(':') || name.toLowerCase() === 'host';
}

/** The operations of one level, in the order istiod writes them: all sets by name, then all adds by name. */
interface Mutations {
  readonly remove: readonly string[];
  readonly write: readonly { readonly name: string; readonly value: string; readonly append: boolean }[];
}

function mutationsOf(operations: istio.HeaderOperations | undefined): Mutations {
  const write = (values: Readonly<Record<string, string>> | undefined, append: boolean) =>
    Object.entries(values ?? {})
      // Envoy writes no empty value, unless it is asked to keep it (header_parser.cc, evaluateHeaders).
      .filter(([name, value]) => !isInternal(name) && value !== '')
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, value]) => ({ name: name.toLowerCase(), value, append }));
  return {
    remove: (operations?.remove ?? []).filter(name => !isInternal(name)).map(name => name.toLowerCase()),
    write: [...write(operations?.set, false), ...write(operations?.add, true)],
  };
}

function perform(effects: Map<string, HeaderEffect>, { remove, write }: Mutations): void {
  for (const name of remove) effects.set(name, { keep: false, values: [] });
  for (const { name, value, append } of write) {
    const before = effects.get(name) ?? untouched;
    effects.set(
      name,
      append ? { ...before, values: [...before.values, value] } : { keep: false, values: [value] },
    );
  }
}

/**
 * The common effect of the operations of a route and of the destination it chose.
 *
 * A sole destination's operations are appended to the route's own, so that they come last (route.go,
 * processDestination). Those of one destination among several sit on the weighted cluster, which Envoy evaluates before
 * the route (Envoy, HeaderParser: weighted cluster, then route). Envoy removes before it writes.
 */
export function headerEffects(
  route: istio.HeaderOperations | undefined,
  destination: istio.HeaderOperations | undefined,
  weighted: boolean,
): HeaderEffects {
  if (route === undefined && destination === undefined) return nothing;
  const effects = new Map<string, HeaderEffect>();
  const [ofRoute, ofDestination] = [mutationsOf(route), mutationsOf(destination)];
  if (weighted) {
    perform(effects, ofDestination);
    perform(effects, ofRoute);
  } else {
    perform(effects, {
      remove: [...ofRoute.remove, ...ofDestination.remove],
      write: [...ofRoute.write, ...ofDestination.write],
    });
  }
  return Object.fromEntries([...effects].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The host that a route's or a destination's operations write: `set` before `add` (route.go,
 * TranslateHeadersOperations).
 */
export function authorityOf(operations: istio.HeaderOperations | undefined): string | undefined {
  if (operations === undefined) return undefined;
  const find = (values: Readonly<Record<string, string>> | undefined) =>
    Object.entries(values ?? {}).find(
      ([name]) => name.toLowerCase() === 'host' || name === ':authority',
    )?.[1];
  return find(operations.set) ?? find(operations.add);
}
