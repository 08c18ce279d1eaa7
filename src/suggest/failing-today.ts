import type { Code } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/**
 * The codes that say of requests that they fail today, and would go on failing after the conversion: a proof that nothing
 * changes is no praise of those.
 */
const failing: ReadonlySet<Code> = new Set(['subset-not-found', 'subset-without-endpoints']);

/** @returns what is said of requests that fail today */
export function failingToday(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => failing.has(code));
}
