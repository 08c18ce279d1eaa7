import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { MAX_ALIASED_NODES } from '../yaml/anchors.ts';
import { parseDocument } from '../yaml/parse-document.ts';
import { packPositions, sharedPositions } from '../yaml/positions.ts';
import type { Problem } from '../yaml/problem.ts';
import type { SourceDocument, SourceFile, TextRange } from '../yaml/source.ts';
import { MAX_DEPTH } from '../yaml/yaml-events.ts';
import { fieldOf, type YamlNode } from '../yaml/yaml-node.ts';
import { holds, type Manifest, refOfManifest } from './manifest.ts';
import { isKustomizationFile, kustomizationOf, manifestsOf } from './manifests.ts';
import { kindIn, lossOf, relevantDocuments } from './relevance.ts';
import { isDroppedByKubectl, splitDocuments } from './split-documents.ts';
import { doubleBraces, templatesIn } from './template-language.ts';

/** In UTF-16 units, which for manifests is bytes: 100 MB. V8 holds no string of more than 512 MB. */
export const MAX_FILE_SIZE = 100_000_000;

const MEGABYTE = 1_000_000;

/**
 * Reads the objects of a file. Documents that cannot matter are not parsed; one that does not parse is reported, and
 * the others are read.
 *
 * @returns an iterator, so that the tree of one document can go before the next one is built
 */
export function* readFile(file: SourceFile, report: Report): Generator<Manifest, void, undefined> {
  if (file.text.length > MAX_FILE_SIZE) return reportSize(file, report);
  if (file.text.includes('\0') || file.text.includes('\ufffd')) return reportBinary(file, report);
  const kustomization = isKustomizationFile(file.path);
  const documents = splitDocuments(file);
  const templateIn = templatesIn(file);
  const shared = sharedPositions();
  for (const document of kustomization ? documents : relevantDocuments(documents))
    yield* readDocument(document, templateIn(document.range), kustomization, report, shared);
}

function readDocument(
  written: SourceDocument,
  template: ReturnType<ReturnType<typeof templatesIn>>,
  kustomization: boolean,
  report: Report,
  shared: ReturnType<typeof sharedPositions>,
): readonly Manifest[] {
  const { start } = written.range;
  if (written.file.text.startsWith('---', start - 3) && start >= 3) {
    const reason = 'only a comment may follow `---` on its line';
    reportProblem(written, { kind: 'invalid', range: { start: start - 3, end: start }, reason }, [], report);
    return [];
  }
  if (isDroppedByKubectl(written)) {
    reportDropped(written, report);
    return [];
  }
  const directive = refusedDirective(written);
  if (directive !== undefined) {
    reportProblem(written, directive, [], report);
    return [];
  }
  if (template !== undefined) {
    reportProblem(written, { kind: 'template', ...template }, [], report);
    return [];
  }
  const { root, problems } = parseDocument(written);
  const positions = root && shared(packPositions(root, written));
  const { file, index, range } = written;
  // A copy by a spread would have a form of its own, which takes more memory than the object.
  const document: SourceDocument = positions === undefined ? written : { file, index, range, positions };
  const manifests = root === undefined ? [] : (kustomization ? kustomizationOf : manifestsOf)(document, root);
  for (const problem of problems) reportProblem(document, problem, manifests, report);
  if (root !== undefined && holdsObjects(root))
    report('array-of-objects', placeIn(document, firstOf(root)), {});
  return manifests;
}

/** Objects in such a document are in the tree and not in the cluster: they are neither converted nor counted on. */
function reportDropped(document: SourceDocument, report: Report): void {
  const { file, range } = document;
  const text = file.text.slice(range.start, range.end);
  if (lossOf(text) === 'nothing') return;
  const from = Math.max(0, text.search(/^[^\s#]/m));
  const to = text.indexOf('\n', from);
  const start = range.start + from;
  const place = placeIn(document, { start, end: to < 0 ? range.end : range.start + to });
  report('document-after-end', place, { kind: kindIn(text) || 'object' });
}

function placeIn(document: SourceDocument, range: TextRange): Place {
  return { file: document.file, document, path: [], field: [], at: 'value', range };
}

/** So long are the directives of a document at most, with the comments between them. */
const DIRECTIVES = 500;

/**
 * kubectl's parser is one for YAML 1.1 and refuses every other version. @see
 * https://github.com/yaml/go-yaml/blob/v2.4.4/parserc.go
 */
function refusedDirective({ file, range }: SourceDocument): Problem | undefined {
  const from = Math.max(0, range.start - DIRECTIVES);
  const before = file.text.slice(from, range.start);
  if (!before.includes('%YAML')) return undefined;
  const found = /(?:^|\n)\uFEFF?(%YAML[ \t]+(\S+))[^\n]*\n(?:[%#][^\n]*\n|[ \t\r]*\n)*---[^\n]*\n?$/.exec(
    before,
  );
  const [, directive = '', version] = found ?? [];
  if (found === null || version === '1.1') return undefined;
  const start = from + found.index + found[0].indexOf('%YAML');
  const reason = `kubectl reads YAML 1.1 and refuses \`%YAML ${version}\``;
  return { kind: 'invalid', range: { start, end: start + directive.length }, reason };
}

/** Says nothing about documents of other people's kinds: they are none of our business. */
function reportProblem(
  document: SourceDocument,
  problem: Problem,
  manifests: readonly Manifest[],
  report: Report,
): void {
  const text = document.file.text.slice(document.range.start, document.range.end);
  const loss = isKustomizationFile(document.file.path) ? 'facts' : lossOf(text);
  if (loss === 'nothing') return;
  // The innermost: an item of a List, and not what holds the List.
  const holder = manifests.findLast(manifest => holds(manifest, problem.range));
  const resource = holder && refOfManifest(holder);
  const place = {
    ...placeIn(document, problem.range),
    ...(holder && { path: holder.source.path }),
    ...(resource && { resource }),
  };
  switch (problem.kind) {
    case 'invalid':
      report('yaml-invalid', place, { reason: problem.reason });
      break;
    case 'template': {
      const { mark, command } = problem.language ?? doubleBraces;
      if (loss === 'objects') report('template', place, { mark, command });
      else report('template-not-read', place, { kind: kindIn(text) || 'object', command });
      break;
    }
    case 'too-deep':
      report('nesting-too-deep', place, { limit: MAX_DEPTH });
      break;
    case 'alias-bomb':
      report('alias-bomb', place, { limit: MAX_ALIASED_NODES });
      break;
    case 'duplicate-key': {
      const first = { message: 'also set here', place: { ...place, range: problem.first } };
      const code = problem.merged === true ? 'merge-key-behind' : 'duplicate-key';
      report(code, place, { key: problem.name }, [first]);
    }
  }
}

/** Lists at the top of a document are common (JSON patches, playbooks); of manifests they are a mistake. */
function holdsObjects(root: YamlNode): boolean {
  return (
    root.kind === 'sequence' &&
    root.items.some(item => fieldOf(item, 'apiVersion') !== undefined && fieldOf(item, 'kind') !== undefined)
  );
}

function firstOf(root: YamlNode): TextRange {
  return { start: root.start, end: root.start + 1 };
}

function reportSize(file: SourceFile, report: Report): void {
  const size = Math.ceil(file.text.length / MEGABYTE);
  report('file-too-large', placeOfFile(file), { size, limit: MAX_FILE_SIZE / MEGABYTE });
}

function reportBinary(file: SourceFile, report: Report): void {
  report('not-text', placeOfFile(file), {});
}

function placeOfFile(file: SourceFile): Place {
  return { file, path: [], field: [], at: 'value', range: { start: 0, end: 0 } };
}
