import { placeOf } from '../../2-decode/place-of.ts';
import type { IstioGateway } from '../../3-link/facts.ts';
import { exposureOf, exposuresLeftOut } from '../../6-emit/gateway-exposure.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';

/** Says what the Services of the old pods limit that no field of a Gateway can ask of the new one. */
export function reportExposure(istio: IstioGateway, report: Report): void {
  const exposure = exposureOf(istio);
  const { resource } = istio;
  for (const { service, lost } of exposure === undefined ? exposuresLeftOut(istio) : [exposure]) {
    if (lost.length === 0) continue;
    report(
      'gateway-exposure',
      placeOf(resource, 'spec', 'selector'),
      {
        gateway: `${resource.namespace}/${resource.name}`,
        service: `${service.namespace}/${service.name}`,
        fields: lost.join(', '),
      },
      [{ message: 'the Service', place: placeOf(service, 'spec') }],
    );
  }
}
