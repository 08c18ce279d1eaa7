import type { Conversion, ConvertedResource, Proof, Status } from '../conversion.ts';
import type { Code } from '../diagnostics/catalog.ts';
import type { Fate, Severity } from '../diagnostics/catalog-entry.ts';
import type { Diagnostic, Location } from '../diagnostics/diagnostic.ts';
import { type ResourceRef, refOf } from '../diagnostics/resource-ref.ts';
import { type Count, countReasons, countRequests, countStatuses } from '../print/count.ts';
import { countOutcomes, type Outcome, outcomeOf, reasonUnchanged } from '../print/outcome-words.ts';
import { changeSets } from './change-sets.ts';
import { resourceLines } from './resource-lines.ts';

/**
 * The report for programs. Fields are added without notice; what is there keeps its name and meaning as long as
 * `version` stays.
 *
 * @see ../../schemas/report.schema.json
 */
export interface JsonReport {
  readonly version: 1;
  readonly summary: JsonSummary;
  readonly resources: readonly JsonResource[];
  /** Those that are about no resource, as for a document that does not parse. */
  readonly diagnostics: readonly JsonDiagnostic[];
  /** Inputs that could not be read at all. */
  readonly unread: readonly Unread[];
}

/** An input that could not be read, and why. */
export interface Unread {
  readonly path: string;
  readonly message: string;
}

export interface JsonSummary {
  /** How many resources have each status, for each kind of the input. */
  readonly kinds: Readonly<Record<string, Readonly<Record<Status, number>>>>;
  /** The same with those apart of which only prefixes differ, by segment. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<Outcome, number>>>>;
  /** For each status, how many resources have it because of which code; the most frequent first. */
  readonly reasons: Readonly<Record<Status, readonly { readonly code: Code; readonly count: number }[]>>;
  readonly requests: { readonly tried: number; readonly differences: number };
}

export interface JsonResource extends ResourceRef {
  readonly file: string;
  readonly line: number;
  readonly status: Status;
  /** The status in which an object whose prefixes alone differ, by segment, is apart. */
  readonly outcome: Outcome;
  /** The reason of the status `skipped`. */
  readonly reason?: string;
  /** The objects with the same number change together: none of them may be taken without the others. */
  readonly changeSet?: number;
  readonly outputs: readonly ResourceRef[];
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly proof?: Omit<Proof, 'declared' | 'shown'>;
}

export interface JsonDiagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly fate: Fate;
  readonly message: string;
  readonly why: string;
  readonly remedy: string;
  readonly path: string;
  readonly location: JsonLocation;
  readonly related: readonly { readonly message: string; readonly location: JsonLocation }[];
}

/** Lines and columns count from 1, columns in UTF-16 units; the end is exclusive. */
export interface JsonLocation {
  readonly file: string;
  readonly start: Location['start'];
  readonly end: Location['end'];
}

/** @returns the report as a value, to be looked into */
export function jsonReport(conversion: Conversion, unread: readonly Unread[] = []): JsonReport {
  const { resources, diagnostics } = conversion;
  const told = new Set(resources.flatMap(resource => resource.diagnostics));
  const lineOf = resourceLines();
  const sets = changeSets(conversion);
  return {
    version: 1,
    summary: summaryOf(resources),
    resources: resources.map(one => jsonResource(one, lineOf, sets.get(one.resource))),
    diagnostics: diagnostics.filter(diagnostic => !told.has(diagnostic)).map(jsonDiagnostic),
    unread,
  };
}

/** @returns the report as the text of a file */
export function printJsonReport(conversion: Conversion, unread: readonly Unread[] = []): string {
  return `${JSON.stringify(jsonReport(conversion, unread), null, 2)}\n`;
}

function summaryOf(resources: readonly ConvertedResource[]): JsonSummary {
  const kinds = [...new Set(resources.map(({ resource }) => resource.kind))];
  const ofKind = (kind: string): readonly ConvertedResource[] =>
    resources.filter(({ resource }) => resource.kind === kind);
  const reasonsFor = (status: Status): readonly { readonly code: Code; readonly count: number }[] =>
    countReasons(resources, status).map(({ of: code, count }: Count<Code>) => ({ code, count }));
  return {
    kinds: Object.fromEntries(kinds.map(kind => [kind, countStatuses(ofKind(kind))])),
    outcomes: Object.fromEntries(kinds.map(kind => [kind, countOutcomes(ofKind(kind))])),
    reasons: {
      converted: reasonsFor('converted'),
      approximate: reasonsFor('approximate'),
      'held-back': reasonsFor('held-back'),
      skipped: reasonsFor('skipped'),
    },
    requests: countRequests(resources),
  };
}

function jsonResource(
  converted: ConvertedResource,
  lineOf: ReturnType<typeof resourceLines>,
  changeSet: number | undefined,
): JsonResource {
  const { resource, status, outputs, diagnostics, proof } = converted;
  const { source } = resource;
  const reason = reasonUnchanged(converted);
  return {
    ...refOf(resource),
    file: source?.document.file.path ?? '',
    line: source === undefined ? 0 : lineOf(source),
    status,
    outcome: outcomeOf(converted),
    ...(reason === undefined ? {} : { reason }),
    ...(changeSet === undefined ? {} : { changeSet }),
    outputs: outputs.map(refOf),
    diagnostics: diagnostics.map(jsonDiagnostic),
    ...(proof && { proof: withoutDeclared(proof) }),
  };
}

/** A diagnostic as every report for programs has it. */
export function jsonDiagnostic(diagnostic: Diagnostic): JsonDiagnostic {
  const { code, severity, fate, message, why, remedy, path, location, related } = diagnostic;
  return {
    ...{ code, severity, fate, message, why, remedy, path },
    location: jsonLocation(location),
    related: related.map(({ message, location }) => ({ message, location: jsonLocation(location) })),
  };
}

function jsonLocation({ file, start, end }: Location): JsonLocation {
  return { file, start, end };
}

/** They are among the diagnostics. */
function withoutDeclared({ declared: _, shown: __, ...proof }: Proof): Omit<Proof, 'declared' | 'shown'> {
  return proof;
}
