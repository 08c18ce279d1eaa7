import { type Manifest, refOfManifest } from '../1-read/manifest.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type * as gateway from '../gateway-api/index.ts';
import { fieldOf, type MappingNode } from '../yaml/yaml-node.ts';
import { Cursor } from './cursor.ts';
import { isNull } from './decoder.ts';
import { kindOf } from './kind-of.ts';
import type { Kind } from './kinds.ts';
import { metadata } from './metadata.ts';
import { decodeNeighbour } from './neighbour.ts';
import { faultOfName } from './object-name.ts';
import type { AnyResource, ResourceType, Specs } from './resource.ts';
import { reportUnknown } from './unknown-field.ts';

/**
 * Makes a typed object of a manifest. Whatever is wrong with it is reported with its place and with the object as
 * `place.resource`; an object with an error finding is to be held back, for some of its fields may be missing here.
 *
 * @returns the object, with an empty namespace where the manifest names none; undefined for kinds that nobody here
 *   reads, for an object that nothing could refer to, and for a patch of an object (`$patch`)
 */
export function decode(manifest: Manifest, report: Report): AnyResource | undefined {
  if (fieldOf(manifest.node, '$patch') !== undefined) return undefined;
  const at = Cursor.of(manifest, refOfManifest(manifest), report);
  let isMisspelt = false;
  const listening: Report = (code, place, args, related) => {
    isMisspelt = true;
    report(code, place, args, related);
  };
  const kind = kindOf(manifest, Cursor.of(manifest, refOfManifest(manifest), listening));
  if (kind !== undefined) return decodeAs(kind, manifest, at);
  return isMisspelt ? undefined : decodeNeighbour(manifest);
}

function decodeAs<T extends ResourceType>(
  kind: Kind<T>,
  manifest: Manifest,
  at: Cursor,
): AnyResource | undefined {
  const { node, source, apiVersion } = manifest;
  checkTopFields(kind, node, at);
  const meta = readMetadata(kind, node, at);
  const spec = readSpec(kind, manifest, at);
  if (meta === undefined) return undefined;
  const resource = {
    type: kind.type,
    apiVersion,
    kind: manifest.kind,
    name: meta.name,
    namespace: meta.namespace ?? '',
    metadata: meta,
    spec: spec ?? {},
    source,
  };
  // A kind goes with its type and its spec, which TypeScript does not carry through a table.
  return resource as unknown as AnyResource;
}

function readMetadata(kind: Kind, node: MappingNode, at: Cursor): gateway.ObjectMeta | undefined {
  // A kustomization has no name, and needs none.
  if (kind.nameless) return { name: '' };
  const written = fieldOf(node, 'metadata');
  const place = at.child('metadata');
  const value = written === undefined || isNull(written) ? {} : metadata.read(written, place);
  if (value === undefined) return undefined;
  const { name = '' } = value;
  if (name === '') {
    if (fieldOf(written, 'name') === undefined) place.report('name-missing', { kind: kind.kind });
    return undefined;
  }
  const reason = faultOfName(kind, name);
  if (reason !== undefined) place.child('name').report('name-invalid', { kind: kind.kind, name, reason });
  return { ...value, name };
}

/** An object without a spec has an empty one, and the decoder says what is missing in it. */
function readSpec<T extends ResourceType>(
  kind: Kind<T>,
  manifest: Manifest,
  at: Cursor,
): Specs[T] | undefined {
  const { node } = manifest;
  const written = kind.flat ? node : fieldOf(node, 'spec');
  const nothing: MappingNode = {
    kind: 'mapping',
    start: node.start,
    end: node.start,
    style: 'block',
    pairs: [],
  };
  const place = kind.flat ? at : at.child('spec');
  const spec = kind.spec?.read(written === undefined || isNull(written) ? nothing : written, place);
  // The type is wrong and reported: what an empty spec says has nothing to add.
  return (
    spec ??
    kind.spec?.read(
      nothing,
      Cursor.of(manifest, undefined, () => undefined),
    )
  );
}

const topFields = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

function checkTopFields(kind: Kind, node: MappingNode, at: Cursor): void {
  if (kind.flat) return;
  for (const { name } of node.pairs) if (!topFields.includes(name)) reportUnknown(name, at, topFields, {});
}
