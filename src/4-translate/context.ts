import { placeOf } from '../2-decode/place-of.ts';
import type { Facts } from '../3-link/facts.ts';
import type { MeshService } from '../3-link/registry.ts';
import type { Scope } from '../3-link/scopes.ts';
import type { EntryOrigin, ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Arguments, Code } from '../diagnostics/catalog.ts';
import type { Place, Related, Report } from '../diagnostics/diagnostic.ts';
import { type DeviationId, deviations } from '../implementations/deviations.ts';
import { implementationsOf } from '../implementations/profiles.ts';
import { type Deviation, entryKey } from '../semantics/deviation.ts';
import type { FieldPath } from '../yaml/source.ts';

/**
 * Declares requests that will be treated differently. It becomes a diagnostic when the proof finds such a request, which
 * then stands for `{request}` in its message; `{oldPath}` and `{newPath}` are the paths that its backend gets.
 */
export type Declare = <C extends Code>(
  code: C,
  place: Place,
  args: Omit<Arguments<C>, 'request' | 'oldPath' | 'newPath'>,
  deviation: Deviation,
  related?: readonly Related[],
) => void;

/**
 * Notes that a Service which requests are sent to is taken to exist, since it is not in the input.
 *
 * @param place the host of the destination
 */
export type Assume = (service: MeshService, place: Place) => void;

/** The context of a translator of an http entry. */
export interface EntryContext {
  readonly facts: Facts;
  readonly vs: ResolvedVirtualService;
  readonly scope: Scope;
  readonly origin: EntryOrigin;
  /** Where the route will live; references to other namespaces have to name them. */
  readonly routeNamespace: string;
  readonly report: Report;
  readonly declare: Declare;
  readonly assume: Assume;
}

/** An entry declares something about the requests and connections that it takes, unless it names hosts by itself. */
export function ofEntry(declare: Declare, origin: Pick<EntryOrigin, 'resource' | 'path'>): Declare {
  const from = entryKey(origin);
  return (code, place, args, deviation, related) =>
    declare(code, place, args, deviation.isAnywhere ? deviation : { from, ...deviation }, related);
}

/** The place of a field of the entry; a match that a delegate took over from its root is where the root has it. */
export function entryPlace({ origin }: Pick<EntryContext, 'origin'>, ...field: FieldPath): Place {
  const [first, index, name, ...rest] = field;
  const match = first === 'match' && typeof index === 'number' ? origin.matches?.[index] : undefined;
  if (match === undefined || origin.root === undefined)
    return placeOf(origin.resource, ...origin.path, ...field);
  const tail = name === undefined ? [] : [name, ...rest];
  return match.own === undefined || match.inherited.has(String(name))
    ? placeOf(origin.root.resource, ...origin.root.path, 'match', match.root ?? 0, ...tail)
    : placeOf(origin.resource, ...origin.path, 'match', match.own, ...tail);
}

/** Whether an implementation of the profile is known to break a promise of the specification. */
export function breaksPromise({ facts }: Pick<EntryContext, 'facts'>, id: DeviationId): boolean {
  const behaviour = deviations.find(deviation => deviation.id === id)?.behaviour ?? {};
  return implementationsOf(facts.options.profile).some(name => Object.hasOwn(behaviour, name));
}

/** Whether only what the specification promises may be used. */
export function isPortable({ facts }: Pick<EntryContext, 'facts'>): boolean {
  return facts.options.profile !== 'istio';
}
