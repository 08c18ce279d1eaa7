import type { FieldPath, SourceDocument, SourceFile, TextRange } from '../yaml/source.ts';
import type { Arguments, Code } from './catalog.ts';
import type { Fate, Severity } from './catalog-entry.ts';
import type { ResourceRef } from './resource-ref.ts';

/** The place of a report; offsets are worked out only when somebody needs them. */
export interface Place {
  readonly file: SourceFile;
  readonly document?: SourceDocument;
  /** From the root of the document. */
  readonly path: FieldPath;
  /** The path as people read it: from the root of the object. */
  readonly field: FieldPath;
  /** `key` points at the field's name, `value` at what it holds. */
  readonly at: 'key' | 'value';
  /** Where there is no field to point at, as in a document that does not parse. */
  readonly range?: TextRange;
  readonly resource?: ResourceRef;
}

/** Another place that helps to understand a report. */
export interface Related {
  readonly message: string;
  readonly place: Place;
}

/** One thing a phase has to say, before it is put in words. */
export interface Finding<C extends Code = Code> {
  readonly code: C;
  readonly place: Place;
  readonly args: Arguments<C>;
  readonly related: readonly Related[];
}

/** How phases speak: they neither throw for what a user wrote nor know who listens. */
export type Report = <C extends Code>(
  code: C,
  place: Place,
  args: Arguments<C>,
  related?: readonly Related[],
) => void;

/** A finding in words and with its position, as reporters print it. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly fate: Fate;
  readonly message: string;
  readonly why: string;
  readonly remedy: string;
  readonly resource?: ResourceRef;
  /** For example `spec.http[2].retries.perTryTimeout`; empty where no field is meant. */
  readonly path: string;
  readonly location: Location;
  readonly related: readonly { readonly message: string; readonly location: Location }[];
}

/** Lines and columns count from 1; columns count UTF-16 units; the end is exclusive. */
export interface Location {
  readonly file: string;
  readonly range: TextRange;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** A field within a place. */
export function fieldOf(place: Place, ...field: FieldPath): Place {
  return { ...place, path: [...place.path, ...field], field: [...place.field, ...field] };
}

/** The same place, but its name instead of its value. */
export function keyOf(place: Place): Place {
  return { ...place, at: 'key' };
}
