import type { AnyResource } from '../2-decode/resource.ts';
import { contextsOf, type Variant, variantsOf } from '../3-link/environments/variants.ts';
import { type Tried, tryContexts } from '../7-settle/try-contexts.ts';
import { Budget, type Memory } from '../budget.ts';
import type { Inputs } from './inputs.ts';
import { settleInputs } from './settling.ts';

/** The clusters that the inputs are deployed to. */
export interface Clusters {
  readonly variants: readonly Variant[];
  readonly tried: Tried;
}

/** Finds the clusters of the inputs, by trying each VirtualService in all contexts that it may be deployed in. */
export function clustersOfInputs(inputs: Inputs, memory: Memory): Clusters {
  const { isInput, claims, report } = inputs;
  const all = [...inputs.inputs, ...inputs.shown];
  const contexts = contextsOf(all, isInput, claims);
  const tried = tryContexts(
    contexts,
    ({ resources, alternatives, readAs }, members) => {
      const asRead = (some: ReadonlySet<AnyResource>): ReadonlySet<AnyResource> =>
        readAs.size === 0
          ? some
          : new Set(resources.filter(resource => some.has(readAs.get(resource) ?? resource)));
      return settleInputs(
        inputs,
        { resources, alternatives, members: asRead(members), given: asRead(isInput) },
        { report: () => undefined, budget: new Budget(inputs.options, undefined, memory) },
      );
    },
    report,
  );
  return { variants: variantsOf(all, isInput, contexts, tried.preferred), tried };
}
