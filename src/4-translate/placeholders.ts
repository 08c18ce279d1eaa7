import { placeOf } from '../2-decode/place-of.ts';
import { hasPlaceholder } from '../2-decode/validation/placeholder.ts';
import { mayBeFullName, withoutPlaceholders } from '../3-link/host.ts';
import type { MeshService } from '../3-link/registry.ts';
import type { DestinationRule } from '../3-link/subsets/destination-rules.ts';
import { coreService } from '../3-link/subsets/versions.ts';
import type { ResolvedVirtualService } from '../3-link/virtual-services.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import type * as istio from '../istio/index.ts';
import { entryPlace } from './context.ts';

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

/**
 * Says where a placeholder decides which clients see a VirtualService: `.`, `*` and the namespace of a Service each have
 * another route.
 */
export function reportExportToPlaceholder(vs: ResolvedVirtualService, report: Report): void {
  const { exportTo = [] } = vs.resource.spec;
  for (const [index, text] of exportTo.entries()) {
    if (text !== vs.namespace && hasPlaceholder(text))
      report('placeholder-unresolved', placeOf(vs.resource, 'spec', 'exportTo', index), {
        field: 'exportTo',
        text,
      });
  }
}

/**
 * Says which placeholders of matches decide whether they apply at all: the name of a Gateway that the VirtualService does not
 * list in the same words, or the namespace of clients.
 */
export function reportSourcePlaceholders(vs: ResolvedVirtualService, report: Report): void {
  for (const { http, origin } of vs.http) {
    for (const [index, match] of (http.match ?? []).entries())
      reportSource(vs, match, report, field => entryPlace({ origin }, 'match', index, field));
  }
  for (const list of ['tls', 'tcp'] as const) {
    for (const [entry, { match = [] }] of vs[list].entries()) {
      for (const [index, one] of match.entries())
        reportSource(vs, one, report, field =>
          placeOf(vs.resource, 'spec', list, entry, 'match', index, field),
        );
    }
  }
}

function reportSource(
  vs: ResolvedVirtualService,
  { gateways = [], sourceNamespace = '' }: Pick<istio.HTTPMatchRequest, 'gateways' | 'sourceNamespace'>,
  report: Report,
  place: (field: string) => Place,
): void {
  const open = gateways.find(name => hasPlaceholder(name) && !vs.gateways.includes(name));
  if (open !== undefined) {
    const text = open.slice(open.lastIndexOf('/') + 1);
    report('placeholder-unresolved', place('gateways'), { field: 'gateways', text });
  } else if (gateways.length === 0 && sourceNamespace !== vs.namespace && hasPlaceholder(sourceNamespace))
    report('placeholder-unresolved', place('sourceNamespace'), {
      field: 'sourceNamespace',
      text: sourceNamespace,
    });
}

/** Finds the placeholder that leaves open whether a DestinationRule defines a subset: in the name asked for, or in one of its own. */
export function openSubset(rule: DestinationRule, subset: string): string | undefined {
  return [subset, ...(rule.spec.subsets ?? []).map(({ name = '' }) => name)].find(hasPlaceholder);
}
