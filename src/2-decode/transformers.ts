import { splitDocuments } from '../1-read/split-documents.ts';
import { parseDocument } from '../yaml/parse-document.ts';
import type { SourceFile } from '../yaml/source.ts';
import { toJson } from '../yaml/yaml-node.ts';
import type { KustomizationFile, Transformer } from './kustomization.ts';

type Config = Readonly<Record<string, unknown>>;

/**
 * Reads what `transformers` lists: texts, files, and folders with a kustomization.
 *
 * @param fileAt finds a file by its path from the folder of the kustomization
 */
export function transformersIn(
  { transformers = [] }: KustomizationFile,
  fileAt: (path: string) => SourceFile | undefined,
): readonly Transformer[] {
  return transformers.flatMap((item, index): readonly Transformer[] => {
    const path = ['transformers', index];
    const configs = configsOf(item, fileAt);
    if (configs.length === 0) return [{ path, listed: item, alone: true, config: undefined }];
    return configs.map(config => ({ path, listed: item, alone: configs.length === 1, config }));
  });
}

function configsOf(
  item: string,
  fileAt: (path: string) => SourceFile | undefined,
): readonly (Config | undefined)[] {
  if (item.includes('\n')) return mappingsIn({ path: '', text: item });
  const file = fileAt(item);
  if (file !== undefined) return mappingsIn(file);
  const folder = item.replace(/\/*$/, '/');
  const inner = kustomizationNames.map(name => fileAt(folder + name)).find(one => one !== undefined);
  const resources = inner === undefined ? [] : mappingsIn(inner).flatMap(listedIn);
  return resources.flatMap((listed): readonly (Config | undefined)[] => {
    const found = fileAt(folder + listed);
    return found === undefined ? [undefined] : mappingsIn(found);
  });
}

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

function listedIn(config: Config): readonly string[] {
  const { resources } = config;
  return Array.isArray(resources) ? resources.map(String) : [];
}

function mappingsIn(file: SourceFile): readonly Config[] {
  return splitDocuments(file).flatMap(document => {
    const { root } = parseDocument(document);
    const value = root === undefined ? undefined : toJson(root);
    return isMapping(value) ? [value] : [];
  });
}

function isMapping(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Settings of the built-in transformers that a kustomization also has fields for. Without `fieldSpecs` of its own such a
 * transformer changes nothing.
 */
export function fieldsOf(
  transformers: readonly Transformer[],
): Pick<KustomizationFile, 'namespace' | 'namePrefix' | 'nameSuffix' | 'commonLabels'> {
  const configs = transformers.flatMap(({ config }) => (config === undefined ? [] : [config]));
  const setting = (path: string, ...from: readonly string[]): unknown =>
    configs
      .filter(config => isBuiltin(config) && fieldSpecsOf(config).some(spec => spec['path'] === path))
      .flatMap(config => (from.length === 1 ? [config] : [config[from[0] ?? '']]).filter(isMapping))
      .map(config => config[from.at(-1) ?? ''])
      .find(value => value !== undefined && value !== '');
  const texts = {
    namespace: setting('metadata/namespace', 'metadata', 'namespace'),
    namePrefix: setting('metadata/name', 'prefix'),
    nameSuffix: setting('metadata/name', 'suffix'),
  };
  const labels = setting('spec/selector', 'labels');
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => typeof value === 'string')),
    ...(isMapping(labels) ? { commonLabels: labels } : {}),
  };
}

/** Tells whether kustomize itself brings a transformer along. */
export function isBuiltin({ apiVersion }: Config): boolean {
  return apiVersion === 'builtin';
}

/** The fields that a transformer is told to change. */
export function fieldSpecsOf({ fieldSpecs }: Config): readonly Config[] {
  return Array.isArray(fieldSpecs) ? fieldSpecs.filter(isMapping) : [];
}
