import type { ConvertedResource } from '../../conversion.ts';
import { type Code, entryOf } from '../../diagnostics/catalog.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** A reason to remove, in the order in which to do so. */
export interface Unblocking {
  readonly code: Code;
  /** How many VirtualServices convert once it is removed, with the reasons further up. */
  readonly frees: number;
  /** How many VirtualServices have it, whatever else they have. */
  readonly has: number;
  /** The message of its first diagnostic. */
  readonly message: string;
  readonly remedy: string;
}

/** A VirtualService that keeps others from converting. */
export interface Blocker {
  readonly resource: ConvertedResource;
  /** How many VirtualServices convert once it does, itself included. */
  readonly frees: number;
  readonly reasons: readonly Diagnostic[];
}

/** Codes that only say that another VirtualService stays. */
const followOn: ReadonlySet<Code> = new Set<Code>(['host-shared-with-held-back', 'delegate-of-held-back']);

/** A VirtualService that is not converted: its own reasons, and the VirtualServices that it waits for. */
interface Held {
  readonly resource: ConvertedResource;
  readonly own: readonly Diagnostic[];
  readonly waitsFor: readonly ConvertedResource[];
}

/**
 * Ranks the reasons for which VirtualServices are not converted. Each reason is counted with those before it removed:
 * where two are in the way of one VirtualService, it counts for the later one.
 *
 * @returns the reason that frees most first; a reason that frees none by itself follows the others
 */
export function rankReasons(resources: readonly ConvertedResource[]): readonly Unblocking[] {
  const held = heldOf(resources);
  const codes = [...new Set(held.flatMap(({ own }) => own.map(({ code }) => code)))].sort();
  const ranked: Unblocking[] = [];
  const removed = new Set<Code>();
  let free = 0;
  while (removed.size < codes.length) {
    const [best] = codes
      .filter(code => !removed.has(code))
      .map(code => ({
        code,
        free: freedBy(held, ({ own }) => own.every(one => one.code === code || removed.has(one.code))).size,
        has: held.filter(({ own }) => own.some(one => one.code === code)).length,
      }))
      .toSorted((a, b) => b.free - a.free || b.has - a.has || (a.code < b.code ? -1 : 1));
    if (best === undefined) break;
    const first = held.flatMap(({ own }) => own).find(({ code }) => code === best.code);
    ranked.push({
      code: best.code,
      frees: best.free - free,
      has: best.has,
      message: first?.message ?? entryOf(best.code).message,
      remedy: first?.remedy ?? '',
    });
    removed.add(best.code);
    free = best.free;
  }
  return ranked;
}

/**
 * @returns the VirtualServices that free most when they are mended; those with the fewest reasons first among equals. Among
 * those that free themselves alone, one for each reason comes before a second one with the same reason.
 */
export function rankBlockers(resources: readonly ConvertedResource[], most: number): readonly Blocker[] {
  const held = heldOf(resources);
  const already = freedBy(held, ({ own }) => own.length === 0).size;
  const ranked = held
    .filter(({ own }) => own.length > 0)
    .map(one => ({
      resource: one.resource,
      frees: freedBy(held, other => other === one || other.own.length === 0).size - already,
      reasons: one.own,
    }))
    .toSorted(
      (a, b) =>
        b.frees - a.frees ||
        a.reasons.length - b.reasons.length ||
        (nameOf(a.resource) < nameOf(b.resource) ? -1 : 1),
    );
  const told = new Set<Code>();
  const repeating = new Set<Blocker>();
  for (const blocker of ranked) {
    const [reason] = blocker.reasons;
    if (reason === undefined) continue;
    if (blocker.frees <= 1 && told.has(reason.code)) repeating.add(blocker);
    told.add(reason.code);
  }
  return [...ranked.filter(one => !repeating.has(one)), ...repeating].slice(0, most);
}

function nameOf({ resource: { namespace, name } }: ConvertedResource): string {
  return `${namespace}/${name}`;
}

function heldOf(resources: readonly ConvertedResource[]): readonly Held[] {
  const held = resources.filter(
    ({ resource, status }) => resource.type === 'istio.VirtualService' && status === 'held-back',
  );
  const byFile = new Map<string, ConvertedResource[]>();
  for (const one of held) {
    const file = one.resource.source?.document.file.path ?? '';
    const known = byFile.get(file);
    if (known === undefined) byFile.set(file, [one]);
    else known.push(one);
  }
  return held.map(resource => {
    const errors = resource.diagnostics.filter(({ severity }) => severity === 'error');
    const following = errors.filter(({ code }) => followOn.has(code));
    const waitsFor = following.map(diagnostic => otherOf(diagnostic, byFile));
    const known = waitsFor.filter(other => other !== undefined && other !== resource);
    return {
      resource,
      // A VirtualService that waits for something else than a VirtualService of the input does not get free by this.
      own: errors.filter(one => !followOn.has(one.code) || waitsFor[following.indexOf(one)] === undefined),
      waitsFor: known.flatMap(other => other ?? []),
    };
  });
}

/** The VirtualService that a diagnostic points at as the one that stays. */
function otherOf(
  { related }: Diagnostic,
  byFile: ReadonlyMap<string, readonly ConvertedResource[]>,
): ConvertedResource | undefined {
  const [other] = related;
  if (other === undefined) return undefined;
  const { start } = other.location.range;
  return byFile.get(other.location.file)?.find(({ resource }) => {
    const range = resource.source?.document.range;
    return range !== undefined && range.start <= start && start < range.end;
  });
}

/** The VirtualServices that get free once some have no reasons of their own left: those that wait for none but these. */
function freedBy(held: readonly Held[], isMended: (one: Held) => boolean): ReadonlySet<ConvertedResource> {
  const free = new Set(held.filter(isMended).map(({ resource }) => resource));
  const heldNow = new Set(held.map(({ resource }) => resource));
  for (let before = -1; before !== free.size; ) {
    before = free.size;
    for (const { resource, waitsFor } of held)
      if (waitsFor.some(other => heldNow.has(other) && !free.has(other))) free.delete(resource);
  }
  return free;
}
