import { RE2JS } from 're2js';
import { resolvePath } from '../3-link/gitops/kustomizations.ts';
import { isRecord } from '../yaml/yaml-node.ts';
import { jsonPatch, type Operation } from './json-patch.ts';
import { isBroken, isRemote, kustomizationIn, type Tree, textsIn, valuesIn } from './kustomization-tree.ts';
import { deleted, mergePatch } from './merge-patch.ts';

type Fields = Readonly<Record<string, unknown>>;

/** An object on its way through kustomizations. */
interface Built {
  readonly value: Fields;
  /** The names it had on the way, by which patches choose it, too. */
  readonly names: ReadonlySet<string>;
}

/** The result of a kustomization. */
export interface OverlayBuild {
  readonly objects: readonly Fields[];
  /** The parts of it that were not read. */
  readonly unread: readonly UnreadPart[];
  /** Why it cannot be built; kustomize would refuse it, too. */
  readonly failures: readonly UnreadPart[];
}

export interface UnreadPart {
  readonly path: string;
  readonly reason: string;
}

/** Fields that make or change objects in ways that this reading does not follow. */
const foreign = [
  'replacements',
  'vars',
  'helmCharts',
  'helmChartInflationGenerator',
  'generators',
  'transformers',
  'configurations',
];

/**
 * Builds a kustomization as kustomize does, as far as it concerns where requests go: resources, bases, components, patches of
 * all three sorts, namespace, name prefix and suffix, labels. Generators of ConfigMaps and Secrets, images and replicas make no
 * difference here and are passed over.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function buildKustomization(tree: Tree, folder: string): OverlayBuild {
  const unread: UnreadPart[] = [];
  const failures: UnreadPart[] = [];
  const objects = build(tree, folder, [], { unread, failures }, []);
  return { objects: objects.map(({ value }) => value), unread, failures };
}

interface Found {
  readonly unread: UnreadPart[];
  readonly failures: UnreadPart[];
}

/** @param given what a component is put over */
function build(
  tree: Tree,
  folder: string,
  above: readonly string[],
  found: Found,
  given: readonly Built[],
): readonly Built[] {
  const kustomization = kustomizationIn(tree, folder);
  const fail = (path: string, reason: string): void => {
    found.failures.push({ path, reason });
  };
  if (kustomization === undefined) {
    fail(folder, 'no kustomization that parses is in this folder');
    return given;
  }
  const { path, fields } = kustomization;
  if (above.includes(folder)) {
    fail(path, 'the kustomization includes itself');
    return given;
  }
  const way = [...above, folder];
  let objects = [...given];
  for (const item of [...textsIn(fields['resources']), ...textsIn(fields['bases'])]) {
    const target = resolvePath(folder, item);
    if (isRemote(item)) found.unread.push({ path, reason: `remote resource ${item}` });
    else if (kustomizationIn(tree, target) !== undefined)
      objects.push(...build(tree, target, way, found, []));
    else {
      const text = tree.read(target);
      if (text === undefined) fail(path, `${item} is not there`);
      else if (isBroken({ path: target, text })) fail(target, 'the file does not parse');
      else objects.push(...objectsIn(target, text));
    }
  }
  for (const item of textsIn(fields['components'])) {
    if (isRemote(item)) found.unread.push({ path, reason: `remote component ${item}` });
    else objects = [...build(tree, resolvePath(folder, item), way, found, objects)];
  }
  for (const name of foreign)
    if (fields[name] !== undefined && !isEmpty(fields[name])) found.unread.push({ path, reason: name });
  return transformed(objects, fields, { tree, folder, path, fail });
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function objectsIn(path: string, text: string): readonly Built[] {
  return valuesIn({ path, text })
    .flatMap(itemsOf)
    .map(value => ({ value, names: new Set([nameOf(value)]) }));
}

function itemsOf(value: unknown): readonly Fields[] {
  if (!isRecord(value)) return [];
  const { kind, items } = value;
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items))
    return (items as readonly unknown[]).flatMap(itemsOf);
  return typeof kind === 'string' ? [value] : [];
}

function metadataOf(value: Fields): Fields {
  return isRecord(value['metadata']) ? value['metadata'] : {};
}

function nameOf(value: Fields): string {
  return String(metadataOf(value)['name'] ?? '');
}

interface Place {
  readonly tree: Tree;
  readonly folder: string;
  readonly path: string;
  readonly fail: (path: string, reason: string) => void;
}

/** Applies the transformers in kustomize's own order (kusttarget_configplugin.go, configureBuiltinTransformers). */
function transformed(objects: readonly Built[], fields: Fields, place: Place): readonly Built[] {
  const merged = listOf(fields['patchesStrategicMerge']).reduce<readonly Built[]>((before, patch) => {
    if (typeof patch !== 'string') return before;
    return applyPatch(before, isInline(patch) ? { patch } : { path: patch }, place);
  }, objects);
  const patched = listOf(fields['patches']).reduce<readonly Built[]>(
    (before, patch) => (isRecord(patch) ? applyPatch(before, patch, place) : before),
    merged,
  );
  const named = patched.map(object => renamed(object, fields));
  const labelled = named.map(({ value, names }) => ({ value: withLabels(value, fields), names }));
  return listOf(fields['patchesJson6902']).reduce<readonly Built[]>(
    (before, patch) => (isRecord(patch) ? applyPatch(before, patch, place) : before),
    labelled,
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isInline(patch: string): boolean {
  return patch.includes('\n');
}

function applyPatch(objects: readonly Built[], entry: Fields, place: Place): readonly Built[] {
  const { tree, folder, path, fail } = place;
  const file = typeof entry['path'] === 'string' ? resolvePath(folder, entry['path']) : undefined;
  const text = file === undefined ? entry['patch'] : tree.read(file);
  if (typeof text !== 'string') {
    fail(path, `the patch ${String(entry['path'] ?? '')} is not there`);
    return objects;
  }
  const target = isRecord(entry['target']) ? entry['target'] : undefined;
  return valuesIn({ path: file ?? path, text }).reduce<readonly Built[]>((before, patch) => {
    if (Array.isArray(patch)) {
      if (target === undefined) return before;
      return before.map(object => {
        if (!isTarget(object, target)) return object;
        const value = jsonPatch(object.value, patch as readonly Operation[]);
        if (isRecord(value)) return { ...object, value };
        fail(
          file ?? path,
          `an operation does not fit ${String(object.value['kind'])} ${nameOf(object.value)}`,
        );
        return object;
      });
    }
    if (!isRecord(patch)) return before;
    let isFound = false;
    const after = before.flatMap((object): readonly Built[] => {
      if (target === undefined ? !isSame(object, patch) : !isTarget(object, target)) return [object];
      isFound = true;
      // The name of a patch with a target is of no account.
      const { kind: _kind, apiVersion: _version, metadata, ...rest } = patch;
      const { name: _name, namespace: _namespace, ...meta } = isRecord(metadata) ? metadata : {};
      const fields = { ...rest, ...(Object.keys(meta).length === 0 ? {} : { metadata: meta }) };
      const value = mergePatch(object.value, fields, [String(object.value['kind'])]);
      return value !== deleted && isRecord(value) ? [{ ...object, value }] : [];
    });
    if (!isFound && target === undefined)
      fail(file ?? path, `no object for the patch of ${String(patch['kind'])} ${nameOf(patch)}`);
    return after;
  }, objects);
}

function groupOf(apiVersion: unknown): string {
  const [group = '', version] = String(apiVersion ?? '').split('/');
  return version === undefined ? '' : group;
}

function isSame({ value, names }: Built, patch: Fields): boolean {
  const namespace = metadataOf(patch)['namespace'];
  return (
    value['kind'] === patch['kind'] &&
    groupOf(value['apiVersion']) === groupOf(patch['apiVersion']) &&
    names.has(nameOf(patch)) &&
    (namespace === undefined ||
      namespace === metadataOf(value)['namespace'] ||
      metadataOf(value)['namespace'] === undefined)
  );
}

function isTarget({ value, names }: Built, target: Fields): boolean {
  const fits = (wanted: unknown, given: readonly string[]): boolean =>
    wanted === undefined || wanted === '' || given.some(text => anchored(String(wanted)).test(text));
  const { labels } = metadataOf(value);
  return (
    fits(target['kind'], [String(value['kind'])]) &&
    fits(target['name'], [...names, nameOf(value)]) &&
    fits(target['namespace'], [String(metadataOf(value)['namespace'] ?? '')]) &&
    fits(target['group'], [groupOf(value['apiVersion'])]) &&
    fits(target['version'], [
      String(value['apiVersion'] ?? '')
        .split('/')
        .at(-1) ?? '',
    ]) &&
    hasLabels(isRecord(labels) ? labels : {}, target['labelSelector'])
  );
}

/** kustomize reads these as regular expressions of the whole name. */
function anchored(text: string): { readonly test: (name: string) => boolean } {
  try {
    const expression = RE2JS.compile(`^(?:${text})$`);
    return { test: name => expression.matches(name) };
  } catch {
    return { test: () => false };
  }
}

/** Only equality of selectors, which is what people write. */
function hasLabels(labels: Fields, selector: unknown): boolean {
  if (typeof selector !== 'string' || selector === '') return true;
  return selector.split(',').every(part => {
    const [name = '', value] = part.split(/==?/).map(text => text.trim());
    return value === undefined ? labels[name] !== undefined : String(labels[name]) === value;
  });
}

/** Kinds without a namespace, of those that matter here. */
const clusterWide = [
  'Namespace',
  'GatewayClass',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
];

function renamed({ value, names }: Built, fields: Fields): Built {
  const { namespace, namePrefix, nameSuffix } = fields;
  const kind = String(value['kind']);
  const metadata = metadataOf(value);
  const isNamespace = kind === 'Namespace';
  const affix = (text: unknown): string =>
    typeof text === 'string' && !isNamespace && kind !== 'CustomResourceDefinition' ? text : '';
  const moved = typeof namespace === 'string' && namespace !== '';
  const name = moved && isNamespace ? namespace : `${affix(namePrefix)}${nameOf(value)}${affix(nameSuffix)}`;
  const own = moved && !clusterWide.includes(kind) ? { namespace } : {};
  return {
    value: { ...value, metadata: { ...metadata, name, ...own } },
    names: new Set([...names, name]),
  };
}

function withLabels(value: Fields, fields: Fields): Fields {
  const common = isRecord(fields['commonLabels']) ? fields['commonLabels'] : {};
  const listed = listOf(fields['labels']).filter(isRecord);
  const pairsOf = (item: Fields): Fields => (isRecord(item['pairs']) ? item['pairs'] : {});
  const labels = Object.assign({}, ...listed.map(pairsOf), common) as Fields;
  const selecting = Object.assign(
    {},
    ...listed.filter(item => item['includeSelectors'] === true).map(pairsOf),
    common,
  ) as Fields;
  if (Object.keys(labels).length === 0) return value;
  const metadata = metadataOf(value);
  const own = isRecord(metadata['labels']) ? metadata['labels'] : {};
  const labelled = { ...value, metadata: { ...metadata, labels: { ...own, ...labels } } };
  if (value['kind'] !== 'Service' || Object.keys(selecting).length === 0) return labelled;
  const spec = isRecord(value['spec']) ? value['spec'] : {};
  const selector = isRecord(spec['selector']) ? spec['selector'] : {};
  return { ...labelled, spec: { ...spec, selector: { ...selector, ...selecting } } };
}
