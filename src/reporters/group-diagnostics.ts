import type { Code } from '../diagnostics/catalog.ts';
import type { Severity } from '../diagnostics/catalog-entry.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** The findings of one code. */
export interface DiagnosticGroup {
  readonly diagnostics: readonly Diagnostic[];
}

const turns: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** @returns the findings by code: errors, warnings, then notes; codes and findings in the order of their places */
export function groupDiagnostics(diagnostics: readonly Diagnostic[]): readonly DiagnosticGroup[] {
  const groups = new Map<Code, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const known = groups.get(diagnostic.code);
    if (known === undefined) groups.set(diagnostic.code, [diagnostic]);
    else known.push(diagnostic);
  }
  const turnOf = (group: readonly Diagnostic[]): number =>
    Math.min(...group.map(({ severity }) => turns[severity]));
  return [...groups.values()].toSorted((a, b) => turnOf(a) - turnOf(b)).map(own => ({ diagnostics: own }));
}
