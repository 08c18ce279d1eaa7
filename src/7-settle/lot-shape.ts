import type { AnyResource } from '../2-decode/resource.ts';
import type { PartOfVariant } from '../3-link/environments/variants-within.ts';
import type { ClusterNamespaces } from '../3-link/facts.ts';
import { folderOf } from '../3-link/gitops/kustomizations.ts';
import { namesWrittenIn } from '../3-link/name-places.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import type { SourceDocument } from '../yaml/source.ts';

/** A lot up to the numbers in its names. Lots of one key differ in the names alone, and in where they stand. */
export interface LotShape {
  readonly key: string;
  /** In the order of the key: those whose digits are left out of it. None is a part of another. */
  readonly names: readonly string[];
  readonly documents: readonly SourceDocument[];
}

/** The surroundings of a lot. */
export interface LotSurroundings {
  readonly inputs: ReadonlySet<AnyResource>;
  /** Those of the cluster. */
  readonly namespaces: ClusterNamespaces;
  /** The namespace of objects that name none. */
  readonly namespace: string;
  /** The findings of reading that are about a lot, in their order. */
  readonly earlierOf: (lot: readonly AnyResource[]) => readonly Finding[];
  /** The parts of a lot in each of several clusters, where there are several. */
  readonly variants: { readonly count: number; readonly of: VariantsOf } | undefined;
}

type VariantsOf = (lot: readonly AnyResource[]) => readonly PartOfVariant[];

/** Lots of more are hardly ever alike. In each of several clusters there may be so many. */
const MOST_OBJECTS = 12;
const MOST_NAMES = 6;
const LONGEST = 20_000;

/**
 * Takes the numbers out of the names of a lot. Two lots with one key have the same texts to the letter but for the digits of
 * these names, so that lengths, letters and dashes of the names are alike, and so are quotes, columns and limits.
 * Names that equal or contain others, or whose order among each other is another, are of another key.
 *
 * @returns undefined where a name may mean more than itself: it stands in a path, a header or a comment, it begins with the name
 * of another object, or with what also stands before other digits
 */
export function lotShape(
  lot: readonly AnyResource[],
  { inputs, namespaces, namespace, earlierOf, variants }: LotSurroundings,
): LotShape | undefined {
  const clusters = variants?.count ?? 1;
  const documents = lot.length > MOST_OBJECTS * clusters ? undefined : documentsOf(lot);
  if (documents === undefined) return undefined;
  const texts: string[] = [];
  for (const resource of lot) {
    const written = namesWrittenIn(resource);
    if (written === undefined) return undefined;
    texts.push(...written);
  }
  const found = namesIn(texts);
  if (found === undefined) return undefined;
  const { names, labels } = found;
  if (names.some(name => namespace.includes(name))) return undefined;
  let text = textOf(documents);
  let left = texts.join('\n');
  if (text.length > LONGEST * clusters || hasMark.test(text)) return undefined;
  for (const [index, name] of names.entries()) {
    const mark = String.fromCharCode(FIRST_MARK + index);
    const [next, others] = [text.replaceAll(name, mark), left.replaceAll(name, mark)];
    // It stands nowhere but where names do.
    if (text.length - next.length !== left.length - others.length) return undefined;
    text = next;
    left = others;
  }
  if (names.some(name => hasNumbersBehind(text, stemOf(name)))) return undefined;
  let key = '';
  for (const resource of lot) {
    const { type, namespace: own, name, source } = resource;
    const index = source === undefined ? -1 : documents.indexOf(source.document);
    const path = source?.path.join('/') ?? '';
    key += `${type} ${marked(own, names)}/${marked(name, names)} ${index} ${path} ${inputs.has(resource)}\n`;
  }
  for (const [index, name] of names.entries()) {
    key += name.replaceAll(/[0-9]/g, '0');
    for (const other of names.slice(0, index)) key += other < name ? '>' : '<';
  }
  key += whichAre(labels, namespaces);
  for (const part of variants?.of(lot) ?? []) key += `\n${partText(part, lot, labels)}`;
  for (const finding of earlierOf(lot)) {
    const said = findingText(finding, documents);
    if (said === undefined) return undefined;
    key += `\n${marked(said, names)}`;
  }
  // Copies have no room for more.
  return {
    key: `${key}\n${filesOf(documents)}\n${text}`,
    names: names.slice(),
    documents: documents.slice(),
  };
}

/** The objects of a lot that a cluster has, and which namespaces it has. */
function partText(
  { number, resources, alternatives, members, namespaces }: PartOfVariant,
  lot: readonly AnyResource[],
  labels: Iterable<string>,
): string {
  const [present, left] = [new Set(resources), new Set(alternatives)];
  let text = `${number} `;
  for (const resource of lot)
    text += members.has(resource) ? 'm' : present.has(resource) ? 'p' : left.has(resource) ? 'a' : '.';
  return text + whichAre(labels, namespaces);
}

/** Which names are namespaces, and namespaces of Services. */
function whichAre(names: Iterable<string>, { all, withServices }: ClusterNamespaces): string {
  let text = '';
  for (const each of names) text += withServices.has(each) ? '*' : all.has(each) ? '+' : '-';
  return text;
}

/** @returns undefined where a finding tells of other documents */
function findingText(
  { code, place, args, related }: Finding,
  documents: readonly SourceDocument[],
): string | undefined {
  const places = [place, ...related.map(one => one.place)].map(one => placeText(one, documents));
  if (places.includes(undefined)) return undefined;
  return JSON.stringify([code, args, places, related.map(({ message }) => message)]);
}

function placeText(
  { document, path, field, at, range, resource }: Place,
  documents: readonly SourceDocument[],
): string | undefined {
  const index = document === undefined ? -1 : documents.indexOf(document);
  if (document === undefined || index < 0) return undefined;
  const { start } = document.range;
  const offsets = range === undefined ? [] : [range.start - start, range.end - start];
  return JSON.stringify([index, path, field, at, offsets, resource]);
}

/** A number that is the same for all lots of a shape, and takes little to work out. */
function fingerprintOf(lot: readonly AnyResource[], { variants }: LotSurroundings): number | undefined {
  const isLong = lot.length > MOST_OBJECTS * (variants?.count ?? 1);
  const documents = isLong ? undefined : documentsOf(lot);
  if (documents === undefined) return undefined;
  let hash = 0x811c9dc5;
  for (const { file, range } of documents) {
    for (let at = range.start; at < range.end; at += 1) {
      const code = file.text.charCodeAt(at);
      hash = Math.imul(hash ^ (code >= ZERO && code <= ZERO + 9 ? ZERO : code), 0x01000193);
    }
  }
  return hash;
}

const ZERO = 48;

/** So many lots have one shape before it is worth it to look at them one by one. */
const SOME = 4;

/**
 * @param shapes is told the shapes of those that are found
 * @returns lots of shapes that several have
 */
export function repeatedLots(
  lots: readonly (readonly AnyResource[])[],
  surroundings: LotSurroundings,
  shapes: Map<readonly AnyResource[], LotShape>,
): ReadonlySet<readonly AnyResource[]> {
  const byKey = new Map<string, (readonly [readonly AnyResource[], LotShape])[]>();
  const prints = lots.map(lot => fingerprintOf(lot, surroundings));
  const counts = new Map<number | undefined, number>();
  for (const print of prints) counts.set(print, (counts.get(print) ?? 0) + 1);
  for (const [index, lot] of lots.entries()) {
    const print = prints[index];
    const isFrequent = print !== undefined && (counts.get(print) ?? 0) >= SOME;
    const shape = isFrequent ? lotShape(lot, surroundings) : undefined;
    if (shape === undefined) continue;
    const known = byKey.get(shape.key);
    if (known === undefined) byKey.set(shape.key, [[lot, shape]]);
    // One text for all of them.
    else known.push([lot, { ...shape, key: known[0]?.[1].key ?? shape.key }]);
  }
  const repeated = new Set<readonly AnyResource[]>();
  for (const found of byKey.values()) {
    if (found.length < SOME) continue;
    for (const [lot, shape] of found) {
      repeated.add(lot);
      shapes.set(lot, shape);
    }
  }
  return repeated;
}

/** Control characters, which no manifest has. */
const FIRST_MARK = 1;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const hasMark = /[\x00-\x06]/;

/** Words with digits that mean something to the program, such as versions and protocols. */
const isOfTheProgram = /^(?:v\d|[a-z]{1,5}\d[a-z]?$|rfc|ipv\d|istio|kube|gateway-|port-)/;

/**
 * @returns the shortest names with digits that the others are made of; undefined where there are none or too many of them, or
 * where one means something by itself, or begins with a name that has none
 */
function namesIn(
  texts: readonly string[],
): { readonly labels: ReadonlySet<string>; readonly names: readonly string[] } | undefined {
  const labels = new Set<string>();
  for (const text of texts) for (const part of text.split(/[./*]/)) if (part !== '') labels.add(part);
  const numbered: string[] = [];
  for (const text of labels) if (text.length < 64 && isName(text)) numbered.push(text);
  numbered.sort((a, b) => a.length - b.length);
  const names: string[] = [];
  const isMade = (text: string): boolean => names.some(name => text.includes(name));
  for (const text of numbered) if (!isMade(text)) names.push(text);
  if (names.length === 0 || names.length > MOST_NAMES) return undefined;
  if (names.some(name => isOfTheProgram.test(name))) return undefined;
  for (const text of labels) if (!isMade(text) && names.some(name => name.startsWith(text))) return undefined;
  return { labels, names };
}

const isLabel = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

function isName(text: string): boolean {
  return isLabel.test(text) && /[0-9]/.test(text);
}

function marked(text: string, names: readonly string[]): string {
  let result = text;
  for (const [index, name] of names.entries())
    result = result.replaceAll(name, String.fromCharCode(FIRST_MARK + index));
  return result;
}

/** The text before the first digit. */
function stemOf(name: string): string {
  return name.slice(0, name.search(/[0-9]/));
}

function hasNumbersBehind(text: string, stem: string): boolean {
  for (let at = text.indexOf(stem); at !== -1; at = text.indexOf(stem, at + 1)) {
    const code = text.charCodeAt(at + stem.length);
    if (code >= ZERO && code <= ZERO + 9) return true;
  }
  return false;
}

/** @returns undefined where columns do not begin with the document */
function documentsOf(lot: readonly AnyResource[]): readonly SourceDocument[] | undefined {
  const documents: SourceDocument[] = [];
  for (const { source } of lot) {
    if (source === undefined) return undefined;
    const { document } = source;
    if (documents.includes(document)) continue;
    const { file, range } = document;
    if (range.start > 0 && file.text[range.start - 1] !== '\n') return undefined;
    documents.push(document);
  }
  return documents;
}

function textOf(documents: readonly SourceDocument[]): string {
  let text = '';
  for (const { file, range } of documents) text += `${file.text.slice(range.start, range.end)}\n---\n`;
  return text;
}

/** Which documents share a file or a folder, and how their files follow each other. */
function filesOf(documents: readonly SourceDocument[]): string {
  const paths = documents.map(({ file }) => file.path);
  const folders = paths.map(folderOf);
  let text = '';
  for (const [at, path] of paths.entries()) {
    const [before, own] = [documents[at - 1], documents[at]];
    const follows = before === undefined || own === undefined || before.index < own.index;
    const isLater = before === undefined || before.file.path < path;
    const extension = path.slice(path.lastIndexOf('.'));
    text += `${paths.indexOf(path)} ${folders.indexOf(folders[at] ?? '')} ${follows} ${isLater} ${extension}\n`;
  }
  return text;
}
