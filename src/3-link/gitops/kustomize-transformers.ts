import { splitDocuments } from '../../1-read/split-documents.ts';
import type { Kustomization, KustomizePatch, Selector, Transformer } from '../../2-decode/kustomization.ts';
import { fieldSpecsOf, isBuiltin } from '../../2-decode/transformers.ts';
import { parseDocument } from '../../yaml/parse-document.ts';
import type { FieldPath, SourceFile } from '../../yaml/source.ts';
import { isRecord, toJson } from '../../yaml/yaml-node.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Changes that a kustomization makes by other means than the fields that hold patches. */
export interface Transformation {
  /** Where that lists it: `['transformers', 2]`. */
  readonly path: FieldPath;
  /** Whether that item is nothing else, so that it can be taken out. */
  readonly alone: boolean;
  readonly patches: readonly KustomizePatch[];
  /** Objects of which it reads or changes who knows what. */
  readonly selectors: readonly SelectedObjects[];
  /** The name of a transformer with an effect that is not known. */
  readonly unknown: string | undefined;
}

/** Objects that a replacement writes, or only reads. */
export interface SelectedObjects {
  readonly target: Selector;
  readonly reads?: true;
}

/** Plugins that change annotations, images or numbers of pods, or the order of objects. */
const harmless: ReadonlySet<string> = new Set([
  'AnnotationsTransformer',
  'HashTransformer',
  'ImageTagTransformer',
  'LegacyOrderTransformer',
  'ReplicaCountTransformer',
  'SortOrderTransformer',
]);

const byFields: ReadonlySet<string> = new Set([
  'LabelTransformer',
  'NamespaceTransformer',
  'PrefixSuffixTransformer',
  'PrefixTransformer',
  'SuffixTransformer',
]);

/** @returns what the transformers of a kustomization do, and its labels, names and namespace in fields of their own */
export function transformationsIn(spec: Kustomization): readonly Transformation[] {
  const { labels = [], transforming = [], configurations = [] } = spec;
  const ofFields = (path: FieldPath, fields: readonly Fields[]): Transformation => {
    return { path, alone: false, patches: patchesOfFields(fields), selectors: [], unknown: undefined };
  };
  return [
    ...labels.map(({ fields = [] }, index) => ofFields(['labels', index], fields)),
    ...configurations.map((file, index) =>
      ofFields(['configurations', index], configuredIn(spec, spec.patchFiles?.[file])),
    ),
    ...transforming.map(transformationOf),
  ];
}

/**
 * The fields that a file of `configurations` adds to those that hold names and the like, as far as the kustomization
 * changes such. A file in which no kind matters is not shown.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configurations/
 */
function configuredIn(spec: Kustomization, file: SourceFile | undefined): readonly Fields[] {
  if (file === undefined) return [];
  const { namespace, namePrefix, nameSuffix, commonLabels, labels } = spec;
  const changed = { namespace, namePrefix, nameSuffix, commonLabels, labels };
  const sections = Object.entries(changed).flatMap(([name, value]) => (value ? [name] : []));
  return splitDocuments(file).flatMap((document): readonly Fields[] => {
    const { root } = parseDocument(document);
    const config = root === undefined ? undefined : toJson(root);
    if (!isRecord(config)) return [];
    return sections.flatMap(name => {
      const section = config[name];
      return Array.isArray(section) ? section.filter(isRecord) : [];
    });
  });
}

function transformationOf({ path, listed, alone, config }: Transformer): Transformation {
  const nothing = { path, alone, patches: [], selectors: [], unknown: undefined };
  if (config === undefined) return { ...nothing, unknown: `transformer ${listed.split('\n')[0] ?? ''}` };
  const { kind } = config;
  const name = `transformer ${String(kind ?? 'without a kind')}`;
  if (!isBuiltin(config) || typeof kind !== 'string') return { ...nothing, unknown: name };
  if (harmless.has(kind)) return nothing;
  if (byFields.has(kind)) return { ...nothing, patches: patchesOfFields(fieldSpecsOf(config)) };
  switch (kind) {
    case 'PatchTransformer':
      return { ...nothing, patches: [patchIn(config, 'patch')] };
    case 'PatchJson6902Transformer':
      return { ...nothing, patches: [patchIn(config, 'jsonOp')] };
    case 'PatchStrategicMergeTransformer':
      return { ...nothing, patches: mergesIn(config) };
    case 'ReplacementTransformer': {
      const selectors = selectorsOf(config['replacements']);
      return selectors === undefined ? { ...nothing, unknown: name } : { ...nothing, selectors };
    }
    default:
      return { ...nothing, unknown: name };
  }
}

function patchIn({ path, target, ...config }: Fields, text: string): KustomizePatch {
  const patch = config[text];
  return {
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof patch === 'string' ? { patch } : {}),
    ...(isRecord(target) ? { target: selectorOf(target) } : {}),
  };
}

function mergesIn({ paths, patches }: Fields): readonly KustomizePatch[] {
  const files = Array.isArray(paths) ? paths.filter(path => typeof path === 'string') : [];
  return [...files.map(path => ({ path })), ...(typeof patches === 'string' ? [{ patch: patches }] : [])];
}

/** @returns the objects that replacements read and write; undefined where a file has the rest, or where they are none */
export function selectorsOf(replacements: unknown): readonly SelectedObjects[] | undefined {
  if (!Array.isArray(replacements)) return undefined;
  const all: readonly unknown[] = replacements;
  const own = all.filter(isRecord).filter(({ path }) => path === undefined);
  if (own.length < all.length) return undefined;
  return own.flatMap(({ source, targets }): readonly SelectedObjects[] => {
    const listed: readonly unknown[] = Array.isArray(targets) ? targets : [];
    const selected = listed.filter(isRecord).map(({ select }) => select);
    return [
      ...(isRecord(source) ? [{ target: selectorOf(source), reads: true } as const] : []),
      ...selected.filter(isRecord).map(select => ({ target: selectorOf(select) })),
    ];
  });
}

/** Changes outside of the metadata: names, namespaces and labels of objects are heeded elsewhere. */
function patchesOfFields(fields: readonly Fields[]): readonly KustomizePatch[] {
  return fields.flatMap((field): readonly KustomizePatch[] => {
    const path = String(field['path'] ?? '');
    const isSelector = path === 'spec/selector' && field['kind'] === 'Service';
    if (path.startsWith('metadata/') || isSelector) return [];
    const patch = JSON.stringify([{ op: 'replace', path: `/${path}` }]);
    return [{ target: selectorOf(field), patch }];
  });
}

function selectorOf(value: Fields): Selector {
  const keys = ['group', 'version', 'kind', 'name', 'namespace'] as const;
  return Object.fromEntries(keys.flatMap(key => (typeof value[key] === 'string' ? [[key, value[key]]] : [])));
}
