import { distance } from 'fastest-levenshtein';
import type { Cursor } from './cursor.ts';

/** A field that the API once had. */
export interface Removed {
  /** Its former meaning, in a clause. */
  readonly was: string;
  /** The text to write today, in a sentence. */
  readonly now: string;
}

/** Reports a field that the schema does not have, with what may have been meant. */
export function reportUnknown(
  name: string,
  at: Cursor,
  known: readonly string[],
  removed: Readonly<Record<string, Removed>>,
): void {
  const place = at.child(name);
  const gone = Object.hasOwn(removed, name) ? removed[name] : snakeCase(name, known);
  if (gone !== undefined) {
    place.reportKey('removed-field', { field: name, was: gone.was, now: gone.now });
    return;
  }
  const close = closest(name, known);
  place.reportKey(codeFor(place), {
    field: name,
    object: at.name === '' ? 'the object' : `\`${at.name}\``,
    kind: at.kind,
    suggestion:
      close === undefined
        ? 'Delete the field, or move it to where it belongs.'
        : `Write \`${close}\`, if that is meant.`,
  });
}

/** Codes of fields that nothing here knows, before the CRDs of the input are asked whether the field exists. */
type UnknownFieldCode = 'unknown-field' | 'field-not-known' | 'field-carried' | 'field-not-read';

/**
 * Finds out what a field that nothing here knows may do. The CRDs of Istio and of the Gateway API get new fields with
 * every release; the metadata of Kubernetes and the files of other tools do not.
 */
function codeFor(place: Cursor): UnknownFieldCode {
  const group = /^[^/]*/.exec(place.apiVersion)?.[0] ?? '';
  if (place.path[0] === 'metadata' || !/(?:\.istio\.io|^gateway\.networking\.(?:x-)?k8s\.io)$/.test(group))
    return 'unknown-field';
  if (place.kind === 'DestinationRule') return 'field-carried';
  const isConverted =
    place.kind === 'VirtualService' || (place.kind === 'Gateway' && group.endsWith('.istio.io'));
  return isConverted ? 'field-not-known' : 'field-not-read';
}

/** Before Istio's CRDs had schemas, istiod itself read the manifest, and took the names of the protocol buffers too. */
function snakeCase(name: string, known: readonly string[]): Removed | undefined {
  if (!name.includes('_')) return undefined;
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (!known.includes(camel)) return undefined;
  return { was: `the old spelling of \`${camel}\``, now: `Write \`${camel}\`.` };
}

/**
 * The known word that a misspelt one most likely stands for.
 *
 * @returns undefined when none is close: more than a third of the letters would have to change
 */
export function closest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = known
    .map(candidate => ({ candidate, steps: distance(lower, candidate.toLowerCase()) }))
    .toSorted((a, b) => a.steps - b.steps);
  const [best] = ranked;
  return best !== undefined && best.steps <= Math.max(1, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}
