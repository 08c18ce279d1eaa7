import { splitDocuments } from '../../src/1-read/split-documents.ts';
import { applyEdits } from '../../src/6-emit/apply-edits.ts';
import type { Edit } from '../../src/6-emit/edit.ts';
import { type Conversion, convert, type Options, type SourceFile, verify } from '../../src/index.ts';

/** Longer than this nothing may take, of the size of a case. */
const patience = 20_000;

/** What a conversion is about, whatever is in it. */
export interface Input {
  readonly file: SourceFile;
  readonly facts: readonly SourceFile[];
  readonly options: Options;
}

/**
 * Converts a text, applies the edits, compares, and converts again.
 *
 * @returns the promises that are broken: that nothing is thrown or hangs, that what is held back keeps its bytes, and that a
 * second run changes nothing
 */
export function brokenPromises({ file, facts, options }: Input): readonly string[] {
  const began = performance.now();
  const broken: string[] = [];
  const attempt = <Result>(what: string, act: () => Result): Result | undefined => {
    try {
      return act();
    } catch (error) {
      broken.push(`${what} throws ${error instanceof Error ? error.stack : String(error)}`);
      return undefined;
    }
  };
  const conversion = attempt('convert', () => convert([file], facts, options));
  if (conversion === undefined) return broken;
  const edited = attempt('applying edits', () => applyEdits(file, conversion.edits).text ?? '');
  if (edited === undefined) return broken;
  broken.push(...changedThoughHeldBack(file, edited, conversion));
  attempt('verify', () => verify([file], [{ path: file.path, text: edited }], facts, options));
  const again = { path: file.path, text: edited };
  const second = attempt('the second run', () => convert([again], facts, options));
  const text =
    second === undefined
      ? undefined
      : attempt('applying edits again', () => applyEdits(again, second.edits).text ?? '');
  if (text !== undefined && text !== edited) broken.push(`a second run changes\n${edited}\ninto\n${text}`);
  const took = performance.now() - began;
  if (took > patience) broken.push(`it takes ${Math.round(took)} ms`);
  return broken;
}

function changedThoughHeldBack(
  file: SourceFile,
  edited: string,
  { edits, resources }: Conversion,
): readonly string[] {
  const touched = new Set(edits.map(edit => edit.source.document.range.start));
  const broken: string[] = [];
  // What no edit is about stands in the result as it was, in the same order.
  let from = 0;
  for (const { range } of splitDocuments(file)) {
    if (touched.has(range.start)) continue;
    const text = file.text.slice(range.start, range.end);
    const found = edited.indexOf(text.trimEnd(), from);
    if (found < 0) broken.push(`bytes of a document that no edit is about are changed:\n${text}`);
    else from = found;
  }
  for (const { resource, status } of resources) {
    if (status !== 'held-back' && status !== 'skipped') continue;
    const { source } = resource;
    const edit = edits.find(candidate => source !== undefined && isAbout(candidate, source));
    if (edit !== undefined && resource.type === 'istio.VirtualService')
      broken.push(
        `${resource.kind} ${resource.namespace}/${resource.name} is ${status}, and edited: ${edit.kind}`,
      );
  }
  return broken;
}

function isAbout({ source }: Edit, { document, path }: Edit['source']): boolean {
  return source.document === document && source.path.join('/') === path.join('/');
}
