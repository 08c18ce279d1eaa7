import { placeOf } from '../2-decode/place-of.ts';
import { mayBeFullName, withoutPlaceholders } from '../3-link/host.ts';
import type { MeshService } from '../3-link/registry.ts';
import { coreService } from '../3-link/subsets/versions.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Report } from '../diagnostics/diagnostic.ts';

/** Says what becomes of placeholders in the name of a VirtualService: the name of its route has them as well. */
export function reportNamePlaceholder(vs: ResolvedVirtualService, report: Report): void {
  if (withoutPlaceholders(vs.name) === vs.name) return;
  report('placeholder-kept', placeOf(vs.resource, 'metadata', 'name'), {
    text: vs.name,
    field: 'metadata.name of the route',
    limit: 'a DNS name that no other route of the namespace has',
  });
}

/** Says what becomes of placeholders in a host at gateways. */
export function reportHostnamePlaceholder(
  vs: ResolvedVirtualService,
  host: string,
  index: number,
  report: Report,
): void {
  if (withoutPlaceholders(host) === host) return;
  report('placeholder-kept', placeOf(vs.resource, 'spec', 'hosts', index), {
    text: host,
    field: 'hostnames of the route',
    limit: 'a DNS name, with or without `*.` before it; hostnames do not allow `*` alone',
  });
}

/**
 * Says what becomes of placeholders in a host of the mesh. The name of a Service in the input tells that what is filled in
 * has no dots: the API server refuses these in the name of a Service.
 *
 * @param service the one that the host is taken for
 */
export function reportServicePlaceholder(
  vs: ResolvedVirtualService,
  service: MeshService,
  index: number,
  report: Report,
): void {
  const host = vs.resource.spec.hosts?.[index] ?? '';
  if (withoutPlaceholders(host) === host) return;
  const place = placeOf(vs.resource, 'spec', 'hosts', index);
  if (mayBeFullName(host) && coreService(service) === undefined)
    report('host-taken-as-short', place, { host });
  else
    report('placeholder-kept', place, {
      text: host,
      field: 'parentRefs of the route',
      limit: 'the name of a Service',
    });
}
