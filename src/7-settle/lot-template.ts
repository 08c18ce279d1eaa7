import type { AnyResource } from '../2-decode/resource.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import type { ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../diagnostics/locate.ts';
import type { SourceDocument } from '../yaml/source.ts';
import { LaterOutput, type Unmade } from './later-output.ts';
import type { DetailedConversion } from './to-conversion.ts';

/** A lot, and by which names it differs from others of its shape. */
export interface NamedLot {
  readonly resources: readonly AnyResource[];
  readonly names: readonly string[];
  readonly documents: readonly SourceDocument[];
  /** The line on which a document begins. */
  readonly lineOf: (document: SourceDocument) => number;
}

/** The result of a lot, as far as results of lots are put together. */
export interface LotResult
  extends Pick<DetailedConversion, 'written' | 'resources' | 'edits' | 'together' | 'diagnostics'> {
  readonly made: Iterable<readonly [AnyResource, readonly Output[]]>;
  readonly removed: Iterable<AnyResource>;
}

/** A value of which parts depend on the lot: its names, its objects, and where these stand. */
type Template =
  | { readonly kind: 'same'; readonly value: unknown }
  /** Texts, and names by their numbers. */
  | { readonly kind: 'text'; readonly parts: readonly (string | number)[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  /** A record that is the same but for some fields. */
  | {
      readonly kind: 'record';
      readonly like: Readonly<Record<string, unknown>>;
      readonly fields: readonly (readonly [string, Template])[];
    }
  | { readonly kind: 'part'; readonly of: Kind; readonly index: number }
  /** Offsets and lines count from the start of the document. */
  | { readonly kind: 'location'; readonly document: number; readonly from: Mark; readonly to: Mark };

interface Mark {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Objects that are the same one wherever they come up. */
type Kind = 'resource' | 'source' | 'document' | 'file' | 'diagnostic' | 'output';

/** By kind, in an order that is the same for all lots of a shape. */
type Parts = Readonly<Record<Kind, readonly unknown[]>>;

/** The result of a lot for all lots of its shape. */
export interface LotTemplate {
  readonly diagnostics: readonly Template[];
  readonly outputs: readonly Template[];
  readonly rest: Template;
}

/** The parts of a result that are put together with those of other lots. */
interface Rest {
  readonly written: DetailedConversion['written'];
  readonly resources: readonly ConvertedResource[];
  readonly made: readonly (readonly [AnyResource, readonly Output[]])[];
  readonly removed: readonly AnyResource[];
  readonly edits: readonly Edit[];
  readonly together: readonly (readonly AnyResource[])[];
}

/** A result whose form nobody foresaw: the lots of its shape are converted one by one. */
class NoTemplate extends Error {}

/** @returns undefined where the result holds something else than data, names, places and objects of the lot */
export function templateOf(lot: NamedLot, result: LotResult): LotTemplate | undefined {
  const parts = partsOf(lot, result);
  const known = new Map<unknown, Template>();
  for (const of of kinds)
    for (const [index, part] of parts[of].entries()) known.set(part, { kind: 'part', of, index });
  const read = (value: unknown): Template => known.get(value) ?? templateOfValue(value, lot, read);
  try {
    return {
      diagnostics: result.diagnostics.map(one => templateOfValue(one, lot, read)),
      outputs: outputsOf(result).map(one => templateOfValue(dataOf(one), lot, read)),
      rest: read(restOf(result)),
    };
  } catch (error) {
    if (error instanceof NoTemplate) return undefined;
    throw error;
  }
}

/** @returns whether a template gives the result of another lot, down to the order of fields */
export function gives(template: LotTemplate, lot: NamedLot, result: LotResult): boolean {
  const parts = partsOf(lot, result);
  const outputs = outputsOf(result);
  if (outputs.length !== template.outputs.length) return false;
  if (result.diagnostics.length !== template.diagnostics.length) return false;
  const same = (one: Template, value: unknown): boolean => isSame(fill(one, lot, parts), value, parts);
  return (
    template.diagnostics.every((one, index) => same(one, { ...result.diagnostics[index] })) &&
    template.outputs.every((one, index) => same(one, dataOf(outputs[index]))) &&
    same(template.rest, restOf(result))
  );
}

/** @returns the result of a lot, of which the objects that were made are put together when somebody asks for them */
export function resultOf(template: LotTemplate, lot: NamedLot): LotResult {
  const base = partsWith(lot, [], []);
  const diagnostics = template.diagnostics.map(one => fill(one, lot, base) as Diagnostic);
  const outputs = template.outputs.map(one => {
    // It was taken apart from an output.
    const unmade = fill(fieldOf(one, 'rest'), lot, base) as Unmade;
    return new FilledOutput(unmade, one, lot);
  });
  // It was taken apart from such a result.
  const rest = fill(template.rest, lot, partsWith(lot, diagnostics, outputs)) as Rest;
  const { written, resources, made, removed, edits, together } = rest;
  return {
    written,
    resources,
    made,
    removed,
    edits,
    together: together.map(members => new Set(members)),
    diagnostics,
  };
}

const kinds = ['resource', 'source', 'document', 'file', 'diagnostic', 'output'] as const;

function partsOf(lot: NamedLot, result: LotResult): Parts {
  return partsWith(lot, result.diagnostics, outputsOf(result));
}

function partsWith(
  { resources, documents }: NamedLot,
  diagnostics: readonly Diagnostic[],
  outputs: readonly Output[],
): Parts {
  return {
    resource: resources,
    source: resources.map(({ source }) => source),
    document: documents,
    file: documents.map(({ file }) => file),
    diagnostic: diagnostics,
    output: outputs,
  };
}

function outputsOf({ made, edits }: LotResult): readonly Output[] {
  const ofEdits = edits.flatMap(edit => ('outputs' in edit ? edit.outputs : []));
  return [...new Set([...[...made].flatMap(([, outputs]) => outputs), ...ofEdits])];
}

/** Scopes are for those who settle. */
function dataOf(output: Output | undefined): unknown {
  if (output === undefined) return undefined;
  const { scopes: _, resource, origins, ...rest } = output;
  return { resource, origins, rest };
}

function restOf(result: LotResult): Rest {
  return {
    written: result.written,
    resources: result.resources,
    made: [...result.made],
    removed: [...result.removed],
    edits: result.edits,
    together: result.together.map(members => [...members]),
  };
}

function templateOfValue(value: unknown, lot: NamedLot, read: (value: unknown) => Template): Template {
  if (typeof value === 'string') return templateOfText(value, lot.names);
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw new NoTemplate();
    return { kind: 'same', value };
  }
  if (Array.isArray(value)) {
    const items = value.map(read);
    return items.every(({ kind }) => kind === 'same') ? { kind: 'same', value } : { kind: 'list', items };
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new NoTemplate();
  if (isLocation(value)) return templateOfLocation(value, lot);
  const fields: (readonly [string, Template])[] = [];
  const like: Record<string, unknown> = { ...value };
  for (const [key, field] of Object.entries(value)) {
    if (templateOfText(key, lot.names).kind !== 'same') throw new NoTemplate();
    const template = read(field);
    if (template.kind === 'same') continue;
    fields.push([key, template]);
    // Nothing of the lot is kept.
    like[key] = undefined;
  }
  return fields.length === 0 ? { kind: 'same', value } : { kind: 'record', like, fields };
}

function templateOfText(text: string, names: readonly string[]): Template {
  let parts: readonly (string | number)[] = [text];
  for (const [number, name] of names.entries()) {
    if (!text.includes(name)) continue;
    parts = parts.flatMap(part =>
      typeof part === 'number'
        ? [part]
        : part.split(name).flatMap((piece, index) => (index === 0 ? [piece] : [number, piece])),
    );
  }
  return parts.length === 1 ? { kind: 'same', value: text } : { kind: 'text', parts };
}

type Location = Diagnostic['location'];

function isLocation(value: object): value is Location {
  return 'file' in value && 'range' in value && 'start' in value && 'end' in value;
}

function templateOfLocation({ file, range, start, end }: Location, lot: NamedLot): Template {
  const document = lot.documents.findIndex(
    one => one.file.path === file && one.range.start <= range.start && range.end <= one.range.end,
  );
  const found = lot.documents[document];
  if (found === undefined) throw new NoTemplate();
  const first = lot.lineOf(found);
  const markOf = (offset: number, at: Location['start']): Mark => ({
    offset: offset - found.range.start,
    line: at.line - first,
    column: at.column,
  });
  return { kind: 'location', document, from: markOf(range.start, start), to: markOf(range.end, end) };
}

function fill(template: Template, lot: NamedLot, parts: Parts): unknown {
  switch (template.kind) {
    case 'same':
      return template.value;
    case 'text': {
      let text = '';
      for (const part of template.parts) text += typeof part === 'number' ? (lot.names[part] ?? '') : part;
      return text;
    }
    case 'list':
      return template.items.map(item => fill(item, lot, parts));
    case 'record': {
      const record = { ...template.like };
      for (const [key, field] of template.fields) record[key] = fill(field, lot, parts);
      return record;
    }
    case 'part':
      return parts[template.of][template.index];
    case 'location':
      return locationIn(template, lot);
  }
}

function locationIn(
  { document, from, to }: Extract<Template, { readonly kind: 'location' }>,
  { documents, lineOf }: NamedLot,
): Location | undefined {
  const found = documents[document];
  if (found === undefined) return undefined;
  const first = lineOf(found);
  const base = found.range.start;
  return {
    file: found.file.path,
    range: { start: base + from.offset, end: base + to.offset },
    start: { line: first + from.line, column: from.column },
    end: { line: first + to.line, column: to.column },
  };
}

/** An output whose object is that of another lot with other names in it. */
class FilledOutput extends LaterOutput {
  readonly #template: Template;
  readonly #lot: NamedLot;

  constructor(unmade: Unmade, template: Template, lot: NamedLot) {
    super(unmade);
    this.#template = template;
    this.#lot = lot;
  }

  makeResource(): Output['resource'] {
    return this.#fill('resource') as Output['resource'];
  }

  makeOrigins(): Output['origins'] {
    return this.#fill('origins') as Output['origins'];
  }

  #fill(name: 'resource' | 'origins'): unknown {
    return fill(fieldOf(this.#template, name), this.#lot, partsWith(this.#lot, [], []));
  }
}

function fieldOf(template: Template, name: string): Template {
  if (template.kind !== 'record') return { kind: 'same', value: undefined };
  const found = template.fields.find(([key]) => key === name);
  return found?.[1] ?? { kind: 'same', value: template.like[name] };
}

/** Whether two values are the same down to the order of fields, with the same objects of the lot in the same places. */
function isSame(made: unknown, value: unknown, parts: Parts): boolean {
  if (Object.is(made, value)) return true;
  if (typeof made !== 'object' || typeof value !== 'object' || made === null || value === null) return false;
  if (kinds.some(kind => parts[kind].includes(made) || parts[kind].includes(value))) return false;
  if (Array.isArray(made) || Array.isArray(value)) {
    return (
      Array.isArray(made) &&
      Array.isArray(value) &&
      made.length === value.length &&
      made.every((item, index) => isSame(item, value[index], parts))
    );
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const [own, other] = [Object.entries(made), Object.entries(value)];
  return (
    own.length === other.length &&
    own.every(([key, field], index) => {
      const [name, against] = other[index] ?? [];
      return key === name && isSame(field, against, parts);
    })
  );
}

/** A function of its own, so that results which hold on to it hold on to nothing else. */
export function lineBy(locate: Locate): (document: SourceDocument) => number {
  return document => {
    const { file, range } = document;
    const { start } = locate({
      file,
      document,
      path: [],
      field: [],
      at: 'value',
      range: { start: range.start, end: range.start },
    });
    return start.line;
  };
}
