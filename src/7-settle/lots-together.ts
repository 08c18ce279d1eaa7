import type { AnyResource } from '../2-decode/resource.ts';
import type { Edit, Output } from '../6-emit/edit.ts';
import type { ConversionOfInputs, ConvertedResource } from '../conversion.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { inOrder } from '../diagnostics/locate.ts';
import type { SourceFile } from '../yaml/source.ts';
import type { LotResult } from './lot-template.ts';
import { withoutRepeats } from './output-edits.ts';

/** The results of lots, put together in the order of the whole. When one takes the place of another, the others stay in place. */
export class LotsTogether {
  readonly #resources = new Map<AnyResource, ConvertedResource>();
  readonly #outputs = new Map<AnyResource, readonly Output[]>();
  readonly #removed = new Set<AnyResource>();
  /** In order, but for those that were told last. */
  #told: readonly Diagnostic[];

  /** @param diagnostics what was said of no lot */
  constructor(diagnostics: readonly Diagnostic[], lots: Iterable<LotResult>) {
    const told = [...diagnostics];
    for (const lot of lots) this.#add(lot, told);
    this.#told = told;
  }

  #add({ resources, made, removed, diagnostics }: LotResult, told: Diagnostic[]): void {
    for (const one of resources) this.#resources.set(one.resource, one);
    for (const [resource, outputs] of made) this.#outputs.set(resource, outputs);
    for (const resource of removed) this.#removed.add(resource);
    for (const diagnostic of diagnostics) told.push(diagnostic);
  }

  /** Puts a result in the place of another one. */
  replace(before: LotResult, after: LotResult): void {
    for (const one of before.resources) this.#resources.delete(one.resource);
    for (const [resource] of before.made) this.#outputs.delete(resource);
    for (const resource of before.removed) this.#removed.delete(resource);
    const old = new Set(before.diagnostics);
    const told = this.#told.filter(diagnostic => !old.has(diagnostic));
    this.#add(after, told);
    this.#told = told;
  }

  /**
   * @param lots the results that are together here
   * @param inputs what was to be converted, in its order
   */
  conversion(
    lots: Iterable<LotResult>,
    inputs: readonly AnyResource[],
    files: readonly SourceFile[],
  ): ConversionOfInputs {
    const edits: Edit[] = [];
    const together: ReadonlySet<AnyResource>[] = [];
    for (const lot of lots) {
      for (const edit of lot.edits) edits.push(edit);
      for (const members of lot.together) together.push(members);
    }
    const resources: ConvertedResource[] = [];
    const outputs: Output[] = [];
    for (const input of inputs) {
      const one = this.#resources.get(input);
      if (one !== undefined) resources.push(one);
      for (const output of this.#outputs.get(input) ?? []) outputs.push(output);
    }
    this.#told = inOrder(this.#told, files);
    return {
      files,
      resources,
      outputs: withoutRepeats(outputs),
      edits,
      removed: new Set(this.#removed),
      together,
      diagnostics: this.#told,
    };
  }
}
