import { readFile } from './1-read/read-file.ts';
import type { SourceFile } from './1-read/source.ts';
import { decode } from './2-decode/decode.ts';
import type { AnyResource } from './2-decode/resource.ts';
import { buildFacts } from './3-link/facts.ts';
import { withNamespaces } from './3-link/namespaces.ts';
import { unitsOf } from './3-link/units.ts';
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
  const own = readResources(files, report);
  const shown = readResources(facts, report);
  const resources = withNamespaces([...own, ...shown], options.namespace);
  const inputs: ReadonlySet<AnyResource> = new Set(resources.slice(0, own.length));
  const known = buildFacts(resources, options);
  const units = unitsOf(known, resource => inputs.has(resource), report);
  const settled = settle(known, units, findings);
  return toConversion(known, inputs, settled, findings, files);
}

function readResources(files: readonly SourceFile[], report: Report): readonly AnyResource[] {
  return files.flatMap(file =>
    [...readFile(file, report)].flatMap(manifest => decode(manifest, report) ?? []),
  );
}
