import type { Severity } from '../../diagnostics/catalog-entry.ts';
// The data of the HTML report, as src/reporters writes it and src/page reads it. Short keys: a report of 3,000 objects
// holds each of them 3,000 times.
import type { Options } from '../../options.ts';
import type { Request } from '../../semantics/request.ts';

/**
 * How an object converts: without difference, but for paths that share letters and no segment (`/foobar` of `/foo`), with
 * listed differences, not at all, or not ours to convert.
 */
export type PageFate = 'same' | 'segment' | 'differs' | 'not' | 'skipped';

/** The most urgent one last, as in the bar of the head. */
export const pageFates: readonly PageFate[] = ['same', 'segment', 'differs', 'not', 'skipped'];

/** Words and signs of each, so that nothing depends on colour alone. */
export const fateWords: Readonly<
  Record<PageFate, { readonly short: string; readonly long: string; readonly sign: string }>
> = {
  same: { short: 'no difference', long: 'convert without difference', sign: '✓' },
  segment: {
    short: 'only by segment',
    long: 'differ only in paths that end in the middle of a segment',
    sign: '≈',
  },
  differs: { short: 'with differences', long: 'convert with differences', sign: '△' },
  not: { short: 'not converted', long: 'are not converted', sign: '✕' },
  skipped: {
    short: 'nothing to convert',
    long: 'have nothing to convert, or belong to a controller',
    sign: '–',
  },
};

/** A line of the list; details are in the chunk of its position. */
export interface PageRow {
  /** Part of its address in the page: stable as long as kind, namespace and name are. */
  readonly id: string;
  readonly kind: string;
  readonly ns: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly fate: PageFate;
  readonly codes: readonly string[];
  readonly hosts: readonly string[];
  readonly messages: readonly string[];
  /** Rows with the same number change together. */
  readonly set?: number;
}

export interface PageDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Positions in `PageIndex.texts`. */
  readonly why: number;
  readonly remedy: number;
  readonly file: string;
  readonly line: number;
  readonly related: readonly { readonly message: string; readonly file: string; readonly line: number }[];
}

export interface PageRequest {
  readonly place: string;
  readonly request: Request;
  readonly before: PageSide;
  readonly after: PageSide;
  readonly aspects: readonly string[];
}

export interface PageSide {
  readonly outcome: string;
  readonly rule: string;
}

/** Everything about one object that the list does not need. */
export interface PageDetail {
  /** As it stands in its file. */
  readonly before: string;
  readonly first: number;
  /** The objects in its place, as YAML documents; empty where it stays. */
  readonly after: string;
  /** Whether it is removed from its file, so that a trace leaves it out afterwards. */
  readonly gone: boolean;
  /** Lines (counted from 0) of both texts that belong side by side, in ascending order. */
  readonly anchors: readonly (readonly [before: number, after: number])[];
  readonly diagnostics: readonly PageDiagnostic[];
  readonly proof?: {
    readonly requests: number;
    readonly together: number;
    readonly sampled: boolean;
    readonly differences: number;
  };
  readonly requests: readonly PageRequest[];
}

export interface PageStep {
  readonly title: string;
  readonly commands: readonly string[];
}

/** The part that the page reads at once. */
export interface PageIndex {
  readonly rows: readonly PageRow[];
  readonly steps: readonly PageStep[];
  readonly others: readonly PageDiagnostic[];
  /** Texts that many diagnostics have. */
  readonly texts: readonly string[];
  /** With `{path}` and `{line}`; empty for no links. */
  readonly sourceUrl: string;
  /** A name for what is ticked, in the storage of the browser. */
  readonly key: string;
  readonly trace: PageTraceOptions;
}

/** A trace depends on the choices of the conversion. */
export type PageTraceOptions = Options;

/** An object that is read for a trace, such as a Service: its YAML, the namespace that it lands in, and its file. */
export interface PageReference {
  readonly yaml: string;
  readonly ns: string;
  readonly file: string;
}

/** So many details are packed together. */
export const CHUNK = 64;

/** The request in the address of the page. */
export interface PageFilter {
  readonly fate?: readonly PageFate[];
  readonly ns?: string;
  readonly code?: string;
  readonly file?: string;
  readonly kind?: string;
  readonly q?: string;
  readonly sort?: string;
  readonly group?: string;
}

/** @returns an address within the page: `#/list?fate=not&ns=shop` */
export function addressOf(view: string, filter: PageFilter = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined && value.length > 0)
      params.set(name, Array.isArray(value) ? value.join(',') : String(value));
  const query = params.toString();
  return `#/${view}${query === '' ? '' : `?${query}`}`;
}

/** @returns the address of an object */
export function objectAddress(id: string, filter: PageFilter = {}): string {
  return addressOf(`object/${id.split('/').map(encodeURIComponent).join('/')}`, filter);
}
