import { readFile } from './1-read/read-file.ts';
import type { SourceFile } from './1-read/source.ts';
import { decode } from './2-decode/decode.ts';
import type { AnyResource } from './2-decode/resource.ts';
import { buildFacts } from './3-link/facts.ts';
import { guestsOf } from './3-link/guests.ts';
import { withNamespaces } from './3-link/namespaces.ts';
import { unitsOf } from './3-link/units.ts';
import { reportDuplicates, variantsOf, withoutShownInputs } from './3-link/variants.ts';
import { settle } from './7-settle/settle.ts';
import { toConversion } from './7-settle/to-conversion.ts';
import type { Conversion } from './conversion.ts';
import type { Report } from './diagnostics/diagnostic.ts';
import { collect } from './diagnostics/locate.ts';
import { defaultOptions, type Options } from './options.ts';

export type { SourceFile } from './1-read/source.ts';
export type { Conversion, ConvertedResource, Proof, Status } from './conversion.ts';
export type { Diagnostic, Location } from './diagnostics/diagnostic.ts';
export { defaultOptions, type Options } from './options.ts';

/**
 * Converts the VirtualServices of some texts, and what they lean on.
 *
 * @param files texts to convert
 * @param facts texts that are read for what they say of Services, Gateways and the like, and left alone
 * @returns the objects, the edits that put them in place, and everything there is to say; nothing is written anywhere
 */
export function convert(
  files: readonly SourceFile[],
  facts: readonly SourceFile[] = [],
  options: Options = defaultOptions,
): Conversion {
  const { report, findings } = collect();
  const own = withNamespaces(readResources(files, report), options.namespace);
  const other = withNamespaces(readResources(facts, report), options.namespace);
  const { inputs, shown } = withoutShownInputs(own, other);
  reportDuplicates(inputs, report);
  const isInput = new Set(inputs);
  const settlements = variantsOf([...inputs, ...shown], isInput).map(({ resources, members }) => {
    const known = buildFacts(resources, options, isInput);
    const candidates = unitsOf(known, resource => isInput.has(resource), report);
    const units = candidates.filter(({ resource }) => members.has(resource));
    return settle(known, units, guestsOf(known, units, candidates), findings);
  });
  return toConversion(inputs, shown, settlements, findings, files, options);
}

function readResources(files: readonly SourceFile[], report: Report): readonly AnyResource[] {
  return files.flatMap(file =>
    [...readFile(file, report)].flatMap(manifest => decode(manifest, report) ?? []),
  );
}
