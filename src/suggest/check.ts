import type { Conversion } from '../conversion.ts';
import type { Severity } from '../diagnostics/catalog.ts';
import { lineCounter } from './changes.ts';
import { CONVERTIBLE } from './convertible.ts';
import { redact } from './credentials.ts';
import type { Scope } from './items.ts';

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

/** @returns what counts at a level, by file and line */
export function findingsOf(conversion: Conversion, isTouched: Scope, level: CheckLevel): readonly Finding[] {
  const counted = level === 'never' ? [] : checkLevels.slice(0, checkLevels.indexOf(level) + 1);
  return [...convertible(conversion, isTouched), ...diagnosed(conversion, isTouched)]
    .filter(({ severity }) => counted.includes(severity))
    .toSorted((a, b) => compareText(a.path, b.path) || a.line - b.line || compareText(a.code, b.code));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** VirtualServices that could be routes: what a repository that migrates wants no more of. */
function convertible({ resources }: Conversion, isTouched: Scope): readonly Finding[] {
  const lineAt = lineCounter();
  return resources.flatMap(({ resource, status }): readonly Finding[] => {
    const { type, source, namespace, name } = resource;
    if (type !== 'istio.VirtualService' || source === undefined) return [];
    if (status !== 'converted' && status !== 'approximate') return [];
    const { file, range } = source.document;
    const start = lineAt(file, range.start);
    const end = lineAt(file, Math.max(range.start, range.end - 1));
    return [
      {
        code: CONVERTIBLE,
        path: file.path,
        line: start,
        severity: 'convertible',
        message: redact(`VirtualService ${namespace}/${name} can be a Gateway API route`),
        isTouched: isTouched(file.path, { start, end }),
      },
    ];
  });
}

function diagnosed({ diagnostics }: Conversion, isTouched: Scope): readonly Finding[] {
  return diagnostics.map(({ code, severity, message, location: { file, start, end } }) => ({
    code,
    path: file,
    line: start.line,
    severity,
    message: redact(message.replaceAll(/\s+/g, ' ')),
    isTouched: isTouched(file, { start: start.line, end: end.line }),
  }));
}
