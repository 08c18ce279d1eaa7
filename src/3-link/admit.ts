import type { Manifest } from '../1-read/manifest.ts';
import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { hasPlaceholder } from '../2-decode/validation/placeholder.ts';
import { admission, type Bundle } from '../admission/admission.ts';
import type { Refusal } from '../admission/schema.ts';
import { type Finding, keyOf, type Place, type Report } from '../diagnostics/diagnostic.ts';
import type { Options } from '../options.ts';
import { ownValue } from '../yaml/own-value.ts';
import type { Source } from '../yaml/source.ts';
import { isRecord, toJson } from '../yaml/yaml-node.ts';
import { gatewayApiVersions } from './target-version.ts';

/** The CRDs that judge objects, as far as options say. */
export type Target = Pick<Options, 'gatewayApi' | 'channel'>;

/** An object of the Gateway API as it was written. */
interface WrittenObject {
  /** As JSON has it. */
  readonly value: unknown;
  /** The refusals by `1.6 standard`, for those who have been asked. */
  readonly refusals: Map<string, readonly Refusal[]>;
}

/** Objects of the Gateway API as they were written, by their place. */
export type WrittenObjects = ReadonlyMap<Source, WrittenObject>;

/**
 * Keeps the objects that are to be judged, while their trees are there. Only the first of documents with the same text is kept:
 * most objects of a cluster are in both of the trees that are compared, and the CRDs say the same of them.
 */
export function keepWritten(): {
  readonly written: WrittenObjects;
  readonly look: (manifest: Manifest) => void;
} {
  const written = new Map<Source, WrittenObject>();
  const byText = new Map<string, WrittenObject>();
  const look = ({ apiVersion, source, node }: Manifest): void => {
    if (!admission.judges(apiVersion)) return;
    const { file, range } = source.document;
    const key = `${source.path.join('/')}\n${file.text.slice(range.start, range.end)}`;
    const object = byText.get(key) ?? { value: toJson(node), refusals: new Map() };
    byText.set(key, object);
    written.set(source, object);
  };
  return { written, look };
}

/**
 * Asks the CRDs of a target about each object of the Gateway API. A value that the decoders have refused at the same place is
 * not told again, and what another tool will put in place of a placeholder is not judged.
 *
 * @param findings what was said of the objects while they were read
 */
export function admit(
  resources: readonly AnyResource[],
  written: WrittenObjects,
  target: Target,
  findings: readonly Finding[],
  report: Report,
): void {
  let places: ReadonlySet<string> | undefined;
  for (const resource of resources) {
    const object = resource.source === undefined ? undefined : written.get(resource.source);
    if (object === undefined) continue;
    let remedy: string | undefined;
    for (const refusal of refusalsOf(object, target)) {
      places ??= new Set(findings.map(({ place }) => placeKey(place)));
      const known = places;
      const place = placeOf(resource, ...refusal.path);
      const parent = placeOf(resource, ...refusal.path.slice(0, -1));
      const isTold =
        known.has(placeKey(place)) || (refusal.type === 'Required value' && known.has(placeKey(parent)));
      if (isTold && refusal.type !== 'Unknown field') continue;
      remedy ??= remedyFor(object, target);
      report('gateway-api-refuses', refusal.type === 'Unknown field' ? keyOf(place) : place, {
        kind: resource.kind,
        version: (admission.head.releases[target.gatewayApi] ?? target.gatewayApi).replace(/^v/, ''),
        channel: target.channel,
        words: wordsOf(refusal),
        remedy,
      });
    }
  }
}

/** @returns findings without those of fields that nothing here knows and that the CRDs refuse: they are told as refused */
export function withoutRefusedFields(
  findings: readonly Finding[],
  refused: readonly Finding[],
): readonly Finding[] {
  if (refused.length === 0) return findings;
  const places = new Set(refused.map(({ place }) => placeKey(place)));
  return findings.filter(
    ({ code, place }) =>
      (code !== 'field-not-read' && code !== 'unknown-field') || !places.has(placeKey(place)),
  );
}

/** @returns text that is the same for the same place of a document */
export function placeKey({ file, document, path }: Place): string {
  return JSON.stringify([file.path, document?.index ?? 0, path]);
}

function refusalsOf({ value, refusals }: WrittenObject, target: Bundle): readonly Refusal[] {
  const bundle = `${target.gatewayApi} ${target.channel}`;
  const known = refusals.get(bundle);
  if (known !== undefined) return known;
  const all = admission.admit(value, target, holdsPlaceholder)?.refusals ?? [];
  const own = all.filter(({ path, type }) => {
    if (type === 'Unknown kind' || type === 'Unknown field' || type === 'Required value') return true;
    return !holdsPlaceholder(valueAt(value, path));
  });
  refusals.set(bundle, own);
  return own;
}

function holdsPlaceholder(value: unknown): boolean {
  return hasPlaceholder(JSON.stringify(value) ?? '');
}

/** Without the reasons: most of the targets that are looked through refuse the object, too. */
function isTaken(object: WrittenObject, target: Bundle): boolean {
  if (admission.takes(object.value, target)) return true;
  return holdsPlaceholder(object.value) && refusalsOf(object, target).length === 0;
}

function valueAt(object: unknown, path: Refusal['path']): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof part === 'number') return Array.isArray(value) ? value[part] : undefined;
    return isRecord(value) ? ownValue(value, part) : undefined;
  }, object);
}

/** The rule's own words; of a schema, those of the API server. */
function wordsOf({ type, detail, path }: Refusal): string {
  if (type === 'Unknown field') return `unknown field \`${String(path.at(-1))}\``;
  if (type === 'Required value') return `\`${String(path.at(-1))}\` is a required value`;
  const isSaid = type === 'Invalid value' || type === 'Wrong type' || type === 'Unknown kind';
  return (isSaid ? detail : `${type}: ${detail}`).replace(/\.$/, '');
}

/** Names CRDs that take the object, if some do. */
function remedyFor(object: WrittenObject, { gatewayApi, channel }: Target): string {
  const channels = [channel, channel === 'standard' ? 'experimental' : 'standard'] as const;
  const versions = [gatewayApi, ...gatewayApiVersions.filter(version => version !== gatewayApi)];
  const takes = channels
    .flatMap(one => versions.map(version => ({ gatewayApi: version, channel: one })))
    .find(target => isTaken(object, target));
  if (takes === undefined) return 'Change the object so that the rule holds.';
  const flags = [
    ...(takes.gatewayApi === gatewayApi ? [] : [`--gateway-api ${takes.gatewayApi}`]),
    ...(takes.channel === channel ? [] : [`--channel ${takes.channel}`]),
  ].join(' ');
  return `Pass ${flags} if the cluster has those CRDs; else change the object so that the rule holds.`;
}
