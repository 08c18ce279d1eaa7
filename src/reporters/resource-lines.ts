import { parseDocument } from '../yaml/parse-document.ts';
import type { Source, SourceDocument, SourceFile } from '../yaml/source.ts';
import { followPath, type YamlNode } from '../yaml/yaml-node.ts';

/**
 * Works out on which line of its file each object starts. Asked in the order in which objects were read, it goes
 * through each file, and parses each List, once.
 *
 * @returns a function from where an object was written to its line, counted from 1
 */
export function resourceLines(): (source: Source) => number {
  let position: { readonly file: SourceFile; readonly offset: number; readonly line: number } | undefined;
  const startOf = starts();
  return source => {
    const { file } = source.document;
    const offset = startOf(source);
    const known = position?.file === file && position.offset <= offset ? position : undefined;
    const passed = file.text.slice(known?.offset ?? 0, offset).split('\n').length - 1;
    position = { file, offset, line: (known?.line ?? 1) + passed };
    return position.line;
  };
}

function starts(): (source: Source) => number {
  let list: { readonly document: SourceDocument; readonly root: YamlNode | undefined } | undefined;
  return ({ document, path }) => {
    if (path.length === 0) return contentStart(document);
    if (list?.document !== document) list = { document, root: parseDocument(document).root };
    return list.root === undefined ? document.range.start : followPath(list.root, path).node.start;
  };
}

/** The start of a document's object: behind the comments and blank lines above it. */
function contentStart({ file, range }: SourceDocument): number {
  const above = /(?:[ \t]*(?:#[^\n]*)?\r?\n)*/y;
  above.lastIndex = range.start;
  return Math.min(range.end, range.start + (above.exec(file.text)?.[0].length ?? 0));
}
