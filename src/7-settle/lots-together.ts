import type { AnyResource } from '../2-decode/resource.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import type { ConversionOfInputs, ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { inOrder } from '../diagnostics/locate.ts';
import type { SourceFile } from '../yaml/source.ts';
import type { LotResult } from './lot-template.ts';
import { withoutRepeats } from './output-edits.ts';

/**
 * Puts the results of lots together in the order of the whole.
 *
 * @param none what was said of no lot
 * @param lots in the order of their first objects
 * @param inputs what was to be converted, in its order
 */
export function lotsTogether(
  none: readonly Diagnostic[],
  lots: readonly LotResult[],
  inputs: readonly AnyResource[],
  files: readonly SourceFile[],
): ConversionOfInputs {
  const converted = new Map<AnyResource, ConvertedResource>();
  const made = new Map<AnyResource, readonly Output[]>();
  const removed = new Set<AnyResource>();
  const diagnostics = [...none];
  const edits: Edit[] = [];
  const together: ReadonlySet<AnyResource>[] = [];
  for (const lot of lots) {
    for (const one of lot.resources) converted.set(one.resource, one);
    for (const [resource, outputs] of lot.made) made.set(resource, outputs);
    for (const resource of lot.removed) removed.add(resource);
    for (const diagnostic of lot.diagnostics) diagnostics.push(diagnostic);
    for (const edit of lot.edits) edits.push(edit);
    for (const members of lot.together) together.push(members);
  }
  const resources: ConvertedResource[] = [];
  const outputs: Output[] = [];
  for (const input of inputs) {
    const one = converted.get(input);
    if (one !== undefined) resources.push(one);
    for (const output of made.get(input) ?? []) outputs.push(output);
  }
  return {
    files,
    resources,
    outputs: withoutRepeats(outputs),
    edits,
    removed,
    together,
    diagnostics: inOrder(diagnostics, files),
  };
}
