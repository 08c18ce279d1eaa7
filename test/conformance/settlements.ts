import { withoutShownInputs } from '../../src/3-link/environments/duplicates.ts';
import { variantsOf } from '../../src/3-link/environments/variants.ts';
import { buildFacts } from '../../src/3-link/facts.ts';
import { withClientPorts } from '../../src/3-link/gateways/gateway-client-ports.ts';
import { withTarget } from '../../src/3-link/target-version.ts';
import { unitsOf } from '../../src/3-link/units.ts';
import { settle } from '../../src/7-settle/settle.ts';
import type { Settlement } from '../../src/7-settle/settlement.ts';
import { collect } from '../../src/diagnostics/locate.ts';
import type { Options } from '../../src/options.ts';
import { readResources } from '../../src/read-resources.ts';
import type { SourceFile } from '../../src/yaml/source.ts';

/** What `convert` settles on its way. */
export interface Settled {
  /** The options, with the target that the input tells. */
  readonly options: Options;
  readonly settlements: readonly Settlement[];
}

/** The phases of `convert` up to what it settles: declared deviations and scopes do not show in its result. */
export function settledOf(
  files: readonly SourceFile[],
  facts: readonly SourceFile[],
  options: Options,
): Settled {
  const { report, findings } = collect();
  const written = readResources(files, options.namespace, report);
  const { resources: read } = withClientPorts([
    ...written,
    ...readResources(facts, options.namespace, report),
  ]);
  const [own, other] = [read.slice(0, written.length), read.slice(written.length)];
  const { inputs, shown } = withoutShownInputs(own, other);
  const isInput = new Set(inputs);
  const settled = withTarget(options, [...inputs, ...shown], report);
  const settlements = variantsOf([...inputs, ...shown], isInput).map(
    ({ resources, alternatives, members }) => {
      const known = buildFacts(resources, settled, isInput, alternatives);
      const candidates = unitsOf(known, resource => isInput.has(resource), report);
      const units = candidates.filter(({ resource }) => members.has(resource));
      return settle(known, units, candidates, findings);
    },
  );
  return { options: settled, settlements };
}
