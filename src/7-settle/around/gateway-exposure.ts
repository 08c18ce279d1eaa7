import { placeOf } from '../../2-decode/place-of.ts';
import type { IstioGateway } from '../../3-link/facts.ts';
import { exposureOf } from '../../6-emit/gateway-exposure.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';

/** Says what the Service of the old pods limits that no field of a Gateway can ask of the new one. */
export function reportExposure(istio: IstioGateway, report: Report): void {
  const exposure = exposureOf(istio);
  if (exposure === undefined || exposure.lost.length === 0) return;
  const { resource } = istio;
  const { namespace, name } = exposure.service;
  report(
    'gateway-exposure',
    placeOf(resource, 'spec', 'selector'),
    {
      gateway: `${resource.namespace}/${resource.name}`,
      service: `${namespace}/${name}`,
      fields: exposure.lost.join(', '),
    },
    [{ message: 'the Service', place: placeOf(exposure.service, 'spec') }],
  );
}
