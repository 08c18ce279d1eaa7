import { toConversion } from '../7-settle/to-conversion.ts';
import { besideServices } from '../7-settle/try-contexts.ts';
import type { ConversionOfInputs } from '../conversion.ts';
import type { Clusters } from './clusters.ts';
import type { Inputs } from './inputs.ts';
import { type SettlingMeans, settleInputs } from './settling.ts';

/** Converts each cluster as a whole, and puts the results together. */
export function convertInOnePiece(
  inputs: Inputs,
  { variants, tried: { beside, severalServices } }: Clusters,
  means: Omit<SettlingMeans, 'report'>,
): ConversionOfInputs {
  const { isInput, report } = inputs;
  const settlements = variants
    .map(variant => {
      // A VirtualService that is converted where it was read is converted in other namespaces, too; the rest stays as it is.
      const moved = [...variant.readAs].flatMap(([resource, origin]) =>
        resource.type === 'istio.VirtualService' && isInput.has(origin) ? [resource] : [],
      );
      const given = moved.length === 0 ? isInput : new Set([...isInput, ...moved]);
      return settleInputs(inputs, { ...variant, given }, { ...means, report });
    })
    .map(settlement => ({
      ...settlement,
      units: settlement.units.map(unit =>
        severalServices.has(unit.unit.vs.resource) ? besideServices(settlement, unit) : unit,
      ),
    }));
  return toConversion(
    inputs.inputs,
    inputs.shown,
    settlements,
    beside,
    inputs.findings,
    inputs.files,
    inputs.options,
  );
}
