import { splitDocuments } from '../1-read/split-documents.ts';
import { folderOf, resolvePath } from '../3-link/gitops/kustomizations.ts';
import type { DecidingRule } from '../deciding-rule.ts';
import type { Location } from '../diagnostics/diagnostic.ts';
import { parseDocument } from '../yaml/parse-document.ts';
import type { FieldPath, SourceFile, TextRange } from '../yaml/source.ts';
import { fieldOf, followPath, isRecord, stringOf, toJson, type YamlNode } from '../yaml/yaml-node.ts';

/** Finds where a field of an object of a built overlay was written. */
export type Attribution = (rule: Pick<DecidingRule, 'resource' | 'path'>) => Location | undefined;

/** A text that makes an object, or a part of one. */
interface Written {
  readonly kind: string;
  readonly name: string;
  readonly file: SourceFile;
  readonly node: YamlNode;
  /** Fields of a JSON patch, each with where its operation is; undefined for an object or a piece of one. */
  readonly operations: readonly { readonly path: FieldPath; readonly range: TextRange }[] | undefined;
  readonly isPatch: boolean;
}

/**
 * Finds, for objects of an overlay, the files that they come from: a patch that writes the field, else the object that the patch
 * is for. Prefixes and suffixes of names are allowed for.
 *
 * @param files what the overlay is made of
 * @param preferred the paths of files that are looked at first, such as those of a pull request
 */
export function attributionOf(
  files: readonly SourceFile[],
  preferred: ReadonlySet<string> = new Set(),
): Attribution {
  let written: readonly Written[] | undefined;
  return ({ resource, path }) => {
    written ??= files.flatMap(file => writtenIn(file, files));
    const field = parseFieldPath(path);
    const candidates = written
      .filter(({ kind, name }) => kind === resource.kind && isSameName(name, resource.name))
      .flatMap(one => {
        const range = rangeOf(one, field);
        return range === undefined ? [] : [{ ...one, range }];
      });
    const exact = candidates.filter(({ name }) => name === resource.name);
    const fitting = exact.length > 0 ? exact : candidates;
    // A file that is a patch is read as an object, too: what it is as a patch comes first.
    const patches = fitting.filter(({ isPatch }) => isPatch);
    const ranked = [...patches.toReversed(), ...fitting.filter(({ isPatch }) => !isPatch)];
    const best = ranked.find(({ file }) => preferred.has(file.path)) ?? ranked[0];
    return best === undefined ? undefined : locationIn(best.file, best.range);
  };
}

function isSameName(written: string, built: string): boolean {
  return (
    written === '' || built === written || built.startsWith(`${written}-`) || built.endsWith(`-${written}`)
  );
}

function writtenIn(file: SourceFile, files: readonly SourceFile[]): readonly Written[] {
  return rootsOf(file).flatMap(root =>
    isKustomization(root)
      ? [...patchesIn(file, root), ...patchFilesIn(file, root, files)]
      : objectsIn(file, root, false),
  );
}

function rootsOf(file: SourceFile): readonly YamlNode[] {
  return splitDocuments(file).flatMap(document => parseDocument(document).root ?? []);
}

/** Patches in files of their own; a JSON patch is for the target that the kustomization names. */
function patchFilesIn(
  { path }: SourceFile,
  root: YamlNode,
  files: readonly SourceFile[],
): readonly Written[] {
  const listed = (name: string): readonly YamlNode[] => {
    const items = fieldOf(root, name);
    return items?.kind === 'sequence' ? items.items : [];
  };
  const merged = listed('patchesStrategicMerge').map(item => ({ item, target: undefined, at: toJson(item) }));
  const others = [...listed('patches'), ...listed('patchesJson6902')].map(item => ({
    item,
    target: fieldOf(item, 'target'),
    at: stringOf(item, 'path'),
  }));
  return [...merged, ...others].flatMap(({ target, at }) => {
    const file =
      typeof at === 'string' ? files.find(one => one.path === resolvePath(folderOf(path), at)) : undefined;
    if (file === undefined) return [];
    return rootsOf(file).flatMap((node): readonly Written[] => {
      if (node.kind !== 'sequence') return objectsIn(file, node, true);
      const operations = node.items.flatMap(operation => {
        const pointer = stringOf(operation, 'path');
        const range = { start: operation.start, end: operation.end };
        return pointer === undefined ? [] : [{ path: pointer.split('/').slice(1).map(keyOf), range }];
      });
      const [kind = '', name = ''] = ['kind', 'name'].map(field => stringOf(target, field) ?? '');
      return [{ kind, name, file, node, operations, isPatch: true }];
    });
  });
}

function isKustomization(root: YamlNode): boolean {
  return ['resources', 'bases', 'patches', 'patchesStrategicMerge', 'patchesJson6902', 'components'].some(
    name => fieldOf(root, name) !== undefined,
  );
}

function objectsIn(file: SourceFile, node: YamlNode, isPatch: boolean): readonly Written[] {
  const kind = stringOf(node, 'kind');
  if (kind === undefined) return [];
  const items = kind.endsWith('List') ? fieldOf(node, 'items') : undefined;
  if (items?.kind === 'sequence') return items.items.flatMap(item => objectsIn(file, item, isPatch));
  const name = stringOf(fieldOf(node, 'metadata'), 'name') ?? '';
  return [{ kind, name, file, node, operations: undefined, isPatch }];
}

/** Patches that stand in a kustomization, and JSON patches, which name their target there. */
function patchesIn(file: SourceFile, root: YamlNode): readonly Written[] {
  return ['patches', 'patchesJson6902'].flatMap(list => {
    const items = fieldOf(root, list);
    if (items?.kind !== 'sequence') return [];
    return items.items.flatMap((item): readonly Written[] => {
      const text = stringOf(item, 'patch');
      const patch = fieldOf(item, 'patch');
      if (text === undefined || patch === undefined) return [];
      const target = fieldOf(item, 'target');
      const value = parsed(text);
      const whole = { start: patch.start, end: patch.end };
      const kind = stringOf(target, 'kind') ?? (isRecord(value) ? String(value['kind'] ?? '') : '');
      const metadata = isRecord(value) && isRecord(value['metadata']) ? value['metadata'] : {};
      const name = stringOf(target, 'name') ?? String(metadata['name'] ?? '');
      const paths = Array.isArray(value)
        ? (value as readonly unknown[]).flatMap(operation =>
            isRecord(operation) && typeof operation['path'] === 'string'
              ? [operation['path'].split('/').slice(1).map(keyOf)]
              : [],
          )
        : leavesOf(value);
      const operations = paths.map(path => ({ path, range: whole }));
      return [{ kind, name, file, node: patch, operations, isPatch: true }];
    });
  });
}

function parsed(text: string): unknown {
  const [document] = splitDocuments({ path: '', text });
  const root = document === undefined ? undefined : parseDocument(document).root;
  return root === undefined ? undefined : toJson(root);
}

function keyOf(part: string): string | number {
  const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(key) ? Number(key) : key;
}

function leavesOf(value: unknown, path: FieldPath = []): readonly FieldPath[] {
  if (!isRecord(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function rangeOf({ node, operations, isPatch }: Written, field: FieldPath): TextRange | undefined {
  if (operations === undefined) {
    const found = followPath(node, field);
    // A patch counts only where it writes the field, or something in its list.
    return found.depth < field.length && (isPatch ? found.depth < 2 : found.depth === 0)
      ? undefined
      : { start: found.node.start, end: found.node.end };
  }
  return operations.find(({ path }) =>
    path.every((part, index) => index >= field.length || field[index] === part),
  )?.range;
}

/** Reads a path as `formatFieldPath` writes it. */
export function parseFieldPath(text: string): FieldPath {
  const parts = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g);
  return [...parts].map(([, quoted, index, name]) =>
    quoted !== undefined
      ? String(JSON.parse(`"${quoted}"`))
      : index !== undefined
        ? Number(index)
        : (name ?? ''),
  );
}

function locationIn({ path, text }: SourceFile, range: TextRange): Location {
  return { file: path, range, start: positionAt(text, range.start), end: positionAt(text, range.end) };
}

function positionAt(text: string, offset: number): Location['start'] {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
