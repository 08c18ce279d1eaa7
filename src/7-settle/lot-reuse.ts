import type { AnyResource } from '../2-decode/resource.ts';
import type { Budget, Spent } from '../budget.ts';
import type { Locate } from '../diagnostics/locate.ts';
import { type CountedProgress, type LotEffort, repeatEffort, withEffort } from './lot-effort.ts';
import type { LotShape } from './lot-shape.ts';
import {
  gives,
  type LotResult,
  type LotTemplate,
  lineBy,
  type NamedLot,
  resultOf,
  templateOf,
} from './lot-template.ts';

/** Converts lots, those of one shape only until it is known what names have to do with the result. */
export interface LotReuse {
  readonly convert: (
    resources: readonly AnyResource[],
    shape: LotShape,
    convertNow: () => LotResult,
  ) => LotResult;
}

/** The conversion of the first lot of a shape. */
interface Known extends LotEffort {
  readonly template: LotTemplate;
  /** Texts that may differ in other lots of the shape: names, and the paths of files. */
  readonly first: readonly string[];
  /** Those that were another in a lot that was converted as well, and gave the same up to them. */
  readonly checked: Set<number>;
}

/**
 * Keeps the conversions of lots by their shapes. The first lot of a shape is converted, and so are others until each name has
 * been another one and the results were the same up to the names, in every text, place and count. From then on the
 * result for a lot is the first one with other names in it. Where two differ in anything else, all lots of that shape are
 * converted. The reuse counts for limits as the conversion does.
 */
export function lotReuse(budget: Budget, locate: Locate, progress: CountedProgress): LotReuse {
  const shapes = new Map<string, Known | undefined>();
  const lineOf = lineBy(locate);
  return {
    convert: (resources, { key, names, documents }, convertNow) => {
      const lot: NamedLot = { resources, names, documents, lineOf };
      const variables = [...names, ...documents.map(({ file }) => file.path)];
      const known = shapes.get(key);
      // Close to a limit each lot has to find out by itself.
      if (!budget.isHalfLeft || (known === undefined && shapes.has(key))) return convertNow();
      if (known !== undefined) {
        const others = variables.flatMap((text, index) => (text === known.first[index] ? [] : [index]));
        if (others.every(index => known.checked.has(index))) {
          repeatEffort(budget, progress, known);
          return resultOf(known.template, lot);
        }
        const { result, spent, steps } = withEffort(budget, progress, convertNow);
        const isAlike =
          gives(known.template, lot, result) && isSameAmount(spent, known.spent) && steps === known.steps;
        if (isAlike) for (const index of others) known.checked.add(index);
        else shapes.set(key, undefined);
        return result;
      }
      const { result, spent, steps } = withEffort(budget, progress, convertNow);
      const template = templateOf(lot, result);
      shapes.set(
        key,
        template === undefined ? undefined : { template, first: variables, checked: new Set(), spent, steps },
      );
      return result;
    },
  };
}

function isSameAmount(one: Spent, other: Spent): boolean {
  return one.size === other.size && [...one].every(([limit, amount]) => other.get(limit) === amount);
}
