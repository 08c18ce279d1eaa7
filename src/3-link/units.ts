import { placeOf } from '../2-decode/place-of.ts';
import type { AnyResource } from '../2-decode/resource.ts';
import { keyOf, type Report } from '../diagnostics/diagnostic.ts';
import type { Facts } from './facts.ts';
import { controllerOf } from './gitops/controllers.ts';
import type { ResolvedVirtualService } from './virtual-services.ts';

/**
 * The VirtualServices to convert: those of the input itself, but for what a controller owns.
 *
 * @param isInput whether an object is to be converted, and not only shown for its facts
 */
export function unitsOf(
  facts: Facts,
  isInput: (resource: AnyResource) => boolean,
  report: Report,
): readonly ResolvedVirtualService[] {
  return facts.virtualServices.filter(({ resource }) => {
    if (!isInput(resource)) return false;
    const owner = controllerOf(facts.controllers, resource, facts.virtualServicesByName);
    if (owner === undefined) return true;
    report('owned-by-controller', keyOf(placeOf(resource, 'metadata')), {
      owner: owner.name,
      sign: owner.sign,
    });
    return false;
  });
}
