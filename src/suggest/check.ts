import { compareText } from '../3-link/virtual-services.ts';
import type { Conversion } from '../conversion.ts';
import { type Code, catalog, entryOf } from '../diagnostics/catalog.ts';
import type { Severity } from '../diagnostics/catalog-entry.ts';
import { plainLine } from './bodies.ts';
import { CONVERTIBLE, REMOVED_IN_USE } from './convertible.ts';
import { redact } from './credentials.ts';
import { type LossItem, ownLines, type Scope } from './items.ts';
import { documentLines } from './lines.ts';
import type { Selection } from './selection.ts';

/** Something that `vs2route check` may object to. */
export interface Finding {
  readonly code: string;
  readonly path: string;
  readonly line: number;
  readonly severity: FindingSeverity;
  /** Without line breaks, and without what looks like a credential. */
  readonly message: string;
  /** Whether the pull request has to do with it. */
  readonly isTouched: boolean;
}

export type FindingSeverity = 'convertible' | Severity;

/** From which severity on a finding counts; each takes in those before it. */
export type CheckLevel = FindingSeverity | 'never';

/** The mildest last. */
export const checkLevels: readonly CheckLevel[] = ['convertible', 'error', 'warning', 'info', 'never'];

/**
 * @param ofDiagnostics of which lines what is wrong with them counts
 * @param selection what a pull request is told; of VirtualServices that could be routes, those that it offers count
 * @returns what counts at a level, by file and line
 */
export function findingsOf(
  conversion: Conversion,
  isTouched: Scope,
  level: CheckLevel,
  ofDiagnostics: Scope = isTouched,
  selection?: Selection,
): readonly Finding[] {
  const counted = level === 'never' ? [] : checkLevels.slice(0, checkLevels.indexOf(level) + 1);
  const losses = (selection?.items ?? []).flatMap(item => (item.kind === 'loss' ? [lossFinding(item)] : []));
  return [
    ...convertible(conversion, isTouched, selection),
    ...losses,
    ...diagnosed(conversion, ofDiagnostics),
  ]
    .filter(({ severity }) => counted.includes(severity))
    .toSorted((a, b) => compareText(a.path, b.path) || a.line - b.line || compareText(a.code, b.code));
}

/** Whether findings of a code count at a level; those of a code that there is no more would. */
export function isCounted(code: string, level: CheckLevel): boolean {
  if (level === 'never') return false;
  const severity =
    code === CONVERTIBLE ? 'convertible' : code === REMOVED_IN_USE ? 'error' : severityOf(code);
  return severity === undefined || checkLevels.indexOf(severity) <= checkLevels.indexOf(level);
}

function severityOf(code: string): Severity | undefined {
  return Object.hasOwn(catalog, code) ? entryOf(code as Code).severity : undefined;
}

/** VirtualServices that could be routes: what a repository that migrates wants no more of. */
function convertible(
  { resources }: Conversion,
  isTouched: Scope,
  selection: Selection | undefined,
): readonly Finding[] {
  const linesOf = documentLines();
  const spared = new Set(selection === undefined ? [] : sparedBy(selection));
  return resources.flatMap((converted): readonly Finding[] => {
    const { resource, status } = converted;
    const { type, source, namespace, name } = resource;
    if (type !== 'istio.VirtualService' || source === undefined) return [];
    if (status !== 'converted' && status !== 'approximate') return [];
    if (spared.has(`VirtualService ${namespace}/${name}`)) return [];
    const { path } = source.document.file;
    const lines = linesOf(source.document);
    return [
      {
        code: CONVERTIBLE,
        path,
        line: lines.start,
        severity: 'convertible',
        message: redact(`VirtualService ${namespace}/${name} can be a Gateway API route`),
        isTouched: isTouched(path, lines, [converted]),
      },
    ];
  });
}

/**
 * The VirtualServices that nobody is to be asked for: they wait, were left on purpose, were there before, or their requests
 * fail.
 */
function sparedBy({ waiting, left, earlier, items }: Selection): readonly string[] {
  const failing = items.filter(({ kind }) => kind === 'failing');
  return [...waiting.map(({ item }) => item), ...left, ...earlier, ...failing].flatMap(
    ({ objects }) => objects,
  );
}

function lossFinding(item: LossItem): Finding {
  const { path, line } = item;
  return { code: REMOVED_IN_USE, path, line, severity: 'error', message: plainLine(item), isTouched: true };
}

/** A diagnostic of a resource is new when the resource is, or is another, wherever in it the reason stands. */
function diagnosed({ resources, diagnostics }: Conversion, isTouched: Scope): readonly Finding[] {
  const linesOf = documentLines();
  const documents = new Map(
    resources.flatMap(({ resource: { source }, diagnostics }) =>
      source === undefined ? [] : diagnostics.map(diagnostic => [diagnostic, source.document] as const),
    ),
  );
  return diagnostics.map(diagnostic => {
    const { code, severity, message, location } = diagnostic;
    const document = documents.get(diagnostic);
    const isOwn = document?.file.path === location.file;
    return {
      code,
      path: location.file,
      line: location.start.line,
      severity,
      message: redact(message.replaceAll(/\s+/g, ' ')),
      isTouched: isTouched(
        location.file,
        isOwn && document !== undefined ? linesOf(document) : ownLines(diagnostic),
      ),
    };
  });
}
