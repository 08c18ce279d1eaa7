import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** Whether a diagnostic needs no action and no request changes, so that people read it only when they ask for it. */
export function asksForNothing({ severity, fate, remedy }: Diagnostic): boolean {
  return severity === 'info' && fate !== 'approximate' && remedy.startsWith('No action needed');
}
