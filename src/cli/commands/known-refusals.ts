import type { Conversion } from '../../conversion.ts';
import { refuses } from '../../diagnostics/catalog.ts';
import { compareToBaseline } from '../../suggest/baseline.ts';
import type { World } from '../world.ts';
import type { ConvertFlags } from './convert.ts';
import { readBaseline } from './run-check.ts';

/**
 * Whether a baseline allows everything that is not converted, so that a hook passes.
 *
 * @throws Refusal where the baseline cannot be read
 */
export function isKnown(
  { diagnostics }: Conversion,
  { baseline }: Pick<ConvertFlags, 'baseline'>,
  world: World,
): boolean {
  if (baseline === undefined) return false;
  const refusals = diagnostics
    .filter(({ fate }) => refuses(fate))
    .map(({ code, severity, message, location }) => ({
      code,
      severity,
      message,
      path: location.file,
      line: location.start.line,
      isTouched: true,
    }));
  return compareToBaseline(refusals, readBaseline(baseline, false, world), () => true).fresh.length === 0;
}
