import { hostsOverlap } from '../../3-link/hostname.ts';
import { gatewaysPlaceOf, inWords, isInMesh, type Reason, told } from './unproven.ts';

/**
 * A server with httpsRedirect takes VirtualServices of some namespaces alone. istiod redirects only hosts that one of them has; the
 * HTTPRoute in the place of httpsRedirect has no such limit.
 */
export const redirectForOthers: Reason = unproven => {
  const { facts, unit, difference } = unproven;
  const { before, after, request } = difference;
  if (isInMesh(unproven) || before.outcome.kind !== 'no-route' || after.outcome.kind !== 'redirect')
    return undefined;
  const { namespace } = unit.vs;
  const [found] = unit.vs.gateways.flatMap(gateway =>
    (facts.istioGateways.get(gateway)?.servers ?? []).flatMap(({ httpsRedirect, port, hosts }) => {
      if (!httpsRedirect || port !== request.port) return [];
      const own = hosts.find(
        ({ host, namespaces }) =>
          hostsOverlap(host, request.host) && !namespaces.includes('*') && !namespaces.includes(namespace),
      );
      return own === undefined ? [] : [{ gateway, port, host: own.host, others: own.namespaces.join(', ') }];
    }),
  );
  if (found === undefined) return undefined;
  return told('https-redirect-for-other-namespaces', gatewaysPlaceOf(unit), {
    ...found,
    namespace,
    ...inWords(unproven),
  });
};
