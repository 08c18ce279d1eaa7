import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { splitDocuments } from '../../src/1-read/split-documents.ts';
import type { AnyResource, ResourceType } from '../../src/2-decode/resource.ts';
import type { Edit, Output } from '../../src/6-emit/edit.ts';
import type { FieldPath, SourceFile } from '../../src/yaml/source.ts';

/** A folder of testdata/edits: `input.*`, `edits.yaml`, and `expected.*` unless the file is to be deleted. */
export interface EditCase {
  readonly name: string;
  readonly folder: string;
  readonly file: SourceFile;
  readonly edits: readonly Edit[];
}

interface WrittenOutput {
  readonly manifest: WrittenManifest;
  readonly origins?: Output['origins'];
}

interface WrittenManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: unknown;
}

interface WrittenEdit {
  readonly document: number;
  readonly item?: FieldPath;
  readonly replace?: readonly WrittenOutput[];
  readonly append?: readonly WrittenOutput[];
  readonly remove?: FieldPath;
  readonly set?: FieldPath;
  readonly value?: unknown;
  readonly insteadOf?: string;
}

const root = new URL('../../testdata/edits/', import.meta.url);

export function editCases(): readonly EditCase[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => readCase(entry.name));
}

function readCase(name: string): EditCase {
  const folder = `${root.pathname}${name}/`;
  const input = readdirSync(folder).find(entry => entry.startsWith('input.')) ?? 'input.yaml';
  const file: SourceFile = { path: input, text: readFileSync(`${folder}${input}`, 'utf8') };
  const written: readonly WrittenEdit[] = parse(readFileSync(`${folder}edits.yaml`, 'utf8'), { merge: true });
  return { name, folder, file, edits: written.map(edit => editOf(file, edit)) };
}

function editOf(file: SourceFile, written: WrittenEdit): Edit {
  const document = splitDocuments(file)[written.document];
  if (document === undefined) throw new Error(`no document ${written.document} in ${file.path}`);
  const source = { document, path: written.item ?? [] };
  const outputsOf = (outputs: readonly WrittenOutput[]): readonly Output[] =>
    outputs.map(({ manifest, origins = [] }) => ({ resource: resourceOf(manifest), home: source, origins }));
  if (written.replace !== undefined) return { kind: 'replace', source, outputs: outputsOf(written.replace) };
  if (written.append !== undefined) return { kind: 'append', source, outputs: outputsOf(written.append) };
  if (written.remove !== undefined) return { kind: 'remove-field', source, path: written.remove };
  const { set: path = [], value, insteadOf } = written;
  return { kind: 'set-field', source, path, value, ...(insteadOf === undefined ? {} : { insteadOf }) };
}

/** An object of the result, as the conversion would hand it over. */
export function resourceOf(manifest: WrittenManifest): AnyResource {
  const { apiVersion, kind, metadata, spec } = manifest;
  const type = `${apiVersion === 'v1' ? 'core' : apiVersion.startsWith('gateway') ? 'gateway' : 'istio'}.${kind}`;
  const { name, namespace = 'default' } = metadata;
  return { type: type as ResourceType, apiVersion, kind, name, namespace, metadata, spec } as AnyResource;
}
