import type { Canary } from '../2-decode/flagger/canary.ts';
import { placeOf } from '../2-decode/place-of.ts';
import { isType, type Resource } from '../2-decode/resource.ts';
import type { Facts } from '../3-link/facts.ts';
import { resolveGateway, resolveHost } from '../3-link/host.ts';
import { hostsOverlap } from '../3-link/hostname.ts';
import type { Unit } from './unit.ts';

/** A VirtualService that Flagger writes at run time. */
interface WrittenByFlagger {
  readonly canary: Resource<'flagger.Canary'>;
  readonly key: string;
  readonly hosts: readonly string[];
  readonly gateways: ReadonlySet<string>;
}

/**
 * Holds back VirtualServices that share a host with one that Flagger writes for a Canary, and that is not in the input: it stays,
 * as one does that is not ours to convert.
 *
 * @see https://github.com/fluxcd/flagger/blob/main/pkg/router/istio.go, reconcileVirtualService
 */
export function holdBackHostsOfCanaries({ resources, virtualServices }: Facts, units: readonly Unit[]): void {
  const shown = new Set(virtualServices.map(({ namespace, name }) => `${namespace}/${name}`));
  const written = resources
    .filter(isType('flagger.Canary'))
    .flatMap(writtenFor)
    .filter(({ key }) => !shown.has(key));
  if (written.length === 0) return;
  for (const { vs, report } of units) {
    for (const { canary, key, hosts, gateways } of written) {
      const shared = vs.gateways.filter(gateway => gateways.has(gateway));
      if (shared.length === 0) continue;
      // A sidecar applies the closest name alone, a gateway has both.
      const index = vs.hosts.findIndex(host =>
        hosts.some(
          other =>
            host === other || (shared.some(gateway => gateway !== 'mesh') && hostsOverlap(host, other)),
        ),
      );
      if (index < 0) continue;
      const related = [{ message: 'the Canary', place: placeOf(canary, 'metadata', 'name') }];
      report(
        'host-of-a-canary',
        placeOf(vs.resource, 'spec', 'hosts', index),
        { host: vs.hosts[index] ?? '', other: key, canary: `${canary.namespace}/${canary.name}` },
        related,
      );
      break;
    }
  }
}

function writtenFor(canary: Resource<'flagger.Canary'>): readonly WrittenByFlagger[] {
  const { namespace, spec } = canary;
  const { provider, service = {}, targetRef }: Canary = spec;
  const { gateways = [], hosts = [], delegation = false } = service;
  const name = service.name || targetRef?.name;
  // Without a provider of its own a Canary has that of Flagger; only Istio has gateways.
  const isOfIstio = provider === 'istio' || (!provider && gateways.length > 0);
  if (!isOfIstio || !name || delegation) return [];
  return [
    {
      canary,
      key: `${namespace}/${name}`,
      hosts: [...new Set([...hosts, name])].map(host => resolveHost(host, namespace)),
      gateways: new Set(['mesh', ...gateways.map(gateway => resolveGateway(gateway, namespace))]),
    },
  ];
}
