import type { AnyResource } from '../2-decode/resource.ts';
import type { Status } from '../conversion.ts';
import { entryOf, refuses } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { withoutDropped } from './findings-told.ts';
import type { SettledUnit } from './settlement.ts';
export function statusOf(
  resource: AnyResource,
  unit: SettledUnit | undefined,
  diagnostics: readonly Diagnostic[],
  changed: boolean,
): Status {
  if (unit?.held === true) return 'held-back';
  if (unit === undefined && !changed) {
    const broken = diagnostics.some(({ fate }) => refuses(fate));
    return broken && resource.type !== 'istio.DestinationRule' ? 'held-back' : 'skipped';
  }
  const said = unit === undefined ? [] : withoutDropped(unit.unit);
  const differs = said.some(({ code }) => entryOf(code).fate === 'approximate');
  return differs || diagnostics.some(({ fate }) => fate === 'approximate') ? 'approximate' : 'converted';
}

/** An object that is held back only for reasons that its owner knows of is left alone on purpose. */
export function leftAlone(status: Status, diagnostics: readonly Diagnostic[], isHeeded: boolean): Status {
  const isError = diagnostics.some(({ fate }) => refuses(fate));
  return status === 'held-back' && isHeeded && !isError ? 'skipped' : status;
}
